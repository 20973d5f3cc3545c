/**
 * Requests that give up, and requests that come again: abandonment after an exponential (Erlang A) or a fixed time in the
 * queue, and the retrial queue, whose clients find the slot taken, go away and try again for ever.
 */
import type { Family } from '../experiment.ts';
import { constant, exponential } from '../laws.ts';
import { quantitiesOf } from '../quantities.ts';
import { numberOf } from '../references.ts';
import { relaxationOf, steadyState } from '../steady-state.ts';
import { poisson } from '../system.ts';

export const erlangA: Family = {
  matches: /^M\/M\/c\+M/,
  modelledAs: 'one server with c slots and an exponential `patience`',
  experiments: (entry) => {
    const [rate, mu] = [numberOf(entry.params, 'lambda_'), numberOf(entry.params, 'mu')];
    const [slots, theta] = [numberOf(entry.params, 'c'), numberOf(entry.params, 'theta')];
    return [
      steadyState({
        system: {
          arrivals: poisson(rate),
          work: exponential(1 / mu),
          slots,
          patience: exponential(1 / theta),
        },
        load: rate / (slots * mu),
        rate,
        relaxation: 1 / Math.min(mu, theta),
        quantities: quantitiesOf(entry),
      }),
    ];
  },
};

export const fixedPatience: Family = {
  matches: /^M\/M\/1\+D/,
  modelledAs: 'one server with one slot and a constant `patience`',
  experiments: (entry) => {
    const [rate, mu] = [numberOf(entry.params, 'lambda_'), numberOf(entry.params, 'mu')];
    const patience = numberOf(entry.params, 'D');
    const limited = (1 + mu * patience) ** 2 / mu;
    return [
      steadyState({
        system: {
          arrivals: poisson(rate),
          work: exponential(1 / mu),
          patience: constant(patience),
        },
        load: rate / mu,
        rate,
        relaxation: rate < mu ? Math.min(limited, relaxationOf(rate, mu)) : limited,
        quantities: quantitiesOf(entry),
      }),
    ];
  },
};

export const retrial: Family = {
  matches: /retrial/,
  modelledAs:
    'one server with one slot and no queue; `retries` unlimited with an exponential backoff',
  experiments: (entry) => {
    const [rate, mu] = [numberOf(entry.params, 'lambda_'), numberOf(entry.params, 'mu')];
    const theta = numberOf(entry.params, 'theta');
    return [
      steadyState({
        system: {
          arrivals: poisson(rate),
          work: exponential(1 / mu),
          queue: 0,
          retries: { attempts: null, backoff: exponential(1 / theta) },
        },
        load: rate / mu,
        rate,
        relaxation: relaxationOf(rate, mu) * (1 + mu / theta),
        quantities: quantitiesOf(entry),
      }),
    ];
  },
};
