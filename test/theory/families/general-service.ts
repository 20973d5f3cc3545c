/**
 * One slot and any service law: the Pollaczek-Khinchine mean wait, the law of waits in M/D/1, processor sharing (whose mean
 * depends on the mean service alone), and Kingman's bound for arrivals that are not Poisson.
 */
import type { Request } from '../../../src/core/request.ts';
import { Demand } from '../../../src/scenario/traffic.ts';
import type { Experiment, Family } from '../experiment.ts';
import { gammaOf, medianOf, serviceLaw } from '../laws.ts';
import { equal, quantitiesOf } from '../quantities.ts';
import { numberOf, type Entry } from '../references.ts';
import { relaxationOf, steadyState } from '../steady-state.ts';
import { poisson, setupOf, type System } from '../system.ts';

const read = ({ params }: Entry) => {
  const rate = numberOf(params, 'lambda_');
  const mean = Number(params['serviceMean'] ?? 1);
  const cv2 = typeof params['cv2'] === 'number' ? params['cv2'] : null;
  const work = serviceLaw(String(params['service']), mean, cv2);
  const system: System = { arrivals: poisson(rate), work };
  return { rate, mean, cv2: cv2 ?? 0, work, system };
};

const firstComeFirstServed = (entry: Entry): Experiment[] => {
  const { rate, mean, cv2, system } = read(entry);
  return [
    steadyState({
      system,
      load: rate * mean,
      rate,
      relaxation: relaxationOf(rate, 1 / mean, 1, (1 + cv2) / 2),
      quantities: quantitiesOf(entry),
    }),
  ];
};

export const pollaczekKhinchine: Family = {
  matches: /^M\/G\/1 FIFO/,
  modelledAs: 'one server with one slot; Erlang laws are gamma laws',
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
    'one server with one slot under `processor-sharing`; meanSlowdown as total sojourn / total work, of the smaller and of the larger half of the requests',
  experiments: (entry) => {
    const { rate, mean, cv2, work, system } = read(entry);
    const shared: System = { ...system, discipline: 'processor-sharing' };
    const slowdown = numberOf(entry.expected, 'meanSlowdown');
    const halves = cv2 === 0 ? [] : ['slowdownOfSmall', 'slowdownOfLarge'];
    const relaxation = relaxationOf(rate, 1 / mean, 1, (1 + cv2) / 2);
    const plan = {
      system: shared,
      load: rate * mean,
      rate,
      relaxation,
      quantities: [...quantitiesOf(entry), ...halves.map((name) => equal(name, slowdown))],
    };
    return [bySize(plan, medianOf(work), halves.length > 0)];
  },
};

type Plan = Parameters<typeof steadyState>[0];

/** The same, with accounts of the requests below and above `median` work. */
const bySize = (plan: Plan, median: number, halves: boolean): Experiment => {
  if (!halves) return steadyState(plan);
  let sizes: Sizes;
  return steadyState({
    ...plan,
    course: (seed) => {
      sizes = new Sizes(new Demand(setupOf(plan.system).traffic, {}, seed), median);
      return {
        workOf: (request) => sizes.workOf(request),
        watching: { replied: (now, request) => sizes.replied(now, request) },
      };
    },
    also: () => sizes.slowdowns(),
  });
};

class Sizes {
  readonly #demand: Demand;
  readonly #median: number;
  readonly #works = new Map<number, number>();
  readonly #sojourn = [0, 0];
  readonly #work = [0, 0];

  constructor(demand: Demand, median: number) {
    this.#demand = demand;
    this.#median = median;
  }

  workOf(request: Request): number {
    const work = this.#demand.workOf(request);
    this.#works.set(request.arrival, work);
    return work;
  }

  replied(now: number, request: Request): void {
    const work = this.#works.get(request.arrival)!;
    const half = work < this.#median ? 0 : 1;
    this.#works.delete(request.arrival);
    this.#work[half]! += work;
    this.#sojourn[half]! += now - request.at;
  }

  slowdowns(): Record<string, number> {
    return {
      slowdownOfSmall: this.#sojourn[0]! / this.#work[0]!,
      slowdownOfLarge: this.#sojourn[1]! / this.#work[1]!,
    };
  }
}

export const kingman: Family = {
  matches: /^Kingman/,
  modelledAs:
    'one server with one slot, gamma gaps and gamma service; the mean wait must respect the bound, the approximation is not judged',
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
        quantities: [{ ...equal('meanWait', bound), rule: 'at-most' }],
      }),
    ];
  },
};
