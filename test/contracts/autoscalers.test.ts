/** The laws of all autoscalers, run over the whole registry. */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../src/core/rng.ts';
import { NEVER } from '../../src/core/units.ts';
import type { Autoscaler, Load } from '../../src/policies/autoscaler/autoscaler.ts';
import { AUTOSCALERS } from '../../src/policies/autoscaler/index.ts';
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
});

describe.each(VARIANTS)('$label', ({ options, make }) => {
  it('decides at an interval above 0', () => {
    expect(make().every).toBeGreaterThan(0);
  });

  const bounded = typeof options.max === 'number';
  it.skipIf(!bounded)(
    `wants between min and max servers, whatever there are${bounded ? '' : ' (it has no bounds)'}`,
    () => {
      const { min, max } = options as { min: number; max: number };
      for (const { desired } of life(make())) {
        expect(desired).toBeGreaterThanOrEqual(min);
        expect(desired).toBeLessThanOrEqual(max);
      }
    },
  );

  it('wants a whole number of servers, and says why', () => {
    for (const { desired, because } of life(make())) {
      expect(Number.isInteger(desired)).toBe(true);
      expect(because).not.toBe('');
    }
  });

  it('decides the same again, given the same history', () => {
    expect(life(make())).toEqual(life(make()));
  });

  it('does decide something under changing load, unless it never decides', () => {
    const sizes = new Set(life(make()).map(({ desired, had }) => desired - had));
    expect(sizes.size > 1).toBe(make().every < NEVER);
  });
});

/** 500 decisions under random load; the fleet mostly follows, and is sometimes pushed out of bounds. */
function life(autoscaler: Autoscaler) {
  const chance = sequential(1, 'load');
  let servers = 4;
  return Array.from({ length: 500 }, (_, k) => {
    if (chance.next() < 0.05) servers = chance.below(30);
    const had = servers;
    const decision = autoscaler.decide(
      k * 15_000,
      randomLoad(servers, () => chance.next()),
    );
    servers = decision.desired;
    return { ...decision, had };
  });
}

const randomLoad = (servers: number, uniform: () => number): Load => ({
  servers,
  ready: servers,
  latencyMsMean: uniform() < 0.1 ? null : 3000 * uniform() ** 4,
  requestsPerSecond: 500 * uniform(),
  errorRate: uniform() ** 4,
  active: Math.floor(200 * uniform() ** 2),
  queued: uniform() < 0.1 ? null : Math.floor(100 * uniform() ** 2),
  concurrencyMean: 200 * uniform() ** 2,
  waiting: 0,
  members: [],
});
