/** Poisson arrivals, exponential service, one queue: M/M/1 and M/M/c (Erlang C), as one server with c slots. */
import type { Family } from '../experiment.ts';
import { exponential } from '../laws.ts';
import { quantitiesOf } from '../quantities.ts';
import { numberOf, type Entry } from '../references.ts';
import { relaxationOf, steadyState } from '../steady-state.ts';
import { poisson } from '../system.ts';

const experiments = (entry: Entry) => {
  const [rate, mu] = [numberOf(entry.params, 'lambda_'), numberOf(entry.params, 'mu')];
  const slots = Number(entry.params['c'] ?? 1);
  return [
    steadyState({
      system: { arrivals: poisson(rate), work: exponential(1 / mu), slots },
      load: rate / (slots * mu),
      rate,
      relaxation: relaxationOf(rate, mu, slots),
      quantities: quantitiesOf(entry),
    }),
  ];
};

export const singleSlot: Family = {
  matches: /^M\/M\/1 FIFO$/,
  modelledAs: 'one server with one slot',
  experiments,
};

export const manySlots: Family = {
  matches: /^M\/M\/c FIFO/,
  modelledAs: 'one server with c slots',
  experiments,
};
