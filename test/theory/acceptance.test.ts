/** The rule by which simulation and theory are said to agree, on figures made up for the purpose. */
import { describe, expect, it } from 'vitest';
import { judge as judgeFigures } from './acceptance.ts';
import type { Quantity } from './experiment.ts';
import { equal, exact } from './quantities.ts';

/** 30 figures around `centre` whose standard error is `se`. */
const figures = (centre: number, se: number): number[] => {
  const half = se * Math.sqrt(29);
  return Array.from({ length: 30 }, (_, k) => centre + (k % 2 === 0 ? half : -half));
};

const judge = (quantity: Quantity, values: readonly number[]) =>
  judgeFigures(
    quantity,
    values.map((value) => ({ [quantity.name]: value })),
  );

describe('a quantity', () => {
  it('passes within four standard errors, if they are below one percent', () => {
    const judgement = judge(equal('meanSojourn', 5), figures(5.1, 0.03));
    expect(judgement.finding).toBe('passed');
    expect(judgement.errors).toBeCloseTo(3.33, 2);
    expect(judgement.precision).toBeCloseTo(0.006, 6);
  });

  it('fails beyond four standard errors, on either side', () => {
    expect(judge(equal('meanSojourn', 5), figures(5.13, 0.03)).finding).toBe('failed');
    expect(judge(equal('meanSojourn', 5), figures(4.87, 0.03)).finding).toBe('failed');
  });

  it('is imprecise, not passed, when its standard error is above one percent', () => {
    expect(judge(equal('meanSojourn', 5), figures(5, 0.06)).finding).toBe('imprecise');
  });

  it('fails when it is far off, even if it is imprecise', () => {
    expect(judge(equal('meanSojourn', 5), figures(6, 0.06)).finding).toBe('failed');
  });

  it('is unmeasured when its spread hides everything', () => {
    expect(judge(equal('pWait', 0.01), figures(0.012, 0.001)).finding).toBe('unmeasured');
  });

  it('may be off by its slack on top of chance', () => {
    expect(judge(equal('sojournP99', 10, 0.004), figures(10.15, 0.03)).finding).toBe('passed');
    expect(judge(equal('sojournP99', 10, 0.004), figures(10.17, 0.03)).finding).toBe('failed');
  });

  it('that must be near gets no allowance for chance', () => {
    const near = { ...equal('meanSojourn', 2, 0.02), rule: 'near' as const };
    expect(judge(near, figures(2.039, 0.005)).finding).toBe('passed');
    expect(judge(near, figures(2.041, 0.005)).finding).toBe('failed');
  });

  it('that must respect a bound may lie anywhere below', () => {
    const bound = { ...equal('meanWait', 10), rule: 'at-most' as const };
    expect(judge(bound, figures(3, 0.03)).finding).toBe('passed');
    expect(judge(bound, figures(10.2, 0.03)).finding).toBe('failed');
  });

  it('that is exact must be the very number in every replication', () => {
    expect(judge(exact('differingWaits', 0), [0, 0, 0]).finding).toBe('passed');
    expect(judge(exact('differingWaits', 0), [0, 0, 1]).finding).toBe('failed');
  });

  it('that theory makes certain is certain', () => {
    expect(judge(equal('finalFailure', 1), figures(1, 0)).finding).toBe('passed');
    expect(judge(equal('finalFailure', 1), figures(0.99, 0)).finding).toBe('failed');
  });

  it('is not passed by figures that are missing', () => {
    expect(judge(equal('meanWait', 1), figures(NaN, 0.1)).finding).toBe('failed');
  });
});
