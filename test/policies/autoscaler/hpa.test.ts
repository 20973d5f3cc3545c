/** The HPA over time. Its single calculations are under the conformance cases. */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import { AUTOSCALERS } from '../../../src/policies/autoscaler/index.ts';
import { Stage } from './stage.ts';

const { hpa } = AUTOSCALERS as { hpa: (typeof AUTOSCALERS)[string] };

const scaler = (options: object = {}) =>
  hpa.make(hpa.options.parse(options) as never, sequential(1, 'hpa'));

const stage = (options: object = {}, of: { servers?: number; startup?: number } = {}) =>
  new Stage(scaler({ max: 100, ...options }), of);

/** Quiet for long enough that a start is forgotten. */
const settled = (options: object = {}, servers = 4, busy = 6) => {
  const on = stage({ cpu: '60%', ...options }, { servers });
  on.turns(24, { busy });
  expect(on.servers).toBe(servers);
  return on;
};

describe('the target', () => {
  it('is usage over target times the servers, rounded up', () => {
    expect(settled().turn({ busy: 9 })).toEqual({
      desired: 6,
      because: 'cpu 90% (target 60%) asks for 6',
    });
  });

  it('leaves a tenth alone either way, and a percent that is not whole is cut before', () => {
    // 66.9 % reads as 66 %, and 66 / 60 is just inside.
    expect(settled().turn({ busy: 6.69 }).desired).toBe(4);
    expect(settled().turn({ busy: 6.71 }).desired).toBe(5);
  });

  it('is 80 % CPU when no metric is given, as the API server has it', () => {
    const on = stage({}, { servers: 4 });
    on.turns(3, { busy: 8 });
    expect(on.turn({ busy: 10 }).because).toContain('cpu 100% (target 80%)');
  });

  it('goes by the request where that is less than all slots', () => {
    const on = settled({ request: '50%', cpu: '120%' });
    expect(on.turn({ busy: 9 }).because).toContain('cpu 180% (target 120%) asks for 6');
  });

  it('may be calls in a server, its queue, the backlog, arrivals or concurrency', () => {
    const says = (options: object, turn: object) => {
      const on = stage({ ...options, max: 4 }, { servers: 4 });
      on.turn(turn);
      return on.turn(turn).because;
    };
    const busy = { busy: 8, queued: 4 };
    expect(says({ inFlight: 6 }, busy)).toContain('inFlight 12 (target 6)');
    expect(says({ queued: 2 }, busy)).toContain('queued 4 (target 2)');
    expect(says({ requests: '40/s' }, busy)).toContain('requests 80 (target 40)');
    expect(says({ backlog: { perServer: 3 } }, { ...busy, waiting: 8 })).toContain(
      'backlog 24 (target 3 a server) asks for 8',
    );
    expect(says({ arrivals: { perServer: '50/s' } }, { requestsPerSecond: 300 })).toContain(
      'arrivals 300 (target 50 a server) asks for 6',
    );
    expect(says({ concurrency: { total: 20 } }, { concurrencyMean: 30 })).toContain(
      'concurrency 30 (target 20) asks for 6',
    );
  });
});

describe('time', () => {
  it('removes nothing until the highest recommendation of 300 s has passed, then all at once', () => {
    const on = settled({}, 6);
    const sizes = on.turns(24, { busy: 1.2 });
    expect(sizes.indexOf(2)).toBe(20);
    expect(sizes[19]).toBe(6);
  });

  it('removes nothing for 300 s of its own start either, whatever the load', () => {
    const sizes = stage({ cpu: '60%' }, { servers: 6 }).turns(30, { busy: 1.2 });
    expect(sizes.indexOf(2)).toBeGreaterThanOrEqual(20);
  });

  it('at most doubles, or goes to 4, where there is no behaviour', () => {
    const on = settled({ inFlight: 1, cpu: '100%' }, 1, 1);
    expect(on.turns(3, { busy: 10, queued: 90 })).toEqual([4, 8, 16]);
  });

  it('adds what the policies of its behaviour allow in a period, the larger or the smaller one', () => {
    const policies = [
      { pods: 1, period: '60s' },
      { percent: '100%', period: '60s' },
    ];
    const sizes = (select: string) =>
      settled({ inFlight: 1, cpu: '100%', behavior: { up: { policies, select } } }, 3, 1).turns(6, {
        busy: 10,
        queued: 90,
      });
    expect(sizes('max')).toEqual([6, 6, 6, 6, 12, 12]);
    expect(sizes('min')).toEqual([4, 4, 4, 4, 5, 5]);
    expect(sizes('disabled')).toEqual([3, 3, 3, 3, 3, 3]);
  });

  it('adds no more than the lowest recommendation of a window on the way up', () => {
    const on = settled({ behavior: { up: { window: '60s' } } });
    expect(on.turns(4, { busy: 9 })).toEqual([4, 4, 4, 6]);
  });

  it('sees a change later by the lag of its metrics', () => {
    const first = (lag: string) =>
      settled({ lag })
        .turns(8, { busy: 9 })
        .findIndex((size) => size > 4);
    expect(first('0s')).toBe(0);
    expect(first('30s')).toBe(2);
  });

  it.each(['arrivals', 'concurrency', 'backlog'])(
    'sees the balancer later by that lag as well: %s',
    (metric) => {
      const first = (lag: string) => {
        const target = metric === 'arrivals' ? '10/s' : 10;
        const on = settled({ [metric]: { perServer: target }, lag });
        const turn = { busy: 6, requestsPerSecond: 90, concurrencyMean: 90, waiting: 90 };
        return on.turns(8, turn).findIndex((size) => size > 4);
      };
      expect(first('0s')).toBe(0);
      expect(first('30s')).toBe(2);
    },
  );

  it('has no opinion of a number that is not old enough to be seen', () => {
    const on = stage({ arrivals: { perServer: '10/s' }, lag: '30s' });
    expect(on.turn({ requestsPerSecond: 90 }).because).toContain('nothing is known of it yet');
  });

  it('does not count a change that somebody else made as its own', () => {
    const slow = { behavior: { down: { window: '0s', policies: [{ pods: 1, period: '60s' }] } } };
    const on = settled(slow, 6);
    expect(on.turn({ busy: 1 }).desired).toBe(5);
    // Put back at once: the change was not made, so the next one is not rate limited by it.
    on.follow(6);
    expect(on.turn({ busy: 1 }).desired).toBe(5);
    expect(on.turn({ busy: 1 }).desired).toBe(5);
  });
});

describe('what it does not know', () => {
  it('is not taken for zero: without any report it changes nothing and says so', () => {
    const on = settled();
    on.turns(3, { mute: 'all' });
    expect(on.turns(40, { mute: 'all' }).every((size) => size === 4)).toBe(true);
    expect(on.turn({ mute: 'all' }).because).toContain('cpu: no ready pod has a value');
  });

  it('counts as idle on the way up and as busy on the way down', () => {
    const mute = [0, 1];
    const up = settled();
    up.turns(4, { busy: 6, mute });
    // Two at 100 %, two taken for idle: 50 % would turn the direction.
    expect(up.turn({ busy: 10, mute }).desired).toBe(4);
    const down = settled({ stabilization: '0s' });
    down.turns(4, { busy: 6, mute });
    // Two at 20 %, two taken for 100 %: 60 %, on target.
    expect(down.turn({ busy: 2, mute }).desired).toBe(4);
    expect(settled({ stabilization: '0s' }).turn({ busy: 2 }).desired).toBe(2);
  });

  it('blocks the way down and not the way up where another metric is known', () => {
    const options = { cpu: '60%', concurrency: { perServer: 5 }, stabilization: '0s' };
    const on = stage(options, { servers: 4 });
    on.turns(24, { busy: 6, concurrencyMean: 20 });
    on.turns(4, { mute: 'all', concurrencyMean: 20 });
    expect(on.turn({ mute: 'all', concurrencyMean: 5 })).toMatchObject({ desired: 4 });
    expect(on.turn({ mute: 'all', concurrencyMean: 30 })).toMatchObject({ desired: 6 });
  });

  it('counts starting servers as idle when it would add more, so that it does not add twice', () => {
    const on = stage({ cpu: '60%' }, { servers: 4, startup: 60_000 });
    on.turns(24, { busy: 6 });
    expect(on.turns(4, { busy: 9 })).toEqual([6, 6, 6, 6]);
  });

  it('distrusts the CPU of a new server for a metric window after it became ready', () => {
    const on = settled();
    expect(on.turn({ busy: 9 }).desired).toBe(6);
    // The two new ones are hot, and not believed: four at 60 % are on target.
    expect(on.turn({ busy: (id) => (id < 4 ? 6 : 10) }).desired).toBe(6);
  });

  it('hides one hot server behind the mean of the others', () => {
    expect(settled().turn({ busy: (id) => (id === 0 ? 10 : 5) }).desired).toBe(4);
  });
});

describe('several metrics', () => {
  it('the largest proposal counts, whichever way the metrics are written', () => {
    for (const options of [
      { cpu: '60%', concurrency: { perServer: 5 } },
      { metrics: [{ cpu: '60%' }, { concurrency: { perServer: 5 } }] },
      { cpu: '60%', metrics: [{ concurrency: { perServer: 5 } }] },
    ]) {
      const on = stage(options, { servers: 4 });
      on.turns(24, { busy: 6, concurrencyMean: 20 });
      expect(on.turn({ busy: 9, concurrencyMean: 40 }).desired).toBe(8);
      expect(on.turn({ busy: 10, concurrencyMean: 40 }).because).toContain('cpu');
    }
  });
});

describe('bounds', () => {
  it('are restored at once, without a look at the metrics', () => {
    const on = stage({ min: 3, max: 5 }, { servers: 1 });
    expect(on.turn({ mute: 'all' })).toEqual({ desired: 3, because: 'fewer than min 3' });
    on.follow(20);
    expect(on.turn({ mute: 'all' })).toEqual({ desired: 5, because: 'more than max 5' });
  });

  it('a fleet of none was switched off by somebody and stays so, unless the minimum is 0', () => {
    expect(stage({}, { servers: 0 }).turn()).toEqual({
      desired: 0,
      because: 'no servers: scaling is disabled',
    });
    const awake = stage({ min: 0, concurrency: { perServer: 5 } }, { servers: 0 });
    expect(awake.turn({ concurrencyMean: 12 }).desired).toBe(3);
  });
});

describe('options', () => {
  it('refuse what Kubernetes refuses, and what cannot be', () => {
    const refused = [
      { min: 5, max: 4 },
      { min: 0 },
      { cpu: 0.7 },
      { metrics: [{}] },
      { backlog: {} },
      { backlog: { perServer: 1, total: 1 } },
      { behavior: { up: { policies: [{ period: '15s' }] } } },
      { behavior: { up: { policies: [{ pods: 1, percent: '10%', period: '15s' }] } } },
      { behavior: { up: { policies: [{ pods: 1, period: '31m' }] } } },
      { behavior: { up: { policies: [] } } },
      { behavior: { down: { window: '61m' } } },
    ];
    for (const options of refused) expect(hpa.options.safeParse(options).success).toBe(false);
  });
});
