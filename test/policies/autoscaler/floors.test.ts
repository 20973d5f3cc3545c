/** What puts a minimum under a reactive autoscaler: the clock, and the last season. */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import { AUTOSCALERS } from '../../../src/policies/autoscaler/index.ts';
import { Stage } from './stage.ts';

const parse = (name: string, options: object) => AUTOSCALERS[name]!.options.parse(options);

const stage = (name: string, options: object, servers = 2) =>
  new Stage(AUTOSCALERS[name]!.make(parse(name, options) as never, sequential(1, name)), {
    servers,
  });

/** An HPA without memory or limits, so that the floor alone is seen: a server for so many requests a second. */
const memoryless = (perServer: string) => ({
  hpa: {
    max: 20,
    arrivals: { perServer },
    stabilization: '0s',
    behavior: { up: { policies: [{ pods: 100, period: '15s' }] } },
  },
});
const UNDER = memoryless('10/s');

describe('a schedule', () => {
  const scheduled = (options: object, servers?: number) =>
    stage('schedule', { under: UNDER, ...options }, servers);
  const calm = { requestsPerSecond: 20 };

  it('holds its minimum from the moment a window opens until it closes', () => {
    const windows = [{ from: '60s', to: '120s', min: 6 }];
    expect(scheduled({ windows }).turns(9, calm)).toEqual([2, 2, 2, 6, 6, 6, 6, 2, 2]);
  });

  it('says whose idea it was', () => {
    const on = scheduled({ windows: [{ from: '0s', min: 6 }] });
    expect(on.turn(calm).because).toContain(
      'the schedule wants 6 (of itself it would be 2: arrivals',
    );
  });

  it('only raises: load beyond the minimum still adds servers', () => {
    const on = scheduled({ windows: [{ from: '0s', min: 3 }] });
    expect(on.turn({ requestsPerSecond: 40 }).desired).toBe(4);
  });

  it('takes the largest of the windows that are open, up to the max of what is under it', () => {
    const windows = [
      { from: '0s', min: 3 },
      { from: '15s', to: '45s', min: 5 },
      { from: '60s', min: 50 },
    ];
    expect(scheduled({ windows }).turns(4, calm)).toEqual([5, 5, 3, 20]);
  });

  it('comes again where it is told to repeat', () => {
    const options = { windows: [{ from: '15s', to: '30s', min: 6 }], repeat: '60s' };
    expect(scheduled(options).turns(9, calm)).toEqual([6, 2, 2, 2, 6, 2, 2, 2, 6]);
  });

  it('may stand over a forecast, whose own bound is that of its reactive policy', () => {
    const under = { predictive: { under: UNDER } };
    const on = scheduled({ windows: [{ from: '0s', min: 50 }], under });
    expect(on.turn(calm).desired).toBe(20);
  });
});

describe('a forecast', () => {
  const predicted = (options: object = {}) =>
    stage('predictive', {
      season: '120s',
      ahead: '30s',
      utilization: '50%',
      under: UNDER,
      ...options,
    });
  /** Busy as 100 ms of a slot for each request make it: a server at 50 % takes 50 requests a second. */
  const at = (requestsPerSecond: number) => ({ requestsPerSecond, busy: 1 });
  const quiet = (on: Stage, turns: number) => on.turns(turns, at(10));
  const PEAK = 190;

  it('has the servers of the last peak up before it comes again', () => {
    const on = predicted({
      under: memoryless('100/s'),
    });
    quiet(on, 7);
    on.turn(at(PEAK));
    // The peak was in the eighth interval; ahead are the next two.
    expect(quiet(on, 5)).toEqual([1, 1, 1, 1, 1]);
    expect(on.turn(at(10))).toMatchObject({
      desired: 4,
      because: expect.stringContaining('190/s are expected') as string,
    });
    expect(on.turn(at(10)).desired).toBe(4);
    expect(on.turn(at(10)).desired).toBe(1);
  });

  it('says nothing before it has seen a season, nor before it knows what a request costs', () => {
    const on = predicted();
    on.turns(3, at(PEAK));
    expect(quiet(on, 3)).toEqual([1, 1, 1]);
    const blind = predicted();
    blind.turns(8, { ...at(PEAK), mute: 'all' });
    expect(blind.turn({ ...at(10), mute: 'all' }).desired).toBe(1);
  });

  it('only raises: a peak that was not foreseen is left to the reactive policy', () => {
    const on = predicted();
    quiet(on, 10);
    expect(on.turn(at(PEAK)).desired).toBe(19);
  });

  it('reckons with what a request costs now, not with what it cost on average since the start', () => {
    // Two hours of calls of 400 ms after a day of calls of 100 ms: 50/s are 20 busy slots, 4 servers at 50 %.
    const on = predicted({ under: memoryless('1000/s'), season: '24h', ahead: '5m' });
    const day = 24 * 60 * 4;
    on.turns(day, { ...at(50), callMs: 100 });
    on.turns(2 * 60 * 4, { ...at(50), callMs: 400 });
    expect(on.turn({ ...at(50), callMs: 400 }).desired).toBe(4);
    // And it forgets the dear calls as it forgot the cheap ones.
    on.turns(2 * 60 * 4, { ...at(50), callMs: 100 });
    expect(on.turn({ ...at(50), callMs: 100 }).desired).toBe(1);
  });

  it('remembers what a request costs through a time without any', () => {
    const on = predicted({ under: memoryless('1000/s') });
    on.turns(8, at(200));
    expect(on.turns(4, { requestsPerSecond: 0, busy: 0 })).toEqual([4, 4, 4, 4]);
  });

  it('averages the seasons it has seen, and adds its margin', () => {
    const flat = (options: object) => {
      const on = predicted({ under: memoryless('1000/s'), ...options });
      on.turns(8, at(100));
      on.turns(8, at(300));
      return on.turn(at(0)).desired;
    };
    expect(flat({})).toBe(6);
    expect(flat({ seasons: 2 })).toBe(4);
    expect(flat({ seasons: 2, margin: '50%' })).toBe(6);
  });
});

describe('what is under them', () => {
  it('is named as anywhere else, with or without options', () => {
    const of = (under: unknown) => parse('schedule', { under })['under'];
    expect(of('step')).toEqual({ name: 'step', options: AUTOSCALERS['step']!.options.parse({}) });
    expect(of({ hpa: { max: 7 } })).toMatchObject({ name: 'hpa', options: { max: 7 } });
    expect(parse('schedule', {})['under']).toMatchObject({ name: 'hpa' });
  });

  it('is one reactive policy: not none, not two, not itself, not an unknown one', () => {
    const wrong = ['none', 'schedule', 'hpaa', {}, { hpa: {}, step: {} }, { hpa: { mx: 7 } }];
    for (const under of wrong)
      expect(AUTOSCALERS['schedule']!.options.safeParse({ under }).success).toBe(false);
    expect(AUTOSCALERS['predictive']!.options.safeParse({ under: 'predictive' }).success).toBe(
      false,
    );
  });

  it('decides and is scraped at its own pace', () => {
    const on = AUTOSCALERS['schedule']!.make(
      parse('schedule', { under: { hpa: { every: '7s', scrape: '3s' } } }) as never,
      sequential(1, 'schedule'),
    );
    expect([on.every, on.scrape]).toEqual([7000, 3000]);
  });
});
