/**
 * Systems that turn requests away: Erlang's loss system (no waiting place; the blocking depends on the service law through
 * its mean alone, so several laws are tried) and M/M/c/K. A request turned away is a failed one: `overloaded`.
 */
import type { Distribution } from '../../../src/core/distributions.ts';
import type { Family } from '../experiment.ts';
import { constant, exponential, serviceLaw } from '../laws.ts';
import { quantitiesOf } from '../quantities.ts';
import { numberOf } from '../references.ts';
import { relaxationOf, steadyState } from '../steady-state.ts';
import { poisson } from '../system.ts';

const LAWS: Readonly<Record<string, (mean: number) => Distribution>> = {
  exponential,
  deterministic: constant,
  'hyperexponential cv2=4': (mean) => serviceLaw('hyperexponential2 balanced cv2=4', mean, 4),
};

export const erlangB: Family = {
  matches: /^M\/G\/c\/c/,
  modelledAs: 'one server with c slots and no queue, under three service laws',
  experiments: (entry) => {
    const [rate, mu] = [numberOf(entry.params, 'lambda_'), numberOf(entry.params, 'mu')];
    const slots = numberOf(entry.params, 'c');
    return Object.entries(LAWS).map(([label, law]) =>
      steadyState({
        label,
        system: { arrivals: poisson(rate), work: law(1 / mu), slots, queue: 0 },
        load: rate / (slots * mu),
        rate,
        relaxation: 4 / mu,
        quantities: quantitiesOf(entry),
      }),
    );
  },
};

export const boundedQueue: Family = {
  matches: /^M\/M\/c\/K/,
  modelledAs: 'one server with c slots and K - c waiting places',
  experiments: (entry) => {
    const [rate, mu] = [numberOf(entry.params, 'lambda_'), numberOf(entry.params, 'mu')];
    const [slots, room] = [numberOf(entry.params, 'c'), numberOf(entry.params, 'K')];
    const unlimited = rate === slots * mu ? Infinity : relaxationOf(rate, mu, slots);
    const toFill = room / Math.max(rate, slots * mu) + (room * room) / (slots * mu + rate);
    return [
      steadyState({
        system: {
          arrivals: poisson(rate),
          work: exponential(1 / mu),
          slots,
          queue: room - slots,
        },
        load: rate / (slots * mu),
        rate,
        relaxation: Math.min(unlimited, toFill),
        quantities: quantitiesOf(entry),
      }),
    ];
  },
};
