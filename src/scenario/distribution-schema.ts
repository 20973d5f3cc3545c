/**
 * How distributions are written: `40ms` (constant), `{ exponential: { mean: 40ms } }`, `exponential: 40ms`. The same
 * table serves durations and counts; only the field of a value differs, and counts know fewer laws.
 */
import { z } from 'zod';
import type { Distribution } from '../core/distributions.ts';
import { formatDuration, zDuration, zNumber, type Field } from '../core/units.ts';
import { within } from '../core/within.ts';
import { choice, shortFor, type Written } from './choice.ts';
import { refuse } from './explain.ts';
import { FILE_FIELDS, type FileColumn } from './file-column.ts';

/** A distribution whose samples are still in a file. */
export type WrittenDistribution =
  Exclude<Distribution, { kind: 'empirical' }> | ({ readonly kind: 'empirical' } & FileColumn);

type Law = Written<WrittenDistribution>;

const cv = () => zNumber({ max: 1000 }).describe('coefficient of variation: sd / mean');
const MOST_SHAPE = 1000;
/** Below it the scale that a mean asks for, mean / gamma(1 + 1 / shape), is no number any more. */
const LEAST_WEIBULL = 0.01;

const meanOnly = (kind: 'exponential' | 'geometric', mean: Field<number>): Law =>
  shortFor(
    'mean',
    z.strictObject({ mean }).transform((law) => ({ kind, ...law })),
    mean,
  );

const constant = (value: Field<number>): Law =>
  shortFor(
    'value',
    z.strictObject({ value }).transform((law) => ({ kind: 'constant', ...law })),
    value,
  );

const uniform = (value: Field<number>, write: (value: number) => string): Law =>
  z
    .strictObject({ min: value, max: value })
    .superRefine(within('max', 'at least', 'min', write))
    .transform((law) => ({ kind: 'uniform', ...law }));

const empirical: Law = z
  .strictObject(FILE_FIELDS)
  .describe('samples from a column of a file')
  .transform((from) => ({ kind: 'empirical', ...from }));

const mean = () => zDuration();

const DURATION_LAWS: Readonly<Record<string, Law>> = {
  constant: constant(zDuration()),
  exponential: meanOnly('exponential', mean()),
  uniform: uniform(zDuration(), formatDuration),
  normal: z
    .strictObject({ mean: mean(), sd: zDuration().describe('standard deviation') })
    .transform((law) => ({ kind: 'normal', ...law })),
  lognormal: z
    .strictObject({
      mean: mean().optional(),
      cv: cv().optional(),
      p50: zDuration({ positive: true }).describe('median').optional(),
      p99: zDuration({ positive: true }).describe('99th percentile').optional(),
    })
    .describe('mean and cv, or p50 and p99')
    .transform((law, context) => lognormal(law, context)),
  gamma: z.strictObject({ mean: mean(), cv: cv() }).transform((law) => ({ kind: 'gamma', ...law })),
  weibull: z
    .strictObject({
      mean: mean(),
      shape: zNumber({ min: LEAST_WEIBULL, max: MOST_SHAPE }).describe('shape'),
    })
    .transform((law) => ({ kind: 'weibull', ...law })),
  pareto: z
    .strictObject({
      mean: mean(),
      shape: zNumber({ exclusiveMin: 1, max: MOST_SHAPE }).describe('shape'),
    })
    .transform((law) => ({ kind: 'pareto', ...law })),
  hyperexponential: z
    .strictObject({ mean: mean(), cv: zNumber({ min: 1, max: 1000 }).describe('at least 1') })
    .transform((law) => ({ kind: 'hyperexponential', ...law })),
  empirical,
};

const COUNT_LAWS: Readonly<Record<string, Law>> = {
  constant: constant(zNumber({ min: 1, max: 1e6 })),
  geometric: meanOnly('geometric', zNumber({ min: 1, max: 1e6 })),
  uniform: uniform(zNumber({ min: 1, max: 1e6 }), String),
  empirical,
};

/** A duration or a distribution of durations, ms. */
export const zDurations: Law = choice({
  noun: 'distribution',
  table: DURATION_LAWS,
  id: 'durations',
  plain: {
    schema: zDuration().transform((value) => ({ kind: 'constant', value })),
    allowed: 'a duration such as 40ms',
  },
});

/** A number from 1 or a distribution of such numbers. */
export const zCounts: Law = choice({
  noun: 'distribution',
  table: COUNT_LAWS,
  id: 'counts',
  plain: {
    schema: zNumber({ min: 1, max: 1e6 }).transform((value) => ({ kind: 'constant', value })),
    allowed: 'a number from 1',
  },
});

interface WrittenLognormal {
  readonly mean?: number | undefined;
  readonly cv?: number | undefined;
  readonly p50?: number | undefined;
  readonly p99?: number | undefined;
}

/** The standard normal's 99 % quantile. */
const Z99 = 2.326347874040841;

/**
 * mean and cv, from themselves or from two percentiles: sigma = ln(p99 / p50) / z99, mean = p50 exp(sigma^2 / 2),
 * cv^2 = exp(sigma^2) - 1.
 */
const lognormal = (law: WrittenLognormal, context: z.RefinementCtx): WrittenDistribution => {
  const { mean, cv, p50, p99 } = law;
  const given = Object.entries(law).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  if (given.length === 2 && mean !== undefined && cv !== undefined) {
    return { kind: 'lognormal', mean, cv };
  }
  if (given.length === 2 && p50 !== undefined && p99 !== undefined) {
    within('p99', 'at least', 'p50', formatDuration)(law, context);
    const variance = (Math.log(p99 / p50) / Z99) ** 2;
    const cv = Math.sqrt(Math.expm1(variance));
    return { kind: 'lognormal', mean: p50 * Math.exp(variance / 2), cv };
  }
  const got = given.length === 0 ? 'nothing' : given.join(', ');
  refuse(context, `got ${got}; allowed: mean and cv, or p50 and p99`);
  return z.NEVER;
};
