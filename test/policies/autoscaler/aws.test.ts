/** Target tracking and step scaling over time, a minute a turn. */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import { AUTOSCALERS } from '../../../src/policies/autoscaler/index.ts';
import { Stage } from './stage.ts';

const stage = (name: string, options: object, servers = 4) => {
  const entry = AUTOSCALERS[name]!;
  const written = { max: 100, ...options };
  const scaler = entry.make(entry.options.parse(written) as never, sequential(1, name));
  const on = new Stage(scaler, { servers });
  // The first report of CPU is no point yet: a point is the growth between two.
  on.turn({ busy: 5 });
  return on;
};

describe('target tracking', () => {
  const tracking = (options: object = {}, servers = 4) =>
    stage('target-tracking', { cpu: '50%', ...options }, servers);

  it('scales out in proportion at the third point above its target, not before', () => {
    expect(tracking().turns(3, { busy: 8 })).toEqual([4, 4, 7]);
    const on = tracking();
    on.turns(2, { busy: 8 });
    expect(on.turn({ busy: 8 })).toEqual({ desired: 7, because: 'cpu 80% (target 50%)' });
  });

  it('begins to count anew when a point is on target, and when one is missing', () => {
    for (const between of [{ busy: 5 }, { busy: 8, mute: 'all' as const }]) {
      const on = tracking();
      on.turns(2, { busy: 8 });
      on.turn(between);
      expect(on.turns(2, { busy: 8 })).toEqual([4, 4]);
      expect(on.turn({ busy: 8 }).desired).toBe(7);
    }
  });

  it('scales in at the fifteenth point below nine tenths of it, not for less', () => {
    const sizes = tracking().turns(15, { busy: 2 });
    expect(sizes.slice(0, 14)).toEqual(Array(14).fill(4));
    expect(sizes[14]).toBe(2);
    expect(tracking().turns(30, { busy: 4.6 })).toEqual(Array(30).fill(4));
    expect(tracking({ scaleIn: false }).turns(30, { busy: 2 })).toEqual(Array(30).fill(4));
  });

  it('adds only what is missing while servers warm up, and removes none', () => {
    const on = tracking({ in: 1 });
    on.turns(2, { busy: 8 });
    expect(on.turn({ busy: 8 }).desired).toBe(7);
    // Four warm ones at 80 % want seven, which are there; at 100 % they want eight.
    expect(on.turn({ busy: 8 }).desired).toBe(7);
    expect(on.turn({ busy: 10 }).desired).toBe(8);
    expect(on.turn({ busy: 1 })).toEqual({
      desired: 8,
      because: 'cpu 10% (target 50%); servers are warming up',
    });
    on.turns(5, { busy: 5 });
    expect(on.turn({ busy: 1 }).desired).toBe(2);
  });

  it('leaves servers that warm up out of the mean', () => {
    const on = tracking();
    on.turns(3, { busy: 8 });
    expect(on.turn({ busy: (id) => (id < 4 ? 5 : 0) }).because).toBe('cpu 50% (target 50%)');
  });

  it('goes out when any metric says so and in only when all do', () => {
    const both = { requests: '50/s', out: 1, in: 1, warmup: '0s' };
    expect(tracking(both).turn({ busy: 5, requestsPerSecond: 300 }).desired).toBe(6);
    expect(tracking(both).turn({ busy: 1, requestsPerSecond: 200 }).desired).toBe(4);
    // 10 % CPU alone would leave one; requests want two.
    expect(tracking(both).turn({ busy: 1, requestsPerSecond: 100 }).desired).toBe(2);
  });

  it('takes nothing away for want of data', () => {
    const on = tracking({ in: 1 });
    expect(on.turns(30, { mute: 'all' })).toEqual(Array(30).fill(4));
    expect(on.turn({ mute: 'all' }).because).toBe('cpu is missing');
  });
});

describe('step scaling', () => {
  const STEPS = {
    up: [
      { from: '60%', add: '10%' },
      { from: '70%', add: '30%' },
    ],
    down: [
      { below: '40%', remove: 1 },
      { below: '20%', remove: '50%' },
    ],
  };
  const steps = (options: object = {}, servers = 10) =>
    stage('step', { cpu: STEPS, out: 1, in: 1, ...options }, servers);

  it("follows the documentation's example: 10, one more at 60 %, two more when 70 % is reached meanwhile", () => {
    const on = steps();
    expect(on.turn({ busy: 5.9 }).desired).toBe(10);
    expect(on.turn({ busy: 6 }).desired).toBe(11);
    expect(on.turn({ busy: 6.2 }).desired).toBe(11);
    expect(on.turn({ busy: 7 }).desired).toBe(13);
  });

  it('removes by the lowest step that is undercut, once all servers are warm', () => {
    expect(steps().turn({ busy: 3 }).desired).toBe(9);
    expect(steps().turn({ busy: 1 }).desired).toBe(5);
    const on = steps();
    on.turn({ busy: 6 });
    expect(on.turn({ busy: 1 })).toEqual({
      desired: 11,
      because: 'cpu 10%; servers are warming up',
    });
  });

  it('rounds shares down, but to one at least', () => {
    expect(steps({}, 4).turn({ busy: 6 }).desired).toBe(5);
    expect(steps({}, 9).turn({ busy: 8 }).desired).toBe(11);
    expect(steps({}, 3).turn({ busy: 1 }).desired).toBe(2);
  });

  it('needs its points in a row', () => {
    expect(steps({ out: 2 }).turns(2, { busy: 6 })).toEqual([10, 11]);
    const on = steps({ out: 2 });
    on.turn({ busy: 6 });
    on.turn({ busy: 6, mute: 'all' });
    expect(on.turn({ busy: 6 }).desired).toBe(10);
  });

  it('as simple scaling lets a removal block an urgent addition for its cooldown', () => {
    const on = steps({ cooldown: '300s', warmup: '0s' });
    expect(on.turn({ busy: 3 }).desired).toBe(9);
    expect(on.turns(4, { busy: 10 })).toEqual([9, 9, 9, 9]);
    expect(on.turn({ busy: 10 }).desired).toBe(11);
  });

  it('goes by requests or concurrency for each ready server where told so', () => {
    const cpu = undefined;
    const requests = { up: [{ from: '50/s', add: 2 }] };
    expect(steps({ cpu, requests }).turn({ requestsPerSecond: 500 }).desired).toBe(12);
    const inFlight = { up: [{ from: 8, add: 1 }] };
    expect(steps({ cpu, inFlight }).turn({ concurrencyMean: 79 }).desired).toBe(10);
    expect(steps({ cpu, inFlight }).turn({ concurrencyMean: 80 }).desired).toBe(11);
  });

  it('goes by one metric only', () => {
    const both = { cpu: STEPS, requests: { up: [{ from: '50/s', add: 2 }] } };
    expect(AUTOSCALERS['step']!.options.safeParse(both).success).toBe(false);
  });
});
