import { describe, expect, it } from 'vitest';
import { slowStartFactor, type SlowStart } from '../../../src/policies/guards/slow-start.ts';

const ENVOY: SlowStart = { as: 'envoy', window: 60_000, aggression: 1, minWeight: 0.1 };
const HAPROXY: SlowStart = { as: 'haproxy', window: 32_000 };

describe('slow start', () => {
  it('as Envoy has it rises in line from the least weight', () => {
    const at = (elapsed: number) => slowStartFactor(ENVOY, elapsed);
    expect([0, 6000, 30_000, 60_000, 1e9].map(at)).toEqual([0.1, 0.1, 0.5, 1, 1]);
    expect(at(20_000)).toBeCloseTo(1 / 3, 12);
  });

  it('as Envoy has it rises early with an aggression above 1 and late with one below', () => {
    expect(slowStartFactor({ ...ENVOY, aggression: 2 }, 15_000)).toBeCloseTo(0.5, 12);
    expect(slowStartFactor({ ...ENVOY, aggression: 0.5 }, 30_000)).toBeCloseTo(0.25, 12);
    expect(slowStartFactor({ ...ENVOY, aggression: 0 }, 30_000)).toBe(0.5);
  });

  it('as HAProxy has it rises in 16 steps from 1/16', () => {
    const at = (elapsed: number) => slowStartFactor(HAPROXY, elapsed) * 16;
    expect([0, 1999, 2000, 16_000, 31_999, 32_000].map(at)).toEqual([1, 1, 2, 9, 16, 16]);
  });

  it('never leaves a server without any chance, nor gives it more than its weight', () => {
    for (const rule of [ENVOY, { ...ENVOY, minWeight: 0 }, HAPROXY])
      for (let elapsed = 0; elapsed <= 70_000; elapsed += 500) {
        const factor = slowStartFactor(rule, elapsed);
        expect(factor > 0 && factor <= 1).toBe(true);
      }
  });
});
