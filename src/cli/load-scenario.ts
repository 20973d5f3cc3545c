/**
 * A load test as the results file knows experiments: a scenario with one contender, the target. What there is of demand in it
 * (arrivals, sessions, tools) is real; servers and policies are the target's own business and stand at their defaults,
 * which the report leaves out.
 */
import { stringify } from 'yaml';
import { METRICS, type MetricName } from '../core/metrics.ts';
import { ScenarioError } from '../core/scenario-error.ts';
import { formatDuration } from '../core/units.ts';
import type { Discovered } from '../live/load/discovery.ts';
import type { Json } from '../live/load/synthesise.ts';
import { shownUrl, type Target } from '../live/load/target.ts';
import { isReadOnly, namedTool, safeTool, type ChosenTool } from '../live/load/tools.ts';
import { scenarioHash } from '../scenario/hash.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Inputs, Scenario, SloLimit, Tool, Traffic } from '../scenario/scenario.ts';
import { sha256 } from '../scenario/trace-file.ts';
import { NO_RETRIES } from '../scenario/traffic-schema.ts';
import { withoutMachine } from './command-line.ts';
import { readText } from './files.ts';
import type { Wish } from './load-options.ts';

export interface LoadPlan {
  readonly wish: Wish;
  readonly scenario: Scenario;
  readonly inputs: Inputs;
  readonly target: Target;
  /** Over what is asked of the target, and not over which target it is: two deployments may be compared. */
  readonly hash: string;
  /** The test in words, for the report. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly source: { readonly file: string; readonly text: string };
}

const DEFAULT_MS = 30_000;
/** Well below the duration: a client that waits for a server that hangs gets to ask it again, and sees that it does. */
const DEFAULT_TIMEOUT_MS = 10_000;
const CLOSED: readonly MetricName[] = ['goodputRps', 'errorRate', 'latencyMsP99'];

/** The test that `wish` asks of a target that was found to be `found`. Throws ScenarioError. */
export const planLoad = (wish: Wish, found: Discovered): LoadPlan => {
  const { scenario: read, inputs } = readDemand(wish);
  const fromFile = wish.loop.kind === 'arrivals';
  const duration = wish.duration ?? (fromFile ? read.duration : DEFAULT_MS);
  const warmup =
    wish.warmup ?? (fromFile && wish.duration === undefined ? read.warmup : duration / 10);
  if (warmup >= duration)
    throw new ScenarioError(`leaves nothing of ${formatDuration(duration)}`, { file: '--warmup' });
  const calls = toolsOf(wish, read.base.traffic.calls, found);
  const { timeout = fromFile ? read.base.traffic.timeout : DEFAULT_TIMEOUT_MS } = wish;
  const traffic: Traffic = {
    ...read.base.traffic,
    era: found.era,
    timeout,
    retries: NO_RETRIES,
    hedging: null,
    budget: null,
    sessions: read.base.traffic.sessions && { ...read.base.traffic.sessions, era: found.era },
    calls: calls.map(({ tool }) => tool),
  };
  const slo = wish.slo.length > 0 ? wish.slo : read.base.slo;
  const writtenIn =
    wish.slo.length === 0 && wish.loop.kind === 'arrivals' ? wish.loop.file : '--slo';
  expectMeasurable(slo, found.sessions || traffic.sessions !== null, writtenIn);
  const setup = { ...read.base, traffic, faults: [], slo };
  const target: Target = {
    url: wish.url,
    headers: wish.secrets.headers,
    insecure: wish.insecure,
    era: found.era,
    sessions: found.sessions,
    tools: calls.map(({ chosen }) => chosen),
    timeout,
  };
  const scenario: Scenario = {
    name: 'load',
    question: question(wish),
    duration,
    warmup,
    seeds: wish.seeds,
    judge: wish.loop.kind === 'closed' ? CLOSED : read.judge,
    margin: read.margin,
    base: setup,
    contenders: [{ name: wish.url.host, changes: {}, cell: null, setup }],
    matrix: null,
  };
  const spec = specOf(wish, target, scenario);
  return {
    wish,
    scenario,
    inputs,
    target,
    spec,
    hash: hashOf(wish, target, scenario),
    source: {
      file: wish.loop.kind === 'arrivals' ? withoutMachine(wish.loop.file) : 'the command line',
      text:
        stringify(spec) + (wish.loop.kind === 'arrivals' ? `\n${readText(wish.loop.file)}` : ''),
    },
  };
};

/** The traffic of a file, or as much of one as the options say. */
const readDemand = ({ loop }: Wish) => {
  if (loop.kind === 'arrivals') {
    return loadScenario({ file: loop.file, text: readText(loop.file), readFile: readText });
  }
  // A closed loop has no arrivals of its own: calls come when answers do.
  const arrivals =
    loop.kind === 'rate' ? { poisson: { rate: loop.text } } : { constant: { rate: '1/s' } };
  const text = stringify({ traffic: { arrivals }, servers: { count: 1 } });
  return loadScenario({ file: 'load', text, readFile: readText });
};

/** What goes on in servers and in front of them. */
const UNSEEN: readonly MetricName[] = [
  'waitMsMean',
  'waitMsP99',
  'detectionMsMean',
  'serverSeconds',
];

/** An objective that nothing here can speak for would be missed always, or never. Throws ScenarioError. */
const expectMeasurable = (slo: readonly SloLimit[], hasSessions: boolean, file: string): void => {
  const mistakes = slo.flatMap(({ metric }) => {
    const why = UNSEEN.includes(metric)
      ? 'it is not seen from outside the target'
      : metric === 'sessionsLost' && !hasSessions
        ? 'the target gives out no sessions that could be lost'
        : null;
    if (why === null) return [];
    const message = `an objective on ${METRICS[metric].label} cannot be measured: ${why}`;
    const instead = file === '--slo' ? '' : '; give others with --slo';
    return [{ message: message + instead, place: { file } }];
  });
  if (mistakes.length > 0) throw ScenarioError.of(mistakes);
};

interface Pair {
  readonly tool: Tool;
  readonly chosen: ChosenTool;
}

/** The tools that are called: those a file names, one that is given, or one that is chosen. */
const toolsOf = (wish: Wish, written: readonly Tool[], { tools }: Discovered): Pair[] => {
  const [only] = written;
  const isPlaceholder =
    written.length === 1 && only?.name === 'call' && !tools.some(({ name }) => name === 'call');
  if (wish.loop.kind === 'arrivals' && !isPlaceholder && wish.tool === undefined) {
    return written.map((tool) => pairOf(tool, namedTool(tools, tool.name, undefined)));
  }
  if (wish.tool === undefined && wish.arguments !== undefined)
    throw new ScenarioError('for which tool? Name it with --tool', { file: '--arguments' });
  const chosen =
    wish.tool === undefined ? safeTool(tools) : namedTool(tools, wish.tool, wish.arguments);
  const listed = tools.find(({ name }) => name === chosen.name)!;
  return [pairOf({ ...only!, share: 1, safe: isReadOnly(listed) }, chosen)];
};

/** The work is the target's, and not known. */
const pairOf = (tool: Tool, chosen: ChosenTool): Pair => ({
  tool: { ...tool, name: chosen.name, work: { kind: 'constant', value: 0 } },
  chosen,
});

const question = ({ url, loop }: Wish): string => {
  const target = shownUrl(url);
  switch (loop.kind) {
    case 'closed':
      return `What can ${target} do with ${loop.connections} ${loop.connections === 1 ? 'client' : 'clients'} calling at once?`;
    case 'rate':
      return `How does ${target} bear ${loop.text}?`;
    case 'arrivals':
      return `How does ${target} bear the traffic of ${withoutMachine(loop.file)}?`;
  }
};

const loopWords = ({ loop }: Wish): string => {
  switch (loop.kind) {
    case 'closed':
      return `closed, ${loop.connections} connections`;
    case 'rate':
      return `open, Poisson arrivals at ${loop.text}`;
    case 'arrivals':
      return `open, arrivals of ${withoutMachine(loop.file)}`;
  }
};

const specOf = (wish: Wish, target: Target, scenario: Scenario): LoadPlan['spec'] => ({
  target: shownUrl(wish.url),
  loop: loopWords(wish),
  era: target.era,
  tools: Object.fromEntries(target.tools.map((tool) => [tool.name, shownArguments(tool, wish)])),
  timeout: target.timeout === null ? 'none' : formatDuration(target.timeout),
  duration: formatDuration(scenario.duration),
  warmup: formatDuration(scenario.warmup),
});

const shownArguments = (tool: ChosenTool, { argumentsHidden }: Wish): Json =>
  argumentsHidden && !tool.synthesised ? sha256(canonical(tool.arguments)) : tool.arguments;

const hashOf = ({ loop }: Wish, { era, timeout, tools }: Target, scenario: Scenario): string =>
  sha256(
    canonical([
      scenarioHash(scenario),
      loop.kind === 'closed' ? loop.connections : 'open',
      era,
      timeout,
      tools.map(({ name, arguments: given }) => [name, given]),
    ]),
  );

/** JSON with sorted keys. */
const canonical = (value: Json): string =>
  JSON.stringify(value, (_key, part: Json) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
