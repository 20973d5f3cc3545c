/** How much work a scenario is, before it runs: for progress bars and for "this will take a while". */
import { meanOf } from '../core/distributions.ts';
import { expectedArrivals } from './arrivals.ts';
import type { Inputs, Scenario, Traffic } from './scenario.ts';

/** Requests to expect over all contenders and seeds. Sessions that the run's end cuts short are counted whole. */
export const estimatedRequests = (scenario: Scenario, inputs: Inputs): number => {
  const { contenders, seeds, duration } = scenario;
  const perSeed = contenders.reduce((sum, { setup: { traffic } }) => {
    const arrivals = expectedArrivals(traffic.arrivals, inputs, duration);
    return sum + arrivals * requestsPerArrival(traffic, inputs);
  }, 0);
  return perSeed * seeds.length;
};

const requestsPerArrival = ({ sessions }: Traffic, inputs: Inputs): number => {
  if (sessions === null) return 1;
  const initialise = sessions.era === 'legacy' ? 1 : 0;
  return 1 - sessions.share + sessions.share * (initialise + meanOf(sessions.calls, inputs));
};
