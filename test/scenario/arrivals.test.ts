import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/core/units.ts';
import { arrivalStream, expectedArrivals } from '../../src/scenario/arrivals.ts';
import type { Arrivals, Inputs } from '../../src/scenario/scenario.ts';
import { zOfChiSquare, zOfSample } from '../core/z-scores.ts';

const SECOND = 1000;
const trace = (counts: number | null, scale = 1): Arrivals => ({
  kind: 'trace',
  file: 'trace.csv',
  sha256: '',
  counts,
  scale,
});

/** All arrivals in [0, until). */
const arrivalsOf = (
  arrivals: Arrivals,
  until: number,
  { inputs = {}, seed = 1 }: { inputs?: Inputs; seed?: number } = {},
): number[] => {
  const stream = arrivalStream(arrivals, inputs, seed);
  const instants: number[] = [];
  for (let at = stream.next(); at < until; at = stream.next()) instants.push(at);
  return instants;
};

const histogramOf = (instants: readonly number[], bins: number, width: number): number[] => {
  const counts = Array<number>(bins).fill(0);
  for (const at of instants) counts[Math.floor(at / width)]!++;
  return counts;
};

/** Counts of bins that should be independent Poisson with these means. */
const zOfPoissonBins = (counts: readonly number[], means: readonly number[]): number =>
  zOfChiSquare(
    counts.reduce((sum, count, i) => sum + (count - means[i]!) ** 2 / means[i]!, 0),
    counts.length,
  );

/** Against the curve's own integral, bin by bin. */
const zAgainstCurve = (arrivals: Arrivals, bins: number, width: number): number => {
  const upTo = (i: number): number => expectedArrivals(arrivals, {}, i * width);
  const means = Array.from({ length: bins }, (_, i) => upTo(i + 1) - upTo(i));
  return zOfPoissonBins(histogramOf(arrivalsOf(arrivals, bins * width), bins, width), means);
};

const gapsOf = (instants: readonly number[]): number[] =>
  instants.map((at, i) => at - (instants[i - 1] ?? 0));
const meanOf = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const cvOf = (xs: readonly number[]): number => {
  const mean = meanOf(xs);
  return Math.sqrt(meanOf(xs.map((x) => (x - mean) ** 2))) / mean;
};

const POISSON: Arrivals = { kind: 'poisson', rate: 100 };
const RAMP: Arrivals = { kind: 'ramp', from: 10, to: 200, over: 100 * SECOND };
const STEPS: Arrivals = {
  kind: 'steps',
  steps: [
    { at: 20 * SECOND, rate: 100 },
    { at: 40 * SECOND, rate: 0 },
    { at: 60 * SECOND, rate: 300 },
    { at: 80 * SECOND, rate: 50 },
  ],
};
const SINE: Arrivals = {
  kind: 'sine',
  mean: 100,
  amplitude: 100,
  period: 40 * SECOND,
  phase: 10 * SECOND,
};
const BURSTS: Arrivals = {
  kind: 'bursts',
  states: [
    { rate: 0, mean: 200 },
    { rate: 50, mean: 500 },
    { rate: 400, mean: 100 },
  ],
};
const RECORDED = { 'trace.csv': Float64Array.of(0, 5, 5, 5, 12.5, 1000, 1000, 2300.125) };
const COUNTED = { 'trace.csv': Float64Array.of(300, 0, 1200, 600, 1, 900) };

describe.each<readonly [string, Arrivals, Inputs]>([
  ['constant', { kind: 'constant', rate: 30 }, {}],
  ['poisson', POISSON, {}],
  ['gamma', { kind: 'gamma', rate: 100, cv: 3 }, {}],
  ['ramp', RAMP, {}],
  ['steps', STEPS, {}],
  ['sine', SINE, {}],
  ['bursts', BURSTS, {}],
  ['trace of timestamps', trace(null, 2.5), RECORDED],
  ['trace of counts', trace(SECOND, 1.5), COUNTED],
])('any arrivals: %s', (_, arrivals, inputs) => {
  it('come in order, in whole microseconds, from 0', () => {
    const instants = arrivalsOf(arrivals, 200 * SECOND, { inputs });
    expect(instants.length).toBeGreaterThan(10);
    expect(gapsOf(instants).every((gap) => gap >= 0)).toBe(true);
    expect(instants.every((at) => at === Math.round(at * 1000) / 1000)).toBe(true);
  });

  it('are the same for the same seed and, but for constant ones, others for another', () => {
    const [once, again, other] = [7, 7, 8].map((seed) =>
      arrivalsOf(arrivals, 30 * SECOND, { inputs, seed }),
    );
    expect(again).toEqual(once);
    if (arrivals.kind === 'constant') expect(other).toEqual(once);
    else expect(other).not.toEqual(once);
  });
});

describe('constant', () => {
  it('is evenly spaced, the first after one gap', () => {
    const instants = arrivalsOf({ kind: 'constant', rate: 3 }, 2001);
    expect(instants).toEqual([333.333, 666.667, 1000, 1333.333, 1666.667, 2000]);
  });

  it('keeps time: the millionth arrival is where it should be', () => {
    const stream = arrivalStream({ kind: 'constant', rate: 7 }, {}, 1);
    for (let i = 1; i < 1_000_000; i++) stream.next();
    expect(stream.next()).toBe(142857142.857);
  });
});

describe('poisson', () => {
  it('has as many arrivals in each second as theory says, and as spread', () => {
    expect(Math.abs(zAgainstCurve(POISSON, 1000, SECOND))).toBeLessThan(4);
    const n = arrivalsOf(POISSON, 1000 * SECOND).length;
    expect(Math.abs(zOfSample(n, 100_000, Math.sqrt(100_000), 1))).toBeLessThan(4);
  });

  it('has exponential gaps: cv 1, and uncorrelated with the next', () => {
    const gaps = gapsOf(arrivalsOf(POISSON, 1000 * SECOND));
    // The cv of n exponentials has a standard error of 1 / sqrt n.
    expect(Math.abs(cvOf(gaps) - 1)).toBeLessThan(4 / Math.sqrt(gaps.length));
    const products = gaps.slice(1).map((gap, i) => (gap / 10 - 1) * (gaps[i]! / 10 - 1));
    expect(Math.abs(zOfSample(meanOf(products), 0, 1, products.length))).toBeLessThan(4);
  });

  it('gives seeds 1..100 counts with the spread of Poisson', () => {
    const counts = Array.from(
      { length: 100 },
      (_, i) => arrivalsOf(POISSON, 20 * SECOND, { seed: i + 1 }).length,
    );
    expect(Math.abs(zOfPoissonBins(counts, Array<number>(100).fill(2000)))).toBeLessThan(4);
  });
});

describe('gamma', () => {
  it.each([0.3, 2])('has gaps of cv %d at the rate asked for', (cv) => {
    const gaps = gapsOf(arrivalsOf({ kind: 'gamma', rate: 100, cv }, 2000 * SECOND));
    expect(Math.abs(zOfSample(meanOf(gaps), 10, 10 * cv, gaps.length))).toBeLessThan(4);
    // Delta method on moments of the gamma law: the variance of ln cv is (cv^2 + 1) / 2n.
    const error = cv * Math.sqrt((cv * cv + 1) / (2 * gaps.length));
    expect(Math.abs(cvOf(gaps) - cv)).toBeLessThan(4 * error);
  });

  it('of cv 0 is evenly spaced', () => {
    expect(arrivalsOf({ kind: 'gamma', rate: 100, cv: 0 }, 40)).toEqual([10, 20, 30]);
  });
});

describe('ramp', () => {
  it('follows the straight line and then stays level', () => {
    expect(expectedArrivals(RAMP, {}, 50 * SECOND)).toBeCloseTo(((10 + 105) / 2) * 50, 6);
    expect(expectedArrivals(RAMP, {}, 100 * SECOND)).toBeCloseTo(10_500, 6);
    expect(expectedArrivals(RAMP, {}, 110 * SECOND)).toBeCloseTo(12_500, 6);
    expect(Math.abs(zAgainstCurve(RAMP, 150, SECOND))).toBeLessThan(4);
  });

  it('downhill to 0 it ends', () => {
    const instants = arrivalsOf({ kind: 'ramp', from: 200, to: 0, over: 10 * SECOND }, NEVER);
    expect(instants.at(-1)).toBeLessThan(10 * SECOND);
    expect(Math.abs(zOfSample(instants.length, 1000, Math.sqrt(1000), 1))).toBeLessThan(4);
  });
});

describe('steps', () => {
  it('are level between, and nothing comes before the first or while the rate is 0', () => {
    const counts = histogramOf(arrivalsOf(STEPS, 100 * SECOND), 5, 20 * SECOND);
    expect([counts[0], counts[2]]).toEqual([0, 0]);
    const z = zOfPoissonBins([counts[1]!, counts[3]!, counts[4]!], [2000, 6000, 1000]);
    expect(Math.abs(z)).toBeLessThan(4);
  });

  it('expect what the rectangles hold', () => {
    const upTo = [10, 30, 50, 70, 100].map((s) => expectedArrivals(STEPS, {}, s * SECOND));
    expect(upTo).toEqual([0, 1000, 2000, 5000, 9000]);
  });

  it('end for good with a rate of 0', () => {
    const steps = [
      { at: 0, rate: 100 },
      { at: SECOND, rate: 0 },
    ];
    const instants = arrivalsOf({ kind: 'steps', steps }, NEVER);
    expect(instants.at(-1)).toBeLessThan(SECOND);
    expect(instants.length).toBeGreaterThan(60);
  });
});

describe('sine', () => {
  it('follows the wave, through troughs that touch 0', () => {
    expect(Math.abs(zAgainstCurve(SINE, 400, SECOND))).toBeLessThan(4);
  });

  it('begins at the crest with a phase of a quarter period, and returns to its mean each period', () => {
    expect(expectedArrivals(SINE, {}, 10)).toBeCloseTo(2, 3);
    expect(expectedArrivals(SINE, {}, 40 * SECOND)).toBeCloseTo(4000, 6);
    expect(expectedArrivals(SINE, {}, 400 * SECOND)).toBeCloseTo(40_000, 6);
  });

  it('of amplitude 0 is Poisson, arrival by arrival', () => {
    const flat = arrivalsOf({ ...SINE, amplitude: 0 }, 10 * SECOND);
    const poisson = arrivalsOf(POISSON, 10 * SECOND);
    expect(flat.length).toBe(poisson.length);
    for (const [i, at] of flat.entries()) expect(Math.abs(at - poisson[i]!)).toBeLessThan(0.0015);
  });
});

describe('bursts', () => {
  it('have the mean rate of their states, weighted by the stays', () => {
    // A cycle lasts 800 ms and brings 25 + 40 arrivals.
    const cycles = 10_000;
    expect(expectedArrivals(BURSTS, {}, cycles * 800)).toBeCloseTo(cycles * 65, 6);
    const n = arrivalsOf(BURSTS, cycles * 800).length;
    // Renewal reward: variance of (arrivals - 0.08125 per ms of cycle), cycle by cycle.
    const excess = [0, 50, 400].map((rate) => rate / 1000 - 65 / 800);
    const variance =
      65 + [200, 500, 100].reduce((sum, mean, i) => sum + (excess[i]! * mean) ** 2, 0);
    expect(Math.abs(zOfSample(n, cycles * 65, Math.sqrt(cycles * variance), 1))).toBeLessThan(4);
  });

  it('are burstier than Poisson', () => {
    const counts = histogramOf(arrivalsOf(BURSTS, 800 * SECOND), 8000, 100);
    const mean = meanOf(counts);
    expect(meanOf(counts.map((n) => (n - mean) ** 2)) / mean).toBeGreaterThan(3);
  });

  it('of one state are Poisson at its rate', () => {
    const one: Arrivals = { kind: 'bursts', states: [{ rate: 100, mean: 50 }] };
    const means = Array<number>(200).fill(100);
    const counts = histogramOf(arrivalsOf(one, 200 * SECOND), 200, SECOND);
    expect(Math.abs(zOfPoissonBins(counts, means))).toBeLessThan(4);
  });

  it('that never come are NEVER', () => {
    const none: Arrivals = { kind: 'bursts', states: [{ rate: 0, mean: 50 }] };
    expect(arrivalStream(none, {}, 1).next()).toBe(NEVER);
  });
});

describe('a trace of timestamps', () => {
  const long = Float64Array.from(
    arrivalsOf({ kind: 'ramp', from: 0, to: 200, over: 100 * SECOND }, 100 * SECOND, { seed: 99 }),
  );
  const inputs = { 'trace.csv': long };

  it('is replayed as it is at scale 1, ties included, and then ends', () => {
    const stream = arrivalStream(trace(null), RECORDED, 1);
    expect(Array.from({ length: 8 }, () => stream.next())).toEqual([...RECORDED['trace.csv']]);
    expect([stream.next(), stream.next()]).toEqual([NEVER, NEVER]);
    expect(expectedArrivals(trace(null), RECORDED, 1000.5)).toBe(7);
  });

  it('without arrivals ends at once', () => {
    const empty = { 'trace.csv': new Float64Array(0) };
    expect(arrivalStream(trace(null, 2), empty, 1).next()).toBe(NEVER);
  });

  it('thinned keeps that share of every tenth, and only recorded instants', () => {
    const kept = arrivalsOf(trace(null, 0.3), NEVER, { inputs });
    const recorded = histogramOf([...long], 10, 10 * SECOND);
    const z = zOfChiSquare(
      histogramOf(kept, 10, 10 * SECOND).reduce(
        (sum, n, i) => sum + (n - 0.3 * recorded[i]!) ** 2 / (0.21 * recorded[i]!),
        0,
      ),
      10,
    );
    expect(Math.abs(z)).toBeLessThan(4);
    const known = new Set(long);
    expect(kept.every((at) => known.has(at))).toBe(true);
  });

  it('at a smaller scale is a subset of itself at a larger one', () => {
    const larger = new Set(arrivalsOf(trace(null, 0.7), NEVER, { inputs }));
    const smaller = arrivalsOf(trace(null, 0.3), NEVER, { inputs });
    expect(smaller.every((at) => larger.has(at))).toBe(true);
  });

  it('superposed has each copy whole, the original among them, and no two together', () => {
    const all = arrivalsOf(trace(null, 3), NEVER, { inputs });
    expect(all.length).toBe(3 * long.length);
    expect(expectedArrivals(trace(null, 3), inputs, NEVER)).toBe(3 * long.length);
    const instants = new Set(all);
    expect(long.every((at) => instants.has(at))).toBe(true);
    expect(instants.size / all.length).toBeGreaterThan(0.98);
    expect(all.at(-1)).toBe(long.at(-1));
  });

  it('superposed keeps the shape: each tenth of the ramp has its share', () => {
    const all = arrivalsOf(trace(null, 2.5), NEVER, { inputs });
    const recorded = histogramOf([...long], 10, 10 * SECOND);
    for (const [i, n] of histogramOf(all, 10, 10 * SECOND).entries()) {
      // A copy is shifted by a second at most, a tenth of the bin, on a ramp of 20 a second from bin to bin; it is
      // thinned with a spread of at most half the root of the count.
      const slack = 1.5 * 30 + 4 * Math.sqrt(0.25 * recorded[i]!);
      const wrapped = i === 0 ? 2 * 200 : 0;
      expect(Math.abs(n - 2.5 * recorded[i]!)).toBeLessThan(slack + wrapped);
    }
  });
});

describe('a trace of counts', () => {
  it('brings each interval its count, spread evenly inside, and then ends', () => {
    const instants = arrivalsOf(trace(SECOND), NEVER, { inputs: COUNTED });
    expect(histogramOf(instants, 6, SECOND)).toEqual([...COUNTED['trace.csv']]);
    const inside = histogramOf(
      instants.map((at) => at % SECOND),
      20,
      50,
    );
    // 3,001 arrivals over 20 slices.
    expect(Math.abs(zOfPoissonBins(inside, Array<number>(20).fill(150.05)))).toBeLessThan(4);
  });

  it('lies inside the interval as sorted uniforms do: the k-th of n at k / (n + 1)', () => {
    const inputs = { 'trace.csv': Float64Array.of(3) };
    const runs = Array.from({ length: 4000 }, (_, i) =>
      arrivalsOf(trace(SECOND), NEVER, { inputs, seed: i + 1 }),
    );
    for (const k of [0, 1, 2]) {
      // Beta(k + 1, 3 - k): variance (k + 1)(3 - k) / (16 * 5).
      const sd = SECOND * Math.sqrt(((k + 1) * (3 - k)) / 80);
      const mean = meanOf(runs.map((run) => run[k]!));
      expect(Math.abs(zOfSample(mean, (SECOND * (k + 1)) / 4, sd, runs.length))).toBeLessThan(4);
    }
  });

  it('scaled multiplies every count: exactly by a whole number, else on average', () => {
    const counts = [...COUNTED['trace.csv']];
    const doubled = arrivalsOf(trace(SECOND, 2), NEVER, { inputs: COUNTED });
    expect(histogramOf(doubled, 6, SECOND)).toEqual(counts.map((n) => 2 * n));
    const scaled = histogramOf(
      arrivalsOf(trace(SECOND, 2.4), NEVER, { inputs: COUNTED }),
      6,
      SECOND,
    );
    for (const [i, n] of scaled.entries()) {
      const spread = Math.sqrt(0.24 * counts[i]!);
      expect(Math.abs(n - 2.4 * counts[i]!)).toBeLessThanOrEqual(Math.max(1, 4 * spread));
    }
  });

  it('expects whole intervals and the share of the one in progress', () => {
    expect(expectedArrivals(trace(SECOND, 2), COUNTED, 2500)).toBe(2 * (300 + 600));
    expect(expectedArrivals(trace(SECOND), COUNTED, NEVER)).toBe(3001);
  });
});
