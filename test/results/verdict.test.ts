import { describe, expect, test } from 'vitest';
import { paired, pValue } from '../../src/results/contrast.ts';
import { marginOf } from '../../src/results/margin.ts';
import { rule, ruleFamily, type Question } from '../../src/results/verdict.ts';
import { around, gaussians, upTo } from './fixture.ts';

/** Differences of mean `mean` and standard error `spread / 3` over n = 10 runs. */
const question = (
  mean: number,
  spread: number,
  change: Partial<Question> = {},
  n = 10,
): Question => ({
  contrast: paired(
    upTo(n).map(() => 100),
    around(100 + mean, spread, n),
  ),
  margin: 5,
  better: 'lower',
  stable: true,
  sameRuns: false,
  ...change,
});

describe('one verdict', () => {
  // t(9) = 2.262, so the interval is mean +- 0.754 spread.
  const table: [string, Question, string][] = [
    ['real, and beyond the margin, downwards', question(-20, 3), 'better'],
    ['real, and beyond the margin, upwards', question(20, 3), 'worse'],
    ['upwards where higher is better', question(20, 3, { better: 'higher' }), 'better'],
    ['downwards where higher is better', question(-20, 3, { better: 'higher' }), 'worse'],
    ['real, but inside the margin', question(2, 1), 'equivalent'],
    ['real, its mean inside the margin and its interval not', question(4, 3), 'undecided'],
    ['perhaps nothing, inside the margin', question(1, 2), 'equivalent'],
    ['perhaps nothing, perhaps much', question(10, 30), 'undecided'],
    ['no difference in any run', question(0, 0), 'equivalent'],
    ['no difference in any run, and no margin', question(0, 0, { margin: 0 }), 'equivalent'],
    ['the same difference in every run', question(-6, 0), 'better'],
    ['the same difference in every run, inside the margin', question(-4, 0), 'equivalent'],
    ['fewer than 10 runs', question(-20, 3, {}, 9), 'undecided'],
    ['fewer than 10 runs, one metric alike', question(0, 0, {}, 2), 'undecided'],
    ['fewer than 10 runs, alike in all', question(0, 0, { sameRuns: true }, 2), 'equivalent'],
    ['a single run', question(-20, 0, {}, 1), 'undecided'],
    ['an unstable side', question(-20, 3, { stable: false }), 'undecided'],
    ['an unstable side, one metric alike', question(0, 0, { stable: false }), 'undecided'],
  ];
  test.each(table)('%s', (_, asked, verdict) => {
    expect(rule(asked).verdict).toBe(verdict);
  });

  test('a decided one needs no more seeds, an unstable one cannot be helped by them', () => {
    expect(rule(question(-20, 3)).seedsToSettle).toBeNull();
    expect(rule(question(-20, 30, { stable: false })).seedsToSettle).toBeNull();
  });
});

describe('a family of verdicts', () => {
  test('is stricter than each alone: what 5 % would decide, 5 % / 4 does not', () => {
    const close = question(-10, 12);
    const p = pValue(close.contrast);
    expect(p).toBeLessThan(0.05);
    expect(p).toBeGreaterThan(0.05 / 4);
    expect(rule(close).verdict).toBe('better');
    expect(ruleFamily([close, ...upTo(3).map(() => question(0.5, 30))])[0]?.verdict).toBe(
      'undecided',
    );
  });

  test('shows intervals that exclude 0 exactly where Holm rejects', () => {
    const family = gaussians(3, 'family', 40).map((z, i) =>
      question(6 * z, 2 + (i % 9), { margin: 0 }),
    );
    const sorted = family.map(({ contrast }) => pValue(contrast)).sort((a, b) => a - b);
    const stop = sorted.findIndex((p, rank) => p > 0.05 / (40 - rank));
    expect(stop).toBeGreaterThan(2);
    ruleFamily(family).forEach(({ difference: { low, high } }, i) => {
      const excludesZero = (low ?? 0) > 0 || (high ?? 0) < 0;
      const rejected = pValue(family[i]!.contrast) < (sorted[stop] ?? 0);
      expect(excludesZero).toBe(rejected);
    });
  });

  test('claims anything about identical policies in at most 5 % of families', () => {
    const families = 400;
    const wrong = upTo(families).filter((seed) => {
      const baseline = gaussians(seed, 'base', 10);
      const questions = upTo(8).map((i) => ({
        contrast: paired(baseline, gaussians(seed, `other ${i}`, 10)),
        margin: 0,
        better: 'lower' as const,
        stable: true,
        sameRuns: false,
      }));
      return ruleFamily(questions).some(({ verdict }) => verdict !== 'undecided');
    }).length;
    expect(wrong / families).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / families));
  });
});

describe('seeds to settle', () => {
  const open = question(8, 25);
  const settle = rule(open).seedsToSettle ?? 0;

  test('are more than there are, and fewer for a larger difference', () => {
    expect(rule(open).verdict).toBe('undecided');
    expect(settle).toBeGreaterThan(10);
    expect(rule(question(16, 25)).seedsToSettle ?? 0).toBeLessThan(settle);
  });

  test('settle it four times in five, were mean and spread the truth', () => {
    // 'around' with spread 25 has the sample deviation 25 * sqrt(10 / 9).
    const deviation = 25 * Math.sqrt(10 / 9);
    const trials = 500;
    const settled = upTo(trials).filter((seed) => {
      const differences = gaussians(seed, 'settle', settle).map((z) => 8 + deviation * z);
      const contrast = paired(
        differences.map(() => 0),
        differences,
      );
      return rule({ ...open, contrast }).verdict === 'worse';
    }).length;
    expect(Math.abs(settled / trials - 0.8)).toBeLessThan(4 * Math.sqrt(0.16 / trials));
  });

  test('settle an equivalence as often', () => {
    const close = question(0, 9);
    expect(rule(close).verdict).toBe('undecided');
    const needed = rule(close).seedsToSettle ?? 0;
    const deviation = 9 * Math.sqrt(10 / 9);
    const trials = 500;
    const settled = upTo(trials).filter((seed) => {
      const differences = gaussians(seed, 'equal', needed).map((z) => deviation * z);
      const contrast = paired(
        differences.map(() => 0),
        differences,
      );
      return rule({ ...close, contrast }).verdict === 'equivalent';
    }).length;
    expect(settled / trials).toBeGreaterThan(0.8 - 4 * Math.sqrt(0.16 / trials));
  });

  test('are at least 10, and unknown for a single run or a difference right at the margin', () => {
    expect(rule(question(-20, 3, {}, 4)).seedsToSettle).toBe(10);
    expect(rule(question(-20, 0, {}, 1)).seedsToSettle).toBeNull();
    expect(rule(question(5, 30)).seedsToSettle).toBeNull();
  });
});

describe('the margin', () => {
  test('is a share of the baseline', () => {
    expect(marginOf('latencyMsP99', 400, 0.05)).toBe(20);
    expect(marginOf('retries', 400, 0.1)).toBe(40);
  });
  test('is at least 1 ms, or 0.1 percentage point', () => {
    expect(marginOf('latencyMsP99', 4, 0.05)).toBe(1);
    expect(marginOf('errorRate', 0.01, 0.05)).toBe(0.001);
  });
  test('has no floor for counts, rates and ratios', () => {
    expect(marginOf('retries', 0, 0.05)).toBe(0);
    expect(marginOf('goodputRps', 1, 0.05)).toBe(0.05);
  });
});
