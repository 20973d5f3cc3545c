import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import { envoy, EnvoyEjection, type EnvoyOptions } from '../../../src/policies/ejection/envoy.ts';
import { backAt, calls, interval, join, out } from './fleet.ts';

const PRESET = envoy.options.parse({}) as unknown as EnvoyOptions;

const fleet = (count: number, change: Partial<EnvoyOptions> = {}) => {
  const ejection = new EnvoyEjection({ ...PRESET, ...change }, sequential(1, 'ejection'));
  join(ejection, count);
  return ejection;
};

describe('failures in a row', () => {
  it('eject at the fifth, at once, and say so', () => {
    const ejection = fleet(10);
    calls(ejection, 1, 3, 4);
    expect(out(ejection)).toEqual([]);
    calls(ejection, 2, 3, 1, 'timeout');
    expect(out(ejection)).toEqual([3]);
    expect(ejection.because(3)).toBe('5 failures in a row, the last: timeout');
    expect(ejection.changed).toEqual([3]);
  });

  it('begin anew after a good answer; a tool error, a lost session and a 429 are good ones', () => {
    const ejection = fleet(10);
    for (const good of ['ok', 'tool-error', 'session-lost'] as const) {
      calls(ejection, 1, 0, 4);
      calls(ejection, 1, 0, 1, good);
    }
    calls(ejection, 1, 0, 4);
    calls(ejection, 1, 0, 1, 'cancelled');
    expect(out(ejection)).toEqual([]);
    calls(ejection, 1, 0, 1);
    expect(out(ejection)).toEqual([0]);
  });

  it('of the gateway kind are a run of their own, which an answer 500 ends', () => {
    const gateway = { enforceConsecutive5xx: 0, enforceConsecutiveGateway: 1 };
    const mixed = fleet(10, gateway);
    calls(mixed, 1, 0, 4, 'refused');
    calls(mixed, 1, 0, 1, 'http-5xx');
    calls(mixed, 1, 0, 4, 'reset');
    expect(out(mixed)).toEqual([]);
    calls(mixed, 1, 0, 1, 'overloaded');
    expect(mixed.because(0)).toBe('5 gateway failures in a row, the last: overloaded');
  });

  it('start counting anew when the ejection is not enforced', () => {
    const ejection = fleet(10, { enforceConsecutive5xx: 0 });
    calls(ejection, 1, 0, 1000);
    expect(out(ejection)).toEqual([]);
  });

  it('are enforced as often as told', () => {
    let ejected = 0;
    const ejection = fleet(1000, { enforceConsecutive5xx: 0.3, maxEjected: 1 });
    for (let server = 0; server < 1000; server++) {
      calls(ejection, 1, server, 5);
      if (ejection.ejected(server)) ejected++;
    }
    expect(Math.abs(ejected - 300)).toBeLessThan(4 * Math.sqrt(1000 * 0.3 * 0.7));
  });
});

describe('outliers at a sweep', () => {
  const rates = { enforceConsecutive5xx: 0, maxEjected: 1 };

  it('are below the mean by 1.9 deviations: 50 % among four perfect servers', () => {
    const ejection = fleet(5, rates);
    interval(ejection, 1, [100, 100, 100, 100, 50]);
    ejection.sweep(10_000);
    expect(out(ejection)).toEqual([4]);
    expect(ejection.because(4)).toBe('success rate 50%, below 52%');
  });

  it('hide each other: of two bad servers among five none is one', () => {
    const ejection = fleet(5, rates);
    interval(ejection, 1, [100, 100, 100, 0, 0]);
    ejection.sweep(10_000);
    expect(out(ejection)).toEqual([]);
  });

  it('cannot exist among four servers, even when four may be compared', () => {
    const ejection = fleet(4, { ...rates, successRateServers: 1 });
    interval(ejection, 1, [100, 100, 100, 0]);
    ejection.sweep(10_000);
    expect(out(ejection)).toEqual([]);
  });

  it('are not looked for below 100 calls, nor among fewer than five servers with so many', () => {
    const ejection = fleet(5, rates);
    interval(ejection, 1, [100, 100, 100, 100]);
    calls(ejection, 1, 4, 99);
    ejection.sweep(10_000);
    expect(out(ejection)).toEqual([]);
  });

  it('are judged by the last interval alone', () => {
    const ejection = fleet(5, rates);
    interval(ejection, 1, [100, 100, 100, 100, 100]);
    ejection.sweep(10_000);
    interval(ejection, 10_001, [100, 100, 100, 100, 0]);
    ejection.sweep(20_000);
    expect(out(ejection)).toEqual([4]);
    interval(ejection, 20_001, [100, 100, 100, 100]);
    ejection.sweep(30_000);
    expect(out(ejection)).toEqual([4]);
  });

  it('may be judged by their failures too: 85 % and more', () => {
    const only = { ...rates, enforceSuccessRate: 0, enforceFailurePercentage: 1 };
    const ejection = fleet(5, only);
    interval(ejection, 1, [100, 100, 100, 16, 15]);
    ejection.sweep(10_000);
    expect(out(ejection)).toEqual([4]);
    expect(ejection.because(4)).toBe('85% failures, at least 85%');
  });

  it('found by both rules are ejected once, so the cap still counts right', () => {
    const ejection = fleet(5, { enforceFailurePercentage: 1, maxEjected: 0.4 });
    interval(ejection, 1, [100, 100, 100, 100, 10]);
    calls(ejection, 1, 4, 1, 'ok');
    ejection.changed.length = 0;
    ejection.sweep(10_000);
    calls(ejection, 10_001, 0, 5);
    expect(out(ejection)).toEqual([0, 4]);
    calls(ejection, 10_002, 1, 5);
    expect(out(ejection)).toEqual([0, 4]);
    ejection.left(10_003, 4);
    expect(out(ejection)).toEqual([0]);
  });
});

describe('the cap', () => {
  const allFail = (ejection: EnvoyEjection, count: number) => {
    for (let server = 0; server < count; server++) calls(ejection, 1, server, 5);
    return out(ejection);
  };

  it('of 10 % lets one of ten out, and nobody of nine', () => {
    expect(allFail(fleet(10), 10)).toEqual([0]);
    expect(allFail(fleet(9), 9)).toEqual([]);
  });

  it('counts exactly: 29 % of 100 servers are 29', () => {
    expect(allFail(fleet(100, { maxEjected: 0.29 }), 100)).toHaveLength(29);
  });

  it('in a small fleet lets one out of three, and none of two, when told `one`', () => {
    expect(allFail(fleet(9, { smallFleet: 'one' }), 9)).toEqual([0]);
    expect(allFail(fleet(3, { smallFleet: 'one' }), 3)).toEqual([0]);
    expect(allFail(fleet(2, { smallFleet: 'one' }), 2)).toEqual([]);
  });

  it('lets the only server out when told `always-one`', () => {
    expect(allFail(fleet(1, { smallFleet: 'always-one' }), 1)).toEqual([0]);
    expect(allFail(fleet(2, { smallFleet: 'always-one' }), 2)).toEqual([0]);
  });

  it('has room again when an ejected server leaves', () => {
    const ejection = fleet(11);
    expect(allFail(ejection, 11)).toEqual([0]);
    ejection.left(2, 0);
    calls(ejection, 3, 5, 5);
    expect(out(ejection)).toEqual([5]);
  });
});

describe('an ejection', () => {
  const failed = (ejection: EnvoyEjection, now: number) => {
    calls(ejection, now, 0, 5);
    expect(ejection.ejected(0)).toBe(true);
  };

  it('ends at the first sweep after its time, not before', () => {
    const ejection = fleet(10);
    failed(ejection, 1);
    ejection.sweep(30_000);
    expect(ejection.ejected(0)).toBe(true);
    ejection.sweep(40_000);
    expect(ejection.ejected(0)).toBe(false);
    expect(ejection.because(0)).toBe('30s have passed');
  });

  it('lasts longer each time, up to 300 s, and shorter again after healthy sweeps', () => {
    const ejection = fleet(10);
    let now = 0;
    const lasted: number[] = [];
    for (let time = 0; time < 12; time++) {
      failed(ejection, now);
      const back = backAt(ejection, now);
      lasted.push((back - now) / 1000);
      now = back;
    }
    expect(lasted).toEqual([30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300]);
    for (let sweep = 0; sweep < 9; sweep++) ejection.sweep((now += 10_000));
    failed(ejection, now);
    expect(backAt(ejection, now) - now).toBe(90_000);
  });

  it('gets a jitter of its own, up to what was told', () => {
    const ejection = fleet(100, { maxEjected: 1, jitter: 20_000 });
    for (let server = 0; server < 100; server++) calls(ejection, 0, server, 5);
    const left = [10, 20, 30, 40, 50].map((sec) => {
      ejection.sweep(sec * 1000);
      return out(ejection).length;
    });
    expect(left.slice(0, 3)).toEqual([100, 100, 100]);
    expect(Math.abs(left[3]! - 50)).toBeLessThan(20);
    expect(left[4]).toBe(0);
  });

  it('ends at a good active check, which is how a grey failure comes back', () => {
    const ejection = fleet(10);
    failed(ejection, 1);
    ejection.probed(2, 0, false);
    expect(ejection.ejected(0)).toBe(true);
    ejection.probed(3, 0, true);
    expect(ejection.ejected(0)).toBe(false);
    expect(ejection.because(0)).toBe('a good check');
    expect(ejection.changed).toEqual([0, 0]);
    const deaf = fleet(10, { takeBackOnCheck: false });
    failed(deaf, 1);
    deaf.probed(3, 0, true);
    expect(deaf.ejected(0)).toBe(true);
  });

  it('leaves no failures behind that would eject again at the first new one', () => {
    const ejection = fleet(10);
    failed(ejection, 0);
    calls(ejection, 1, 0, 4, 'reset');
    expect(backAt(ejection, 0)).toBe(30_000);
    calls(ejection, 30_001, 0, 4);
    expect(ejection.ejected(0)).toBe(false);
  });
});
