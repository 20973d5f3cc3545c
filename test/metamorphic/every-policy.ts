/**
 * Every policy there is, in the weather of these laws: each entry of each registry, a new one at once, and the guards that
 * stand beside them. Where its defaults are made for busier fleets it has options that give it something to do here,
 * and a test sees to it that it does: a law that holds of a policy which never acts says nothing.
 */
import { AUTOSCALERS } from '../../src/policies/autoscaler/index.ts';
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import { BREAKERS } from '../../src/policies/breaker/index.ts';
import { BUDGETS } from '../../src/policies/budget/index.ts';
import { EJECTIONS } from '../../src/policies/ejection/index.ts';
import { HEALTHS } from '../../src/policies/health/index.ts';
import { LIMITS } from '../../src/policies/limit/index.ts';
import type { Registry } from '../../src/policies/registry.ts';
import type { PolicyChoice } from '../../src/scenario/scenario.ts';
import { health, policyOf, type Lab } from '../sim/lab.ts';
import { under, WEATHER } from './weather.ts';

export interface PolicyInWeather {
  readonly family: string;
  readonly name: string;
  readonly lab: Lab;
  /** The same without it; null where there is no such thing, as of balancers. */
  readonly without: Lab | null;
}

type Options = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const family = (
  name: string,
  registry: Registry<unknown>,
  put: (choice: PolicyChoice) => Lab,
  options: Options = {},
): readonly PolicyInWeather[] =>
  Object.keys(registry).map((entry) => ({
    family: name,
    name: entry,
    lab: put(policyOf(registry, entry, options[entry])),
    without: 'none' in registry && entry !== 'none' ? put(policyOf(registry, 'none')) : null,
  }));

/** The first half of the weather: long enough for whatever does not learn. */
const SQUALL: Lab = { ...WEATHER, duration: WEATHER.duration! / 2 };

const guard = (name: string, lab: Lab, without: Lab = SQUALL): PolicyInWeather => ({
  family: 'guard',
  name,
  lab,
  without,
});

const set = (change: Lab['setup']): Lab => ({ ...SQUALL, setup: { ...SQUALL.setup, ...change } });
const demand = (change: Lab['traffic']): Lab => ({
  ...SQUALL,
  traffic: { ...SQUALL.traffic, ...change },
});

const BACKLOG = { places: 20, wait: 5000, codel: null };
const TIGHT = policyOf(LIMITS, 'fixed', { inFlight: 2 });

const SESSIONS: Lab = demand({
  sessions: {
    era: 'legacy',
    calls: { kind: 'geometric', mean: 4 },
    think: { kind: 'exponential', mean: 8000 },
    share: 0.15,
    recover: true,
  },
});
const pinned = (change: Lab['setup']): Lab => ({
  ...SESSIONS,
  setup: { ...SESSIONS.setup, affinity: 'session', ...change },
});

export const EVERY_POLICY: readonly PolicyInWeather[] = [
  ...family('balancer', BALANCERS, ({ name }) => under(name)),
  ...family('health', HEALTHS, (choice) => set({ health: choice }), {
    active: { interval: '8s', timeout: '3s', unhealthy: 2 },
  }),
  ...family('ejection', EJECTIONS, (ejection) => set({ ejection }), {
    envoy: { smallFleet: 'one', interval: '20s', consecutive5xx: 3 },
    grpc: { interval: '40s', successRateCalls: 5, failureCalls: 5, failurePercentage: '30%' },
  }),
  ...family('breaker', BREAKERS, (breaker) => set({ breaker }), {
    resilience4j: { size: 10, minimumCalls: 10, failureRate: '30%', recovery: '20s' },
    polly: { throughput: 4, window: '60s' },
    linkerd: { window: '60s' },
    finagle: { recovery: '10s' },
  }),
  ...family('limit', LIMITS, (limit) => set({ limit, backlog: BACKLOG }), {
    fixed: { inFlight: 2 },
    aimd: { initial: 4, min: 1, max: 6 },
    vegas: { initial: 4, max: 6 },
    gradient2: { initial: 2, min: 1, max: 4, queue: 1 },
  }),
  ...family('budget', BUDGETS, (budget) => demand({ budget }), {
    'token-bucket': { share: '5%', reserve: '1/m' },
    share: { share: '5%', least: 1 },
  }),
  ...family('autoscaler', AUTOSCALERS, (autoscaler) => set({ autoscaler }), {
    hpa: { cpu: '60%', stabilization: '60s' },
    kpa: { target: 2 },
    step: { min: 3, warmup: '60s', in: 3, every: '30s' },
    'target-tracking': { min: 3, warmup: '60s', in: 3, every: '30s' },
    queue: { perServer: 2, stabilization: '60s' },
    predictive: { season: '4m', ahead: '1m', under: { hpa: { stabilization: '60s' } } },
    schedule: { windows: [{ from: '2m', to: '6m', min: 8 }], repeat: '8m' },
  }),
  guard(
    'slow start as Envoy has it',
    set({ slowStart: { as: 'envoy', window: 60_000, aggression: 2, minWeight: 0.1 } }),
  ),
  guard('slow start as HAProxy has it', set({ slowStart: { as: 'haproxy', window: 60_000 } })),
  guard(
    'panic',
    set({ panic: 0.9, health: health({ interval: '4s', timeout: '2s', unhealthy: 1 }) }),
    set({ health: health({ interval: '4s', timeout: '2s', unhealthy: 1 }) }),
  ),
  guard('backlog', set({ limit: TIGHT, backlog: BACKLOG }), set({ limit: TIGHT })),
  guard(
    'CoDel',
    set({ limit: TIGHT, backlog: { ...BACKLOG, codel: { target: 200, interval: 2000 } } }),
    set({ limit: TIGHT, backlog: BACKLOG }),
  ),
  guard('hedging', demand({ hedging: { after: 6000, attempts: 2 } })),
  guard('affinity', pinned({}), SESSIONS),
  guard('rebalance', pinned({ rebalance: { after: 20_000, above: 1.2 } }), pinned({})),
  guard(
    'victims',
    set({ victims: 'idlest', autoscaler: policyOf(AUTOSCALERS, 'kpa', { target: 2 }) }),
    set({ autoscaler: policyOf(AUTOSCALERS, 'kpa', { target: 2 }) }),
  ),
];
