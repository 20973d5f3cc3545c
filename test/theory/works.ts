/**
 * The work of each request, which no metric shows: drawn here as the world would draw it, told to the world, and kept in
 * account, in all and for requests with less than the median work and the rest.
 */
import type { Request } from '../../src/core/request.ts';
import { Demand } from '../../src/scenario/traffic.ts';
import type { Figures } from './figures.ts';
import { medianOf, UNIT } from './laws.ts';
import type { Course } from './observe.ts';
import { setupOf, type System } from './system.ts';

export class Works {
  readonly #demand: Demand;
  readonly #median: number;
  readonly #from: number;
  /** By arrival; a dense list, as all arrive in turn. */
  readonly #open: number[] = [];
  #count = 0;
  #squares = 0;
  readonly #work = [0, 0];
  readonly #sojourn = [0, 0];

  /** Requests that arrive before `from`, ms, are not counted. */
  constructor(system: System, seed: number, from: number) {
    this.#demand = new Demand(setupOf(system).traffic, {}, seed);
    this.#median = medianOf(system.work);
    this.#from = from;
  }

  /** What makes a run use it. */
  get course(): Partial<Course> {
    return {
      workOf: (request) => this.#draw(request),
      watching: { replied: (now, request) => this.#done(now, request) },
    };
  }

  /** `measured`: the measured time, units. */
  figures(measured: number): Figures {
    const total = this.#work[0]! + this.#work[1]!;
    return {
      arrivalRate: this.#count / measured,
      meanService: total / this.#count / UNIT,
      meanSquareService: this.#squares / this.#count / UNIT ** 2,
      slowdownOfSmall: this.#sojourn[0]! / this.#work[0]!,
      slowdownOfLarge: this.#sojourn[1]! / this.#work[1]!,
    };
  }

  #draw(request: Request): number {
    const work = this.#demand.workOf(request);
    this.#open[request.arrival] = work;
    return work;
  }

  #done(now: number, request: Request): void {
    if (request.at < this.#from) return;
    const work = this.#open[request.arrival]!;
    const half = work < this.#median ? 0 : 1;
    this.#count++;
    this.#squares += work * work;
    this.#work[half]! += work;
    this.#sojourn[half]! += now - request.at;
  }
}
