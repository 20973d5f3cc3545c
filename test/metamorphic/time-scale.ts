/**
 * The same experiment on a clock that runs `factor` times as fast: every rate is multiplied by it, every duration
 * divided. Shapes (cv, weights, counts, shares, factors) stay. The autoscaler is left out: the reference's score weighs
 * seconds of latency against fixed constants, so it is not the same policy on another clock.
 */
import { isConstant, type Distribution } from '../../src/core/distributions.ts';
import { METRICS, type MetricName, type Metrics, type Unit } from '../../src/core/metrics.ts';
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
  const { traffic, servers } = setup;
  return {
    ...setup,
    traffic: {
      ...traffic,
      arrivals: quickened(traffic.arrivals, factor),
      timeout: traffic.timeout === null ? null : time(traffic.timeout),
      retries: { ...traffic.retries, backoff: span(traffic.retries.backoff) },
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
    balancer: paced(setup.balancer, BALANCER_TIMES, factor),
    health: paced(setup.health, ['interval', 'timeout'], factor),
    breaker: paced(setup.breaker, ['recovery', 'window'], factor),
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

/** Options of balancers that are times. */
const BALANCER_TIMES = [
  ...['age', 'blackout', 'decay', 'expiry', 'failTimeout', 'force'],
  ...['merge', 'poll', 'rtt', 'smooth', 'span', 'update'],
];

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

const paced = (choice: PolicyChoice, times: readonly string[], factor: number): PolicyChoice => ({
  ...choice,
  options: scaled(choice.options, times, 1 / factor),
});
