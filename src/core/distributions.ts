/**
 * Distributions as data (`Distribution`) and as inverse-CDF samplers (`sampler`): one uniform a draw, so that a keyed
 * draw never falls out of step, and a larger uniform never means a smaller value. Durations in ms; `geometric` yields
 * whole numbers from 1.
 *
 * A law is one row of `LAWS`: its quantile function and its mean. Parameters are taken as the scenario's schema lets
 * them through: means, sd and cv at least 0, weibull shape >= 0.01, pareto shape > 1, hyperexponential cv >= 1, geometric
 * mean >= 1.
 */
import { logGamma } from './gamma-function.ts';
import { gammaLaw } from './gamma-law.ts';
import { hyperexponentialQuantile } from './hyperexponential-law.ts';
import { invariant } from './invariant.ts';
import { normalCdf, normalDensity, normalQuantile } from './normal.ts';
import { tabulated } from './quantile-table.ts';
import { toMicros, type Millis } from './units.ts';

export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'lognormal'; readonly mean: number; readonly cv: number }
  | { readonly kind: 'gamma'; readonly mean: number; readonly cv: number }
  | { readonly kind: 'weibull'; readonly mean: number; readonly shape: number }
  | { readonly kind: 'pareto'; readonly mean: number; readonly shape: number }
  | { readonly kind: 'hyperexponential'; readonly mean: number; readonly cv: number }
  | { readonly kind: 'geometric'; readonly mean: number }
  | { readonly kind: 'empirical'; readonly file: string; readonly sha256: string };

/** Maps a uniform in (0, 1) to a value. */
export type Sampler = (u: number) => number;

/** Samples of empirical laws, by file. */
type Samples = Readonly<Record<string, Float64Array>>;

/** The inverse of the distribution function of `d`. */
export const sampler = (d: Distribution, inputs: Samples): Sampler => lawOf(d).sampler(d, inputs);

/** The same for durations: never negative, in whole microseconds. */
export const durationSampler = (d: Distribution, inputs: Samples): Sampler => {
  if (isConstant(d)) {
    const value = toMicros(Math.max(0, d.value));
    return () => value;
  }
  const draw = sampler(d, inputs);
  return (u): Millis => toMicros(Math.max(0, draw(u)));
};

/** The mean that theory says; of `normal` after truncation, of `empirical` the sample mean. */
export const meanOf = (d: Distribution, inputs: Samples): number => lawOf(d).mean(d, inputs);

export const isConstant = (d: Distribution): d is Of<'constant'> => d.kind === 'constant';

type Kind = Distribution['kind'];
type Of<K extends Kind> = Extract<Distribution, { readonly kind: K }>;

interface Law<D extends Distribution> {
  sampler(d: D, inputs: Samples): Sampler;
  mean(d: D, inputs: Samples): number;
}

const lawOf = (d: Distribution): Law<Distribution> => LAWS[d.kind];

const LAWS: { readonly [K in Kind]: Law<Of<K>> } = {
  constant: {
    sampler:
      ({ value }) =>
      () =>
        value,
    mean: ({ value }) => value,
  },
  exponential: {
    sampler:
      ({ mean }) =>
      (u) =>
        -mean * Math.log(1 - u),
    mean: ({ mean }) => mean,
  },
  uniform: {
    sampler: ({ min, max }) => {
      const width = max - min;
      return (u) => min + width * u;
    },
    mean: ({ min, max }) => (min + max) / 2,
  },
  // Truncated: the law of X given X >= 0. Taken from the upper tail, where the small probabilities are.
  normal: {
    sampler: ({ mean, sd }) => {
      if (sd === 0) return () => mean;
      const positive = normalCdf(mean / sd);
      return (u) => Math.max(0, mean - sd * normalQuantile((1 - u) * positive));
    },
    mean: ({ mean, sd }) => {
      if (sd === 0) return mean;
      return mean + (sd * normalDensity(mean / sd)) / normalCdf(mean / sd);
    },
  },
  lognormal: {
    sampler: ({ mean, cv }) => {
      const variance = Math.log1p(cv * cv);
      const sd = Math.sqrt(variance);
      const median = mean * Math.exp(-variance / 2);
      return (u) => median * Math.exp(sd * normalQuantile(u));
    },
    mean: ({ mean }) => mean,
  },
  gamma: {
    sampler: ({ mean, cv }) => {
      if (cv === 0) return () => mean;
      const scale = mean * cv * cv;
      const quantile = tabulated(gammaLaw(1 / (cv * cv)));
      return (u) => scale * quantile(u);
    },
    mean: ({ mean }) => mean,
  },
  weibull: {
    sampler: ({ mean, shape }) => {
      const scale = mean / Math.exp(logGamma(1 + 1 / shape));
      return (u) => scale * (-Math.log(1 - u)) ** (1 / shape);
    },
    mean: ({ mean }) => mean,
  },
  // Type I: nothing below mean * (shape - 1) / shape.
  pareto: {
    sampler: ({ mean, shape }) => {
      const least = (mean * (shape - 1)) / shape;
      return (u) => least * (1 - u) ** (-1 / shape);
    },
    mean: ({ mean }) => mean,
  },
  hyperexponential: {
    sampler: ({ mean, cv }) => {
      const quantile = hyperexponentialQuantile(cv);
      return (u) => Math.max(0, mean * quantile(u));
    },
    mean: ({ mean }) => mean,
  },
  // Trials up to the first success of probability 1 / mean.
  geometric: {
    sampler: ({ mean }) => {
      const logFailure = Math.log1p(-1 / mean);
      return (u) => Math.max(1, Math.ceil(Math.log(1 - u) / logFailure));
    },
    mean: ({ mean }) => mean,
  },
  empirical: {
    sampler: ({ file }, inputs) => {
      const sorted = sortedOnce(samplesOf(file, inputs));
      const last = sorted.length - 1;
      return (u) => sorted[Math.min(last, Math.floor(u * sorted.length))]!;
    },
    mean: ({ file }, inputs) => {
      const samples = samplesOf(file, inputs);
      return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
    },
  },
};

const samplesOf = (file: string, inputs: Samples): Float64Array => {
  const samples = inputs[file];
  invariant(samples !== undefined && samples.length > 0, `no samples were read from ${file}`);
  return samples;
};

const sortedCopies = new WeakMap<Float64Array, Float64Array>();

/** A sampler is made anew for every run; a long file is sorted for the first alone. */
const sortedOnce = (samples: Float64Array): Float64Array => {
  const known = sortedCopies.get(samples);
  if (known !== undefined) return known;
  const sorted = samples.toSorted();
  sortedCopies.set(samples, sorted);
  return sorted;
};
