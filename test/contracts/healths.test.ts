/** The laws of all health monitors, run over the whole registry. */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../src/core/rng.ts';
import { NEVER } from '../../src/core/units.ts';
import type { Health } from '../../src/policies/health/health.ts';
import { HEALTHS } from '../../src/policies/health/index.ts';
import { variantsOf } from './variants.ts';

const VARIANTS = variantsOf(HEALTHS, {
  active: [
    { unhealthy: 1, healthy: 1 },
    { unhealthy: 2, healthy: 5, interval: '1s', timeout: '200ms' },
  ],
});

describe.each(VARIANTS)('$label', ({ options, make }) => {
  const checks = make().every < NEVER;
  const unchecked = checks ? '' : ' (it makes no checks)';

  it('checks at an interval above 0, and waits a limited time', () => {
    expect(make().every).toBeGreaterThan(0);
    expect(make().timeout).toBeGreaterThan(0);
  });

  it.skipIf(!checks)(`does not trust a server before its first good check${unchecked}`, () => {
    const health = make();
    expect(health.healthy(0)).toBe(false);
    for (let now = 0; now < 10; now++) health.probed(now, false);
    expect(health.healthy(10)).toBe(false);
    health.probed(11, true);
    expect(health.healthy(11)).toBe(true);
  });

  it.skipIf(!checks)(
    `goes by results in a row, as an independent count of them says${unchecked}`,
    () => {
      const { unhealthy, healthy } = options as { unhealthy: number; healthy: number };
      const health = make();
      const results = randomChecks(2000);
      results.forEach((ok, now) => {
        health.probed(now, ok);
        expect(health.healthy(now)).toBe(
          byHindsight(results.slice(0, now + 1), unhealthy, healthy),
        );
      });
    },
  );

  it('is not moved by being read, and tells why it is as it is', () => {
    const [left, read] = [make(), make()];
    randomChecks(500).forEach((ok, now) => {
      for (const then of [now, now + 1e9]) {
        read.healthy(then);
        read.wakeAt(then);
        expect(read.because(then)).not.toBe('');
      }
      left.probed(now, ok);
      read.probed(now, ok);
      expect(seen(read, now)).toEqual(seen(left, now));
    });
  });

  it('changes by time alone exactly when it said it would', () => {
    const health = make();
    randomChecks(500).forEach((ok, now) => {
      health.probed(now, ok);
      health.settled(now, ok ? 'ok' : 'timeout');
      const wakeAt = health.wakeAt(now);
      const before = Math.min(wakeAt - 0.001, now + 1e9);
      expect(health.healthy(before)).toBe(health.healthy(now));
      if (wakeAt < NEVER) expect(health.healthy(wakeAt)).not.toBe(health.healthy(now));
    });
  });
});

const seen = (health: Health, now: number) => [
  health.healthy(now),
  health.because(now),
  health.wakeAt(now),
];

/** Good and bad checks that come in runs, so that thresholds are met and missed. */
function randomChecks(count: number): boolean[] {
  const chance = sequential(1, 'checks');
  let ok = false;
  return Array.from({ length: count }, () => (ok = chance.next() < 0.3 ? !ok : ok));
}

/**
 * The state after `results`, from the whole past at once: it is set by the last run of results that was long enough,
 * `fall` bad ones or `rise` good ones; before that, a server is down until its first good check.
 */
function byHindsight(results: readonly boolean[], fall: number, rise: number): boolean {
  const first = results.indexOf(true);
  if (first < 0) return false;
  for (let end = results.length; end > first + 1; end--) {
    const bad = results.slice(Math.max(first + 1, end - fall), end);
    if (bad.length === fall && !bad.includes(true)) return false;
    const good = results.slice(Math.max(first, end - rise), end);
    if (good.length === rise && !good.includes(false)) return true;
  }
  return true;
}
