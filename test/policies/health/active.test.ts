import { describe, expect, it } from 'vitest';
import { ActiveHealth, active } from '../../../src/policies/health/active.ts';

/** The state after each of `checks` (S good, F failed), as HAProxy would print it. */
const statesAfter = (fall: number, rise: number, checks: string): string => {
  const health = new ActiveHealth({ interval: 1000, timeout: 100, unhealthy: fall, healthy: rise });
  return [...checks]
    .map((check, now) => {
      health.probed(now, check === 'S');
      return health.healthy() ? 'U' : 'D';
    })
    .join('');
};

describe('active health checks', () => {
  it('falls after three failures in a row and rises after two successes in a row, as HAProxy does', () => {
    expect(statesAfter(3, 2, 'SFFSFFFSFSS')).toBe('UUUUUUDDDDU');
  });

  it('rises for the first time after one good check', () => {
    expect(statesAfter(3, 5, 'FFFFS')).toBe('DDDDU');
    expect(statesAfter(1, 3, 'SFSSS')).toBe('UDDDU');
  });

  it('says how many checks made it what it is', () => {
    const health = new ActiveHealth({ interval: 1000, timeout: 100, unhealthy: 2, healthy: 2 });
    const told = [true, false, false, true, true].map((ok, now) => {
      health.probed(now, ok);
      return health.because();
    });
    expect(told).toEqual([
      'a good check',
      'a good check',
      '2 failed checks in a row',
      '2 failed checks in a row',
      '2 good checks in a row',
    ]);
  });

  it('has the defaults of the reference, and refuses checks without a pause', () => {
    expect(active.options.parse({})).toEqual({
      interval: 30_000,
      timeout: 5000,
      unhealthy: 3,
      healthy: 2,
    });
    expect(active.options.safeParse({ interval: 0 }).success).toBe(false);
  });
});
