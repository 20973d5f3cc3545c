import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/scenario/suggest.ts';

describe('the distance of two words', () => {
  it.each([
    ['', '', 0],
    ['breaker', 'breaker', 0],
    ['braker', 'breaker', 1],
    ['breakker', 'breaker', 1],
    ['breaket', 'breaker', 1],
    ['braeker', 'breaker', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%s and %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is the same both ways and at most the longer word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('a suggestion', () => {
  it('is the nearest word, letter case aside', () => {
    expect(nearest('latencymsp9', ['latencyMsP90', 'latencyMsP99', 'latencyMsMean'])).toBe(
      'latencyMsP90',
    );
    expect(nearest('Counter', ['none', 'counter'])).toBe('counter');
  });

  it('is else the first word that holds it', () => {
    expect(nearest('p99', ['errorRate', 'latencyMsP99', 'latencyMsP999'])).toBe('latencyMsP99');
    expect(nearest('least_conn', ['random', 'least-connections'])).toBe('least-connections');
  });

  it('is not made from far away', () => {
    expect(nearest('zebra', ['none', 'counter'])).toBeNull();
    expect(nearest('', ['none'])).toBeNull();
  });
});
