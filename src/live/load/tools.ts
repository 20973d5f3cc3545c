/**
 * Which tool is called, and with what. Named by a person, any tool will do; chosen here, only one that its server declares
 * read-only: a load test is thousands of calls, and whatever a tool does to the world would be done as often. (MCP's hints
 * default to the worst: a tool without `readOnlyHint` may change things, and may destroy them.)
 */
import { ScenarioError } from '../../core/scenario-error.ts';
import { unknownName } from '../../scenario/suggest.ts';
import { synthesise, type Json, type Synthesis } from './synthesise.ts';

type Refusal = Extract<Synthesis, { readonly ok: false }>;

/** A tool as tools/list describes it. */
export interface ListedTool {
  readonly name: string;
  readonly inputSchema?: unknown;
  readonly annotations?: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean };
}

/** A call that will be made again and again. */
export interface ChosenTool {
  readonly name: string;
  readonly arguments: Json;
  /** Made up from the tool's inputSchema, rather than given. */
  readonly synthesised: boolean;
}

/** The tool called `name`, with `given` or, if undefined, made-up arguments. Throws ScenarioError. */
export const namedTool = (
  tools: readonly ListedTool[],
  name: string,
  given: Json | undefined,
): ChosenTool => {
  const tool = tools.find((listed) => listed.name === name);
  if (tool === undefined) {
    const names = tools.map((listed) => listed.name);
    throw new ScenarioError(unknownName('tool', name, names), { file: `--tool ${name}` });
  }
  if (given !== undefined) return { name, arguments: given, synthesised: false };
  const made = synthesise(tool.inputSchema ?? {});
  if (made.ok) return { name, arguments: made.value, synthesised: true };
  throw new ScenarioError(
    `no arguments can be made up${reasonOf(made)}; give them with --arguments JSON`,
    { file: `--tool ${name}` },
  );
};

/** The first read-only tool whose arguments can be made up. Throws ScenarioError when there is none. */
export const safeTool = (tools: readonly ListedTool[]): ChosenTool => {
  if (tools.length === 0) throw new ScenarioError('the target has no tools to call');
  const refused: string[] = [];
  for (const { name, inputSchema = {} } of tools.filter(isReadOnly)) {
    const made = synthesise(inputSchema);
    if (made.ok) return { name, arguments: made.value, synthesised: true };
    refused.push(`of ${name}${reasonOf(made)}`);
  }
  const names = tools.map(({ name }) => name).join(', ');
  if (refused.length === 0) {
    const why = 'no tool is declared read-only, and others are called only if you say so';
    throw new ScenarioError(`${why}; name one with --tool: ${names}`);
  }
  throw new ScenarioError(
    `no arguments can be made up for any tool that is declared read-only: ${told(refused)}; name a tool with --tool, and its arguments with --arguments: ${names}`,
  );
};

const MOST_TOLD = 3;

const told = (reasons: readonly string[]): string => {
  const more = reasons.length - MOST_TOLD;
  return [...reasons.slice(0, MOST_TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
};

/** ` for \`since\`: nothing was found that matches the pattern x`. */
const reasonOf = ({ path, why }: Refusal): string =>
  `${path === '' ? '' : ` for \`${path}\``}: ${why}`;

export const isReadOnly = ({ annotations }: ListedTool): boolean =>
  annotations?.readOnlyHint === true && annotations.destructiveHint !== true;
