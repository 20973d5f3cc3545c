import { describe, expect, it } from 'vitest';
import { Condition } from '../../src/fake/condition.ts';

describe('the condition of a server', () => {
  it('combines shares of errors as independent chances', () => {
    const condition = new Condition();
    condition.begin(0, 0, { kind: 'errors', share: 0.5 }, false);
    condition.begin(0, 1, { kind: 'errors', share: 0.5 }, false);
    expect(condition.errors).toBe(0.75);
    condition.end(0);
    expect(condition.errors).toBe(0.5);
  });

  it('multiplies slownesses, and a leak grows worse with time up to its factor', () => {
    const condition = new Condition();
    condition.begin(0, 0, { kind: 'slow', factor: 3 }, false);
    condition.begin(100, 1, { kind: 'leak', slower: 5, over: 400 }, false);
    expect(condition.slowness(100)).toBe(3);
    expect(condition.slowness(200)).toBe(6);
    expect(condition.slowness(10_000)).toBe(15);
    expect([499, 500].map((now) => condition.leaksOut(now))).toEqual([false, true]);
  });

  it('is clear only when every fault has ended, in whatever order they end', () => {
    const condition = new Condition();
    condition.begin(0, 0, { kind: 'hang' }, false);
    condition.begin(0, 1, { kind: 'crash' }, false);
    condition.end(0);
    expect([condition.hangs, condition.downs, condition.isClear]).toEqual([0, 1, false]);
    condition.end(1);
    expect(condition.isClear).toBe(true);
  });

  it('hides a grey failure from the health check', () => {
    const condition = new Condition();
    condition.begin(0, 0, { kind: 'hang' }, true);
    expect(condition.hangs).toBe(1);
    expect(condition.shownToHealth()).toEqual({ errors: 0, silent: false, refused: false });
    condition.begin(0, 1, { kind: 'errors', share: 0.4 }, false);
    expect(condition.shownToHealth().errors).toBeCloseTo(0.4);
  });
});
