/**
 * Systems that have not settled, or never do: the mean number present at given times after an empty start, and the number
 * present under a sine of arrivals with slots for all.
 *
 * A Poisson stream split at random over S servers gives S independent copies of the queue, so one run of S servers is S
 * replications of the transient at once.
 */
import type { Request, ServerId } from '../../../src/core/request.ts';
import type { Experiment, Family, Quantity } from '../experiment.ts';
import type { Figures } from '../figures.ts';
import { exponential, UNIT } from '../laws.ts';
import { observe } from '../observe.ts';
import { equal } from '../quantities.ts';
import { numberOf, numbersOf } from '../references.ts';
import { choice, poisson, type System } from '../system.ts';

export const emptyStart: Family = {
  matches: /^Transient mean number/,
  modelledAs:
    'hundreds of servers with c slots each under `random`: independent copies that all start empty, counted at the instant; the length of a replication is its number of copies',
  experiments: ({ params, expected }) => {
    const queue = {
      rate: numberOf(params, 'lambda_'),
      mu: numberOf(params, 'mu'),
      slots: numberOf(params, 'c'),
    };
    const names = ['meanNumber', 'pAllBusy'].filter((name) => name in expected);
    return numbersOf(expected, 't').map((time, k) =>
      transient(
        queue,
        time,
        names.map((name) => equal(name, numbersOf(expected, name)[k]!, SOLVED)),
      ),
    );
  },
};

/** How exactly the equations of such a chain are solved. */
const SOLVED = 1e-6;

interface Queue {
  readonly rate: number;
  readonly mu: number;
  readonly slots: number;
}

const transient = (
  { rate, mu, slots }: Queue,
  time: number,
  quantities: readonly Quantity[],
): Experiment => ({
  label: `t=${time}`,
  quantities,
  load: rate / (slots * mu),
  bounded: false,
  replications: 30,
  pilot: 30,
  requests: (copies) => Math.ceil(copies) * rate * time,
  replicate: (length, seed) => {
    const copies = Math.ceil(length);
    const system: System = {
      arrivals: poisson(rate * copies),
      work: exponential(1 / mu),
      servers: copies,
      slots,
      balancer: choice('random'),
    };
    const crowd = new Crowd(time * UNIT, slots);
    observe(system, { warmup: 0, duration: time * UNIT, seed, watching: crowd });
    return crowd.figures(copies);
  },
});

/** Counts who is where, and at one instant how many in all, and how many servers have all slots busy. */
class Crowd {
  readonly #instant: number;
  readonly #slots: number;
  /** By arrival. */
  readonly #whereabouts: ServerId[] = [];
  readonly #present: number[] = [];
  #total = 0;
  #full = 0;

  constructor(instant: number, slots: number) {
    this.#instant = instant;
    this.#slots = slots;
  }

  sent(now: number, request: Request, server: ServerId): void {
    if (now > this.#instant) return;
    this.#whereabouts[request.arrival] = server;
    this.#present[server] = (this.#present[server] ?? 0) + 1;
    this.#total++;
    if (this.#present[server] === this.#slots) this.#full++;
  }

  replied(now: number, request: Request): void {
    if (now > this.#instant) return;
    const server = this.#whereabouts[request.arrival]!;
    if (this.#present[server] === this.#slots) this.#full--;
    this.#present[server]!--;
    this.#total--;
  }

  figures(copies: number): Figures {
    return { meanNumber: this.#total / copies, pAllBusy: this.#full / copies };
  }
}

/** Slots for everyone. */
const PLENTY = 1_000_000;
/** Requests of a first try. */
const LEAST = 3000;
/** Instants in a period at which the number present is noted. */
const POINTS = 16;

/**
 * The first harmonic of the number present, over whole periods, is the theory's sine. The lag is that of its crest behind
 * the crest of the arrivals.
 */
export const sineArrivals: Family = {
  matches: /^M_t\/M\/inf/,
  modelledAs:
    'one server with a million slots under `sine` arrivals; the first harmonic of the number present',
  experiments: ({ params, expected }) => {
    const [mean, swing] = [numberOf(params, 'L'), numberOf(params, 'A')];
    const [period, mu] = [numberOf(params, 'P'), numberOf(params, 'mu')];
    const system: System = {
      arrivals: { kind: 'sine', mean, amplitude: swing, period: period * UNIT, phase: 0 },
      work: exponential(1 / mu),
      slots: PLENTY,
    };
    const skipped = Math.ceil(10 / mu / period);
    const names = ['amplitude', 'max', 'min', 'lag'].filter((name) => name in expected);
    return [
      {
        label: '',
        quantities: names.map((name) => equal(name, numberOf(expected, name))),
        load: 0,
        bounded: true,
        replications: 30,
        pilot: Math.max(period, LEAST / mean),
        requests: (length) => mean * (Math.ceil(length / period) + skipped) * period,
        replicate: (length, seed) => {
          const periods = Math.ceil(length / period);
          const instants = Array.from(
            { length: periods * POINTS },
            (_, k) => (skipped + k / POINTS) * period * UNIT,
          );
          const duration = (skipped + periods) * period * UNIT;
          const course = { warmup: skipped * period * UNIT, duration, seed };
          const { world } = observe(system, { ...course, watching: { instants } });
          return harmonic(world.presentAt, period);
        },
      },
    ];
  },
};

/** `numbers`: POINTS a period, from the beginning of one. */
const harmonic = (numbers: readonly number[], period: number): Figures => {
  const turn = (2 * Math.PI) / POINTS;
  const share = 2 / numbers.length;
  const sine = share * numbers.reduce((sum, n, k) => sum + n * Math.sin(turn * k), 0);
  const cosine = share * numbers.reduce((sum, n, k) => sum + n * Math.cos(turn * k), 0);
  const mean = numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const amplitude = Math.hypot(sine, cosine);
  return {
    amplitude,
    max: mean + amplitude,
    min: mean - amplitude,
    lag: (Math.atan2(-cosine, sine) / (2 * Math.PI)) * period,
  };
};
