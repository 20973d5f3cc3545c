/**
 * A golden sample path: given arrivals and services, Lindley's recursion (one slot) and that of Kiefer and Wolfowitz (more)
 * say what every request waits. There is no chance in it, so the simulator has to return the very numbers, to the tick of its clock.
 */
import type { Experiment, Family } from '../experiment.ts';
import { exponential, UNIT } from '../laws.ts';
import { observe } from '../observe.ts';
import { exact } from '../quantities.ts';
import { numbersOf, type Entry } from '../references.ts';
import type { System } from '../system.ts';

const FILE = 'golden path';

export const samplePath: Family = {
  matches: /^Golden sample path/,
  modelledAs:
    'a `trace` of the arrivals, the services given to the simulator, one server with c slots; every single wait and sojourn must be equal to the microsecond, the tick of the clock',
  experiments: (entry) =>
    Object.keys(entry.expected)
      .filter((name) => /^waitsC\d+$/.test(name))
      .map((name) => path(entry, name)),
};

const path = ({ params, expected }: Entry, name: string): Experiment => {
  const [arrivals, services] = [numbersOf(params, 'arrivals'), numbersOf(params, 'services')];
  const waits = numbersOf(expected, name);
  const total = services.reduce((sum, service) => sum + service, 0);
  const duration = 2 * (arrivals.at(-1)! + total + 1) * UNIT;
  const system: System = {
    arrivals: { kind: 'trace', file: FILE, sha256: '', counts: null, scale: 1 },
    work: exponential(1),
    slots: Number(name.slice('waitsC'.length)),
  };
  return {
    label: `${name}, ${waits.length} requests`,
    quantities: [exact('differingWaits', 0), exact('differingSojourns', 0)],
    load: 0,
    bounded: true,
    replications: 1,
    pilot: 1,
    requests: () => arrivals.length,
    replicate: (_length, seed) => {
      const waited: number[] = [];
      const sojourned: number[] = [];
      observe(system, {
        warmup: 0,
        duration,
        seed,
        inputs: { [FILE]: Float64Array.from(arrivals, (arrival) => arrival * UNIT) },
        workOf: ({ arrival }) => services[arrival]! * UNIT,
        watching: {
          waited: ({ arrival }, waitedMs) => (waited[arrival] = waitedMs / UNIT),
          replied: (now, { arrival, at }) => (sojourned[arrival] = (now - at) / UNIT),
        },
      });
      const sojourns = waits.map((wait, k) => wait + services[k]!);
      return {
        differingWaits: differing(waits, waited),
        differingSojourns: differing(sojourns, sojourned),
      };
    },
  };
};

/** The simulator's clock ticks in microseconds, a millionth of our unit. */
const TICKS = 1e6;

const differing = (expected: readonly number[], seen: readonly number[]): number =>
  expected.filter((value, k) => Math.round(value * TICKS) !== Math.round((seen[k] ?? NaN) * TICKS))
    .length;
