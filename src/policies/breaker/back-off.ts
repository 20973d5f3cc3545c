/**
 * How long a break lasts: longer with each break in a row, and by chance, so that servers which tripped together do not
 * try again together. A law is a pure function of the number of the break (1 = the first since the circuit was closed)
 * and of a draw in [0, 1), so that a breaker can tell ahead of time when a break that has not begun will end.
 */
import { orNone, toMicros, zDuration, zNumber, zShare, type Millis } from '../../core/units.ts';

export type BreakLaw = (attempt: number, luck: number) => Millis;

export interface Growth {
  /** Length of the first break, ms. */
  readonly recovery: Millis;
  /** Each break is this many times the one before, >= 1. */
  readonly growth: number;
  /** No break is longer, ms; null = no cap. */
  readonly longest: Millis | null;
  /** Share of a break that chance decides, 0..1. */
  readonly jitter: number;
}

/** Chance takes up to `jitter` of a break away: the cap holds, and at 50 % this is "equal jitter". */
export const shortened = (growth: Growth): BreakLaw => {
  return (attempt, luck) => toMicros(grown(growth, attempt) * (1 - growth.jitter * luck));
};

/** linkerd's exp-backoff: chance adds up to `jitter` of a break, never past `longest`. */
export const lengthened = (growth: Growth): BreakLaw => {
  const cap = growth.longest ?? Infinity;
  return (attempt, luck) =>
    toMicros(Math.min(grown(growth, attempt) * (1 + growth.jitter * luck), cap));
};

/** resilience4j's randomised interval: `jitter` either way, never past `longest`. */
export const spread = (growth: Growth): BreakLaw => {
  const cap = growth.longest ?? Infinity;
  return (attempt, luck) =>
    toMicros(Math.min(grown(growth, attempt) * (1 + growth.jitter * (2 * luck - 1)), cap));
};

/** Finagle's Backoff.equalJittered: `recovery` exactly, then 1..2, 2..4, 4..8 times it, at most `longest`. */
export const equalJittered = (recovery: Millis, longest: Millis): BreakLaw => {
  return (attempt, luck) => {
    if (attempt === 1) return Math.min(recovery, longest);
    return toMicros(Math.min(recovery * power(2, attempt - 2) * (1 + luck), longest));
  };
};

const grown = ({ recovery, growth, longest }: Growth, attempt: number): Millis =>
  Math.min(recovery * power(growth, attempt - 1), longest ?? Infinity);

/** Bounded, so that no number of breaks makes it infinite (and 0 times it NaN). */
const power = (base: number, exponent: number): number => base ** Math.min(exponent, 60);

/** The options of a law of growth, with a policy's own defaults. */
export const zGrowth = (defaults: {
  readonly recovery: string;
  readonly growth: number;
  readonly longest: string;
  readonly jitter: string;
}) => ({
  recovery: zDuration().prefault(defaults.recovery).describe('length of the first break'),
  growth: zNumber({ min: 1, max: 100 })
    .prefault(defaults.growth)
    .describe('each break in a row is this many times the one before'),
  longest: orNone(zDuration({ positive: true }))
    .prefault(defaults.longest)
    .describe('no break is longer'),
  jitter: zShare().prefault(defaults.jitter).describe('share of a break that chance decides'),
});
