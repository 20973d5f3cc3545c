/**
 * One slot and any service law: the Pollaczek-Khinchine mean wait, the law of waits in M/D/1, processor sharing (whose mean
 * depends on the mean service alone), and Kingman's bound for arrivals that are not Poisson.
 */
import type { Control, Experiment, Family, Quantity } from '../experiment.ts';
import { gammaOf, serviceLaw } from '../laws.ts';
import { equal, quantitiesOf } from '../quantities.ts';
import { numberOf, type Entry } from '../references.ts';
import { relaxationOf, steadyState } from '../steady-state.ts';
import { poisson, type System } from '../system.ts';

const read = ({ params }: Entry) => {
  const rate = numberOf(params, 'lambda_');
  const mean = Number(params['serviceMean'] ?? 1);
  const cv2 = typeof params['cv2'] === 'number' ? params['cv2'] : null;
  const work = serviceLaw(String(params['service']), mean, cv2);
  const system: System = { arrivals: poisson(rate), work };
  return { rate, mean, cv2: cv2 ?? 0, system };
};

/** From this squared coefficient of variation on a mean wait hangs on a few long services: luck is taken out. */
const HEAVY = 4;

const firstComeFirstServed = (entry: Entry): Experiment[] => {
  const { rate, mean, cv2, system } = read(entry);
  const quantities = quantitiesOf(entry);
  const weighed = cv2 >= HEAVY;
  return [
    steadyState({
      system,
      load: rate * mean,
      rate,
      relaxation: relaxationOf(rate, 1 / mean, 1, (1 + cv2) / 2),
      quantities: weighed ? withControls(quantities, rate, mean, cv2) : quantities,
      weighed,
    }),
  ];
};

/** Means are controlled for the arrivals and services drawn, and these compared with their law in their turn. */
const withControls = (
  quantities: readonly Quantity[],
  rate: number,
  mean: number,
  cv2: number,
): readonly Quantity[] => {
  const controls: readonly Control[] = [
    { name: 'arrivalRate', expected: rate },
    { name: 'meanService', expected: mean },
    { name: 'meanSquareService', expected: mean * mean * (1 + cv2) },
  ];
  return [
    ...quantities.map((quantity) =>
      /^mean(Wait|Sojourn|QueueLength)$/.test(quantity.name) ? { ...quantity, controls } : quantity,
    ),
    ...controls.map(({ name, expected }) => ({
      ...equal(name, expected),
      weight: 'extreme' as const,
    })),
  ];
};

export const pollaczekKhinchine: Family = {
  matches: /^M\/G\/1 FIFO/,
  modelledAs:
    'one server with one slot; Erlang laws are gamma laws; from cv2 = 4 on means are controlled for the arrivals and services that were drawn',
  experiments: firstComeFirstServed,
};

export const deterministicService: Family = {
  matches: /^M\/D\/1/,
  modelledAs: 'one server with one slot',
  experiments: firstComeFirstServed,
};

/**
 * E[T | S = x] = x / (1 - rho) is tested as total sojourn over total work, among requests with less than the median
 * work and among the rest: the mean of T / S itself has no finite variance where sizes come near 0.
 */
export const processorSharing: Family = {
  matches: /^M\/G\/1 PS/,
  modelledAs:
    'one server with one slot under `processor-sharing`; meanSlowdown as total sojourn / total work, of the smaller and of the larger half of the requests; controlled as in FIFO',
  experiments: (entry) => {
    const { rate, mean, cv2, system } = read(entry);
    const slowdown = entry.expected['meanSlowdown'];
    const halves = cv2 === 0 ? [] : ['slowdownOfSmall', 'slowdownOfLarge'];
    const conditional =
      typeof slowdown === 'number' ? halves.map((name) => equal(name, slowdown)) : [];
    const quantities = [...quantitiesOf(entry), ...conditional];
    return [
      steadyState({
        system: { ...system, discipline: 'processor-sharing' },
        load: rate * mean,
        rate,
        relaxation: relaxationOf(rate, 1 / mean, 1, (1 + cv2) / 2),
        quantities: cv2 >= HEAVY ? withControls(quantities, rate, mean, cv2) : quantities,
        weighed: conditional.length > 0 || cv2 >= HEAVY,
      }),
    ];
  },
};

export const kingman: Family = {
  matches: /^Kingman/,
  modelledAs:
    'one server with one slot, gamma gaps and gamma service, controlled for what was drawn; the mean wait must respect the bound, the approximation is not judged',
  experiments: ({ params, expected }) => {
    const [load, mean] = [numberOf(params, 'rho'), numberOf(params, 'serviceMean')];
    const [gaps, service] = [numberOf(params, 'ca2'), numberOf(params, 'cs2')];
    const rate = load / mean;
    const bound = numberOf(expected, 'upperBoundMeanWait');
    return [
      steadyState({
        system: {
          arrivals: { kind: 'gamma', rate, cv: Math.sqrt(gaps) },
          work: gammaOf(mean, service),
        },
        load,
        rate,
        relaxation: relaxationOf(rate, 1 / mean, 1, (gaps + service) / 2),
        quantities: withControls(
          [{ ...equal('meanWait', bound), rule: 'at-most' }],
          rate,
          mean,
          service,
        ),
        weighed: true,
      }),
    ];
  },
};
