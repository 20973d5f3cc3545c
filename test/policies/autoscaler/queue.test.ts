/** KEDA's two halves over time: the HPA between 1 and max, and the sleep of a fleet without work. */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import { AUTOSCALERS } from '../../../src/policies/autoscaler/index.ts';
import { Stage } from './stage.ts';

const stage = (options: object = {}, of: { servers?: number; startup?: number } = {}) => {
  const entry = AUTOSCALERS['queue']!;
  const written = { max: 100, ...options };
  return new Stage(entry.make(entry.options.parse(written) as never, sequential(1, 'queue')), of);
};

describe('awake', () => {
  it('wants a server for every `perServer` calls that wait or run', () => {
    const on = stage({ perServer: 5 });
    expect(on.turn({ busy: 5, queued: 2, waiting: 2 })).toEqual({
      desired: 6,
      because: 'queue 30 (target 5 a server) asks for 6',
    });
  });

  it('with `atWork: false` thinks nothing of busy servers that keep up', () => {
    const sizes = stage({ atWork: false, stabilization: '0s' }).turns(2, { busy: 10 });
    expect(sizes.at(-1)).toBe(1);
  });

  it('takes servers that do not report for as loaded as the others, within what was sent to them', () => {
    expect(stage({}).turn({ busy: 5, queued: 5, mute: [0, 1] }).desired).toBe(8);
    const isNew = (id: number) => (id < 2 ? 0 : 5);
    expect(stage({}).turn({ busy: isNew, queued: 0, mute: [0, 1] }).because).toContain('queue 10');
  });

  it('takes a queue that it cannot read for no reason to scale in', () => {
    const on = stage({ stabilization: '0s' });
    on.turn({ busy: 5 });
    expect(on.turns(20, { mute: 'all' })).toEqual(Array(20).fill(4));
  });

  it('falls back to so many servers after so many polls without a value', () => {
    const on = stage({ fallback: { failures: 3, servers: 7 } });
    // Polls are at the first turn and then every other one.
    expect(on.turns(5, { mute: 'all' })).toEqual([4, 4, 4, 4, 7]);
    expect(on.turn({ mute: 'all' }).because).toContain('the fallback');
  });

  it('may fall back to no less than there is, or to no more', () => {
    const after = (servers: number, behavior: string) =>
      stage({ fallback: { failures: 1, servers, behavior }, stabilization: '0s' })
        .turns(6, { mute: 'all' })
        .at(-1);
    expect([after(2, 'static'), after(7, 'static')]).toEqual([2, 7]);
    expect([after(2, 'current'), after(7, 'current')]).toEqual([4, 4]);
    expect([after(2, 'current-if-higher'), after(7, 'current-if-higher')]).toEqual([4, 7]);
    expect([after(2, 'current-if-lower'), after(7, 'current-if-lower')]).toEqual([2, 4]);
  });
});

describe('asleep', () => {
  it('sleeps after the cooldown without any work, and not with a minimum of 1', () => {
    const sizes = stage({ min: 0 }).turns(30, {});
    expect(sizes.findIndex((size) => size === 0)).toBe(19);
    expect(stage({ min: 1 }).turns(60, {}).at(-1)).toBe(1);
  });

  it('does not sleep while it cannot read the queue', () => {
    const on = stage({ min: 0 });
    on.turn({ busy: 1 });
    expect(on.turns(60, { mute: 'all' })).toEqual(Array(60).fill(4));
  });

  it('wakes to one at the next poll that finds more than `activation`', () => {
    const on = stage({ min: 0, activation: 2 }, { servers: 0 });
    expect(on.turn({ waiting: 2 }).desired).toBe(0);
    expect(on.turn({ waiting: 3 })).toMatchObject({ desired: 0 });
    expect(on.turn({ waiting: 3 })).toEqual({ desired: 1, because: 'there is something to do' });
  });

  it('knows what waits for the first server while that starts', () => {
    const on = stage({ min: 0 }, { servers: 0, startup: 60_000 });
    on.turn({ waiting: 0 });
    expect(on.turns(3, { waiting: 40 })).toEqual([0, 1, 4]);
  });
});
