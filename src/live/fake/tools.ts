/**
 * The tools of a fake server, those of the scenario's traffic, and what it says about itself: texts of JSON made once,
 * so that an answer is a few strings put together. The two eras differ in what a result must carry: in the modern one
 * every result says that it is complete, and lists say how long they may be kept.
 */
import type { Era } from '../../core/request.ts';
import { serverName, type ServerId } from '../../core/request.ts';
import type { Tool } from '../../scenario/scenario.ts';
import type { JsonRpcId } from '../mcp/errors.ts';
import { LEGACY_VERSION, LEGACY_VERSIONS, MODERN_VERSION } from '../mcp/names.ts';

/** How long a client may keep a list, ms: tools never change here. */
const LIST_TTL_MS = 60_000;

const INPUT_SCHEMA = {
  type: 'object',
  properties: { text: { type: 'string', description: 'said back in the answer' } },
};
const SAFE = { readOnlyHint: true, idempotentHint: true };
const CACHED = { ttlMs: LIST_TTL_MS, cacheScope: 'public' };

/** Texts of results in one era. */
interface Results {
  readonly tools: string;
  /** Of each tool, when the call says nothing. */
  readonly done: readonly string[];
  readonly failed: readonly string[];
}

export class Tools {
  readonly #names: readonly string[];
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #results: Readonly<Record<Era, Results>>;
  readonly #server: { readonly name: string; readonly version: string };
  readonly #id: ServerId;

  constructor(id: ServerId, tools: readonly Tool[]) {
    this.#id = id;
    this.#names = tools.map(({ name }) => name);
    this.#indexes = new Map(this.#names.map((name, index) => [name, index]));
    this.#server = { name: `windtunnel-${serverName(id)}`, version: '1.0.0' };
    this.#results = { modern: this.#make('modern', tools), legacy: this.#make('legacy', tools) };
  }

  /** Index of a tool; undefined for an unknown one. */
  indexOf(name: string): number | undefined {
    return this.#indexes.get(name);
  }

  list(era: Era): string {
    return this.#results[era].tools;
  }

  /** What a call of the tool comes to. `said`: the argument `text`. */
  done(era: Era, tool: number, said: string | undefined): string {
    return said === undefined ? this.#results[era].done[tool]! : resultText(era, said, false);
  }

  failed(era: Era, tool: number): string {
    return this.#results[era].failed[tool]!;
  }

  /** Result of `server/discover`. */
  discovered(): string {
    return JSON.stringify({
      resultType: 'complete',
      supportedVersions: [MODERN_VERSION],
      capabilities: { tools: { listChanged: true } },
      serverInfo: this.#server,
      instructions: INSTRUCTIONS,
      ...CACHED,
      _meta: { 'io.modelcontextprotocol/serverInfo': this.#server },
    });
  }

  /** Result of `initialize`: the version asked for, or the newest there is. */
  initialized(asked: string): string {
    return JSON.stringify({
      protocolVersion: LEGACY_VERSIONS.includes(asked) ? asked : LEGACY_VERSION,
      capabilities: { tools: {} },
      serverInfo: this.#server,
      instructions: INSTRUCTIONS,
    });
  }

  #make(era: Era, tools: readonly Tool[]): Results {
    const by = serverName(this.#id);
    const listed = tools.map(({ name, safe }) => ({
      name,
      description: `Works as the scenario says, then answers.`,
      inputSchema: INPUT_SCHEMA,
      ...(safe && { annotations: SAFE }),
    }));
    const list = { tools: listed, ...(era === 'modern' && { resultType: 'complete', ...CACHED }) };
    return {
      tools: JSON.stringify(list),
      done: tools.map(({ name }) => resultText(era, `${name} was done by ${by}`, false)),
      failed: tools.map(({ name }) => resultText(era, `${name} failed on ${by}`, true)),
    };
  }
}

const INSTRUCTIONS = 'A fake server of windtunnel: its tools take time and say so.';

/** A tool's result of one text. */
export const resultText = (era: Era, text: string, isError: boolean): string =>
  JSON.stringify({
    content: [{ type: 'text', text }],
    isError,
    ...(era === 'modern' && { resultType: 'complete' }),
  });

/** The response that carries a result. */
export const responseOf = (id: JsonRpcId, result: string): string =>
  `{"jsonrpc":"2.0","id":${typeof id === 'number' ? id : JSON.stringify(id)},"result":${result}}`;
