/**
 * The tools there are and which of them may be called twice. A driven run is told both; otherwise they are learned from
 * `tools/list` replies: a tool is safe to repeat if its annotations say read-only or idempotent (specification, schema.ts
 * `ToolAnnotations`). A tool that nobody has listed yet is not safe.
 */
import { isRecord } from '../mcp/is-record.ts';

/** Names beyond this are not remembered: they would come from servers that make them up. */
const MOST_TOOLS = 10_000;

export class ToolCatalogue {
  readonly #tools = new Map<string, { readonly index: number; safe: boolean }>();
  readonly #names: string[] = [];

  constructor(known: readonly { readonly name: string; readonly safe: boolean }[] = []) {
    for (const { name, safe } of known) this.#add(name, safe);
  }

  get size(): number {
    return this.#tools.size;
  }

  /** Dense number of a tool; -1 if it is not known. */
  indexOf(name: string): number {
    return this.#tools.get(name)?.index ?? -1;
  }

  /** Name of a tool by its number; undefined for what is no known tool. */
  nameOf(index: number): string | undefined {
    return this.#names[index];
  }

  isSafe(name: string): boolean {
    return this.#tools.get(name)?.safe ?? false;
  }

  /** Learns from the JSON text of a reply to `tools/list`; anything else teaches nothing. */
  learn(reply: Buffer): void {
    for (const { name, annotations } of toolsIn(reply)) {
      const told = isRecord(annotations) ? annotations : {};
      const safe = told['readOnlyHint'] === true || told['idempotentHint'] === true;
      const known = this.#tools.get(name);
      // Replicas may be of two versions: what one of them calls unsafe is not repeated at any.
      if (known !== undefined) known.safe &&= safe;
      else if (this.#tools.size < MOST_TOOLS) this.#add(name, safe);
    }
  }

  #add(name: string, safe: boolean): void {
    this.#tools.set(name, { index: this.#names.push(name) - 1, safe });
  }
}

interface Told {
  readonly name: string;
  readonly annotations: unknown;
}

const toolsIn = (reply: Buffer): readonly Told[] => {
  try {
    const message: unknown = JSON.parse(reply.toString('utf8'));
    const result = isRecord(message) ? message['result'] : null;
    const tools = isRecord(result) ? result['tools'] : null;
    return Array.isArray(tools)
      ? tools
          .filter(isRecord)
          .flatMap(({ name, annotations }): Told[] =>
            typeof name === 'string' ? [{ name, annotations }] : [],
          )
      : [];
  } catch {
    return [];
  }
};
