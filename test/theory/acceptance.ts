/**
 * When simulation agrees with theory. The unit is the replication: 30 give 30 independent figures, their mean and its
 * standard error (SE). A quantity passes when the mean is within 4 SE of the reference AND the SE is at most 1 % of it:
 * the first alone would pass any noise, the second alone any error. Chance fails one quantity in 2,500 (t with 29
 * degrees of freedom), so a failure is tried again with fresh seeds before it counts; see validate.ts.
 */
import { controlled } from './control-variates.ts';
import type { Quantity } from './experiment.ts';
import { percentileOf, type Figures } from './figures.ts';

/** Standard errors that chance may take. */
export const CHANCE = 4;
/** Largest SE, as a share of the reference. */
export const PRECISION = 0.01;
/** References are printed with ten digits. */
const PRINTED = 1e-9;
/** What happens once in a million, or takes a millionth of a service time, is not told from never. */
const NEVER_SEEN = 1e-6;

/**
 * Above this SE a rare event has been seen once or never, and a percentile is biased as well as uncertain: requests that
 * wait do so together, so that a short run holds few of the long waits, or many. Far tails (P99.9) suffer first.
 */
const BLIND = 0.03;
const BLIND_IN_TAILS = PRECISION;

/** `imprecise`: within 4 SE, but the SE is above 1 %. `unmeasured`: an SE so large that it says nothing. */
export type Finding = 'passed' | 'failed' | 'imprecise' | 'unmeasured';

export interface Judgement {
  readonly quantity: Quantity;
  readonly mean: number;
  readonly se: number;
  /** SE / reference. */
  readonly precision: number;
  /** (mean - reference) / SE. */
  readonly errors: number;
  readonly finding: Finding;
}

/** `figures`: those of each replication. */
export const judge = (quantity: Quantity, figures: readonly Figures[]): Judgement => {
  const { name, expected, controls } = quantity;
  const { mean, se: spread } = controlled(
    figures.map((figure) => figure[name]!),
    figures.map((figure) => controls.map((control) => figure[control.name]! - control.expected)),
  );
  const difference = mean - expected;
  const se = spread <= PRINTED * Math.max(1, Math.abs(mean)) ? 0 : spread;
  return {
    quantity,
    mean,
    se,
    precision: se === 0 ? 0 : se / Math.abs(expected),
    errors: se === 0 ? (agrees(difference, expected) ? 0 : Infinity) : difference / se,
    finding: findingOf(quantity, difference, se),
  };
};

/** Largest SE / reference with which a quantity counts as checked: a quarter of its slack where only that is allowed. */
export const wantedPrecision = ({ rule, slack }: Quantity): number =>
  rule === 'near' ? slack / 4 : PRECISION;

const findingOf = (quantity: Quantity, difference: number, se: number): Finding => {
  const { name, expected, rule } = quantity;
  const size = Math.abs(expected);
  const chance = CHANCE * se + exactness(expected);
  const off = rule === 'at-most' ? difference : Math.abs(difference);
  const blind = (percentileOf(name) ?? 0) > 0.99 ? BLIND_IN_TAILS : BLIND;
  if (rule !== 'exact' && se > NEVER_SEEN && se > blind * size) return 'unmeasured';
  if (!(off <= allowance(quantity, size, chance))) return 'failed';
  return se <= Math.max(wantedPrecision(quantity) * size, NEVER_SEEN) || rule === 'exact'
    ? 'passed'
    : 'imprecise';
};

const allowance = ({ rule, slack }: Quantity, size: number, chance: number): number => {
  switch (rule) {
    case 'exact':
      return 0;
    case 'near':
      return slack * size;
    case 'equal':
    case 'at-most':
      return chance + slack * size;
  }
};

const agrees = (difference: number, expected: number): boolean =>
  Math.abs(difference) <= exactness(expected);

const exactness = (expected: number): number => Math.max(PRINTED * Math.abs(expected), NEVER_SEEN);
