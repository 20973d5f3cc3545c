/** The laws of all autoscalers, run over the whole registry. */
import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/core/units.ts';
import type { Autoscaler } from '../../src/policies/autoscaler/autoscaler.ts';
import { AUTOSCALERS } from '../../src/policies/autoscaler/index.ts';
import { maxOf } from '../../src/policies/autoscaler/under.ts';
import { FleetOfChance } from './autoscaler-arena.ts';
import { variantsOf } from './variants.ts';

const VARIANTS = variantsOf(AUTOSCALERS, {
  threshold: [
    { min: 3, max: 3 },
    { cooldown: '0s', min: 1, max: 40 },
  ],
  kpa: [
    { target: 10, max: 12 },
    { min: 0, max: 8, metric: 'rps', average: 'weighted', scaleDownDelay: '1m' },
  ],
  hpa: [
    { min: 3, max: 3 },
    { min: 2, max: 40, cpu: '60%', inFlight: 5, behavior: { down: { window: '1m' } } },
    { min: 0, backlog: { perServer: 5 }, arrivals: { total: '200/s' }, lag: '30s' },
  ],
  'target-tracking': [
    { min: 3, max: 3 },
    { requests: '20/s', out: 1, in: 1, warmup: '0s' },
  ],
  step: [
    { min: 3, max: 3 },
    { cooldown: '5m', out: 1, in: 1 },
  ],
  queue: [
    { min: 3, max: 3 },
    { min: 0, atWork: false, fallback: { servers: 4, behavior: 'current-if-higher' } },
  ],
  predictive: [{ season: '10m', under: 'queue' }, { under: { step: { min: 3, max: 12 } } }],
  schedule: [
    {
      windows: [{ from: '1m', to: '20m', min: 60 }],
      repeat: '30m',
      under: { predictive: { season: '1h', under: { 'target-tracking': { max: 30 } } } },
    },
  ],
});

describe.each(VARIANTS)('$label', ({ name, options, make }) => {
  const lived = life(make());

  it('decides at an interval above 0, and asks for reports at one', () => {
    expect(make().every).toBeGreaterThan(0);
    expect(make().scrape).toBeGreaterThan(0);
  });

  const { min = 0 } = options as { min?: number };
  const max = maxOf({ name, options });
  it.skipIf(max === Infinity)(
    `wants between min and max servers, whatever there are${max < Infinity ? '' : ' (it has no bounds)'}`,
    () => {
      for (const { desired, had, because } of lived) {
        expect(desired).toBeLessThanOrEqual(max);
        // Kubernetes holds that a fleet of none was switched off.
        if (had > 0 || !because.includes('scaling is disabled'))
          expect(desired).toBeGreaterThanOrEqual(min);
      }
    },
  );

  it('wants a whole number of servers, and says why', () => {
    for (const { desired, because } of lived) {
      expect(Number.isInteger(desired)).toBe(true);
      expect(desired).toBeGreaterThanOrEqual(0);
      expect(because).not.toMatch(/^$|NaN|undefined|null|object/);
    }
  });

  it('decides the same again, given the same history', () => {
    expect(life(make())).toEqual(lived);
  });

  it('keeps nothing of the reports that it is shown, which are written over', () => {
    expect(life(make(), { overwrite: true })).toEqual(lived);
  });

  it('does decide something under changing load, unless it never decides or may not', () => {
    const sizes = new Set(lived.map(({ desired, had }) => desired - had));
    expect(sizes.size > 1).toBe(make().every < NEVER);
  });

  it.skipIf(make().scrape === NEVER)(
    `never takes servers that nobody hears of for idle ones${make().scrape < NEVER ? '' : ' (it asks nobody)'}`,
    () => {
      const autoscaler = make();
      const fleet = new FleetOfChance(autoscaler);
      fleet.live(100);
      // Reports cease, and the traffic that the balancer sees is such as needs more than there is.
      const silent = fleet.live(100, { silent: true });
      for (const { desired, had } of silent.slice(10))
        expect(desired).toBeGreaterThanOrEqual(Math.min(had, max));
    },
  );
});

/** 500 decisions under random load; the fleet mostly follows, and is sometimes pushed out of bounds. */
function life(autoscaler: Autoscaler, { overwrite = false } = {}) {
  return new FleetOfChance(autoscaler, { overwrite, pushes: true }).live(500);
}
