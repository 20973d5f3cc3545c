/**
 * Which of an entry's reference values are compared, and how. Everything that `figures.ts` has a figure for is; what an
 * entry tells about itself, such as its relaxation time, is not.
 */
import type { Quantity } from './experiment.ts';
import { percentileOf } from './figures.ts';
import type { Entry } from './references.ts';

/** A bucket of the latency histogram is 0.78 % wide, and its midpoint at most 0.4 % off. */
const HALF_A_BUCKET = 0.004;
/** Solved chains are good to a thousandth at worst, as their notes say. */
const SOLVED = 0.001;
/** Least pWait, as a multiple of the share beyond a percentile, with which the percentile is compared. */
const EDGE = 1.1;

const COMPARED =
  /^(mean(Sojourn|Wait)(Accepted)?|mean(Number|QueueLength|Orbit|Attempts)|utilisation|carried|goodput|p(Wait|Block|Abandon|Empty)|sigma|finalFailure|(sojourn|wait)P[\d.]+)$/;

/** What would cost more than all the rest: the far tail, second moments, the rarest of states. */
const EXTREME = /P99\.\d+$|^meanSquareWait$|^pEmpty$/;

/** What every book on queues gives first. */
const KEY = /^(mean(Sojourn|Wait)(Accepted)?|p(Wait|Block|Abandon))$/;

/** Headlines, the best first. */
const HEADLINES = ['meanSojourn', 'meanSojournAccepted', 'pBlock', 'pAbandon', 'meanWait'];

export const quantitiesOf = (entry: Entry): readonly Quantity[] => {
  const quantities: Quantity[] = [];
  for (const [name, expected] of Object.entries(entry.expected)) {
    if (typeof expected !== 'number') continue;
    if (name === 'varWait') quantities.push(secondMoment(entry, expected));
    else if (COMPARED.test(name) && !onTheEdge(entry, name))
      quantities.push(quantity(entry, name, expected));
  }
  return headlineFirst(quantities);
};

/** Equal but for chance. */
export const equal = (name: string, expected: number, slack = 0): Quantity => ({
  name,
  expected,
  rule: 'equal',
  slack,
  weight: EXTREME.test(name) ? 'extreme' : KEY.test(name) ? 'key' : 'ordinary',
  controls: [],
});

/** The very number, in every replication. */
export const exact = (name: string, expected: number): Quantity => ({
  name,
  expected,
  rule: 'exact',
  slack: 0,
  weight: 'extreme',
  controls: [],
});

/** The headline is the one every reader looks for. */
export const headlineFirst = (quantities: readonly Quantity[]): readonly Quantity[] => {
  const headline =
    HEADLINES.map((name) => quantities.find((quantity) => quantity.name === name)).find(Boolean) ??
    quantities[0];
  if (headline === undefined) return [];
  return [headline, ...quantities.filter((quantity) => quantity !== headline)];
};

const quantity = (entry: Entry, name: string, expected: number): Quantity => {
  if (expected === 0) return exact(name, expected);
  if (name.startsWith('sojournP')) return equal(name, expected, HALF_A_BUCKET);
  return equal(name, expected, entry.kind === 'numeric' ? SOLVED : 0);
};

/** A variance is estimated with a bias, a mean square without. */
const secondMoment = ({ expected }: Entry, variance: number): Quantity =>
  equal('meanSquareWait', variance + Number(expected['meanWait']) ** 2);

/**
 * A percentile of waits at 0, or hardly above it, says no more than pWait does, and jumps between 0 and a wait in samples
 * however long.
 */
const onTheEdge = ({ expected }: Entry, name: string): boolean => {
  const q = name.startsWith('waitP') ? percentileOf(name) : null;
  const pWait = expected['pWait'];
  return q !== null && typeof pWait === 'number' && pWait < EDGE * (1 - q);
};
