/** The policies of a setup with their options as one would write them, for a reader of the report. */
import { asWritten } from './as-written.ts';
import type { PolicyChoice, Setup } from './scenario.ts';
import { SETUP, type SetupKey } from './schema.ts';

/** Guards that are off are left out, so that what is named is what can act. */
export const policiesAsWritten = (setup: Setup): Readonly<Record<string, unknown>> => {
  const write = (key: SetupKey, value: unknown): unknown => asWritten(SETUP[key], value);
  const { affinity, victims, panic, traffic } = setup;
  const { timeout, retries, hedging, budget } = traffic;
  const demand = write('traffic', { timeout, retries: { ...retries, budget }, hedging }) as Demand;
  const { budget: writtenBudget, ...writtenRetries } = demand.retries;
  const chosen = (key: 'balancer' | 'health' | 'breaker' | 'autoscaler') => write(key, setup[key]);
  const guard = (key: 'rebalance' | 'ejection' | 'slowStart' | 'limit' | 'backlog') =>
    isOn(setup[key]) ? { [key]: write(key, setup[key]) } : {};
  return {
    balancer: chosen('balancer'),
    affinity,
    health: chosen('health'),
    breaker: chosen('breaker'),
    autoscaler: chosen('autoscaler'),
    drain: write('drain', setup.drain),
    timeout: demand.timeout,
    retries: retriesText(retries, writtenRetries),
    ...(isOn(budget) ? { budget: writtenBudget } : {}),
    ...(isOn(hedging) ? { hedging: demand.hedging } : {}),
    ...guard('rebalance'),
    ...guard('ejection'),
    ...guard('slowStart'),
    ...guard('limit'),
    ...guard('backlog'),
    ...(panic > 0 ? { panic: write('panic', panic) } : {}),
    ...(victims === 'newest' ? {} : { victims }),
  };
};

interface Demand {
  readonly timeout: unknown;
  readonly retries: Readonly<Record<string, unknown>>;
  readonly hedging: unknown;
}

/** One attempt is no retry, and no limit of them is `unlimited`. */
const retriesText = ({ attempts }: Setup['traffic']['retries'], written: object): unknown => {
  if (attempts === 1) return 'none';
  return attempts === null ? { ...written, attempts: 'unlimited' } : written;
};

const isOn = (guard: PolicyChoice | object | null): boolean =>
  guard !== null && !('name' in guard && guard.name === 'none');
