/**
 * The same experiment on a clock that runs `factor` times as fast: every rate is multiplied by it, every duration
 * divided. Shapes (cv, weights, counts, shares, factors) stay. Which options of a policy are times and which are rates
 * its own schema knows: it says how each is written.
 */
import { isConstant, type Distribution } from '../../src/core/distributions.ts';
import { METRICS, type MetricName, type Metrics, type Unit } from '../../src/core/metrics.ts';
import { asWritten } from '../../src/scenario/as-written.ts';
import { POLICY_TABLES } from '../../src/scenario/policies-schema.ts';
import type {
  Arrivals,
  Fault,
  FaultEffect,
  PolicyChoice,
  Setup,
} from '../../src/scenario/scenario.ts';

/** A setup on the faster clock. */
export const hastened = (setup: Setup, factor: number): Setup => {
  const time = (ms: number): number => ms / factor;
  const span = (law: Distribution): Distribution => shortened(law, factor);
  const policy = (family: PolicyFamily, choice: PolicyChoice): PolicyChoice =>
    paced(family, choice, factor);
  const { traffic, servers, slowStart, backlog, rebalance } = setup;
  const { hedging, budget } = traffic;
  return {
    ...setup,
    traffic: {
      ...traffic,
      arrivals: quickened(traffic.arrivals, factor),
      timeout: traffic.timeout === null ? null : time(traffic.timeout),
      retries: { ...traffic.retries, backoff: span(traffic.retries.backoff) },
      hedging: hedging && { ...hedging, after: time(hedging.after) },
      budget: budget && policy('budget', budget),
      sessions: traffic.sessions && { ...traffic.sessions, think: span(traffic.sessions.think) },
      calls: traffic.calls.map((tool) => ({ ...tool, work: span(tool.work) })),
    },
    servers: {
      ...servers,
      startup: time(servers.startup),
      groups: servers.groups.map((group) => ({
        ...group,
        patience: group.patience && span(group.patience),
      })),
    },
    network: span(setup.network),
    faults: setup.faults.map((fault) => sooner(fault, factor)),
    balancer: policy('balancer', setup.balancer),
    health: policy('health', setup.health),
    ejection: policy('ejection', setup.ejection),
    breaker: policy('breaker', setup.breaker),
    limit: policy('limit', setup.limit),
    autoscaler: policy('autoscaler', setup.autoscaler),
    slowStart: slowStart && scaled(slowStart, ['window'], 1 / factor),
    backlog: backlog && {
      ...scaled(backlog, ['wait'], 1 / factor),
      codel: backlog.codel && scaled(backlog.codel, ['target', 'interval'], 1 / factor),
    },
    rebalance: rebalance && scaled(rebalance, ['after'], 1 / factor),
    drain: time(setup.drain),
  };
};

/** What a run's metrics must be on the faster clock. */
export const hastenedMetrics = (metrics: Metrics, factor: number): Metrics =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [
      name,
      value * factor ** EXPONENT[METRICS[name as MetricName].unit],
    ]),
  );

const EXPONENT: Readonly<Record<Unit, number>> = {
  ms: -1,
  s: -1,
  perSecond: 1,
  share: 0,
  count: 0,
  ratio: 0,
};

/** Parameters of distributions that are times; the others are shapes. */
const TIMES = ['value', 'mean', 'min', 'max', 'sd'];

const scaled = <T extends object>(parts: T, keys: readonly string[], by: number): T =>
  Object.fromEntries(
    Object.entries(parts).map(([key, part]: [string, unknown]) => [
      key,
      keys.includes(key) && typeof part === 'number' ? part * by : part,
    ]),
  ) as T;

const shortened = (law: Distribution, factor: number): Distribution =>
  isConstant(law) ? { ...law, value: law.value / factor } : scaled(law, TIMES, 1 / factor);

const quickened = (arrivals: Arrivals, factor: number): Arrivals => {
  if (arrivals.kind === 'steps' || arrivals.kind === 'bursts' || arrivals.kind === 'trace')
    throw new Error(`arrivals of kind ${arrivals.kind} are not hastened here`);
  const rates = ['rate', 'mean', 'amplitude', 'from', 'to'];
  return scaled(scaled(arrivals, rates, factor), ['over', 'period', 'phase'], 1 / factor);
};

const sooner = (fault: Fault, factor: number): Fault => ({
  ...scaled(fault, ['at', 'for', 'every'], 1 / factor),
  effect: scaled<FaultEffect>(fault.effect, ['up', 'down', 'over'], 1 / factor),
});

type PolicyFamily = keyof typeof POLICY_TABLES;

const paced = (family: PolicyFamily, choice: PolicyChoice, factor: number): PolicyChoice => {
  const written = asWritten(POLICY_TABLES[family][choice.name]!, choice.options);
  return { ...choice, options: onClock(choice.options, written, factor) as typeof choice.options };
};

/** Numbers that are written as durations are divided, those written as rates multiplied. */
const onClock = (value: unknown, written: unknown, factor: number): unknown => {
  if (typeof value === 'number')
    return typeof written === 'string' ? value * factor ** exponentOf(written) : value;
  if (typeof value !== 'object' || value === null) return value;
  const below = written as Readonly<Record<string, unknown>>;
  const entries = Object.entries(value).map(
    ([key, each]) => [key, onClock(each, below[key], factor)] as const,
  );
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
};

const exponentOf = (written: string): number =>
  /\d(?:us|ms|s|m|h)$/.test(written) ? -1 : /\/[smh]$/.test(written) ? 1 : 0;
