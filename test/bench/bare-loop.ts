/**
 * The yardstick: M/M/8 at 80 % on the simulator's own event queue and samplers, and nothing else. What the full stack does
 * per second is quoted as a share of this, measured in the same minute on the same machine.
 */
import { durationSampler } from '../../src/core/distributions.ts';
import { Histogram } from '../../src/core/histogram.ts';
import { Draws } from '../../src/core/rng.ts';
import { EventQueue } from '../../src/sim/event-queue.ts';

const SLOTS = 8;
const ARRIVAL = 0;
const FINISH = 1;

/** Serves `customers`; returns their mean sojourn in service times, which theory puts at 1.286. */
export const bareLoop = (customers: number): number => {
  const queue = new EventQueue(1);
  const gap = durationSampler({ kind: 'exponential', mean: 1000 / (0.8 * SLOTS) }, {});
  const service = durationSampler({ kind: 'exponential', mean: 1000 }, {});
  const gaps = new Draws(1, 'arrivals');
  const services = new Draws(1, 'work');
  const sojourns = new Histogram();
  const arrivedAt = new Float64Array(customers);
  let busy = 0;
  let served = 0;
  let arrived = 0;
  let total = 0;
  queue.set(ARRIVAL, gap(gaps.uniform(0)));
  while (served < customers && queue.next()) {
    const now = queue.at;
    if (queue.kind === ARRIVAL) {
      const customer = arrived++;
      arrivedAt[customer] = now;
      if (arrived < customers) queue.set(ARRIVAL, now + gap(gaps.uniform(arrived)));
      if (busy < SLOTS) {
        busy++;
        queue.schedule(now + service(services.uniform(customer)), FINISH, customer);
      }
    } else {
      const sojourn = now - arrivedAt[queue.item]!;
      sojourns.record(sojourn);
      total += sojourn;
      served++;
      // First come, first served: those served and those in service have begun, in order.
      const next = served - 1 + busy;
      if (next < arrived) queue.schedule(now + service(services.uniform(next)), FINISH, next);
      else busy--;
    }
  }
  return total / customers / 1000;
};
