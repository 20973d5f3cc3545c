/** What a fleet wants when it is told this and that: timelines at its door. */
import { describe, expect, it } from 'vitest';
import { autoscaler, breaker, constant, health } from '../sim/lab.ts';
import { Door } from './door.ts';

const retries = (attempts: number, pause: number) => ({ attempts, backoff: constant(pause) });

describe('a call', () => {
  it('is sent, answered and replied to', () => {
    const door = new Door({});
    door.arrive(10);
    expect(door.wanted()).toEqual(['10 send 0 0.0/0 attempt 0 to 0']);
    door.fleet.answered(25, 0, 'ok');
    expect(door.wanted()).toEqual(['25 reply 0.0/0: ok']);
    expect(door.fleet.inFlight).toBe(0);
  });

  it('is not tried again once its reply has begun', () => {
    const door = new Door({ traffic: { retries: retries(2, 10) }, servers: { count: 2 } });
    door.arrive(10);
    door.fleet.began(20, 0);
    door.fleet.answered(30, 0, 'reset');
    expect(door.wanted().at(-1)).toBe('30 reply 0.0/0: reset');
  });

  it('is not taken for begun because an earlier attempt began too late', () => {
    // Nobody woke the fleet at 60: the news of a first byte at 75 finds the deadline passed and the call tried again.
    const door = new Door({
      traffic: { timeout: 50, retries: retries(3, 0) },
      servers: { count: 3 },
    });
    door.arrive(10);
    door.fleet.began(75, 0);
    expect(door.wanted()).toEqual([
      '10 send 0 0.0/0 attempt 0 to 0',
      '60 abandon 0: timeout',
      '60 send 0 0.0/0 attempt 1 to 1',
    ]);
    door.fleet.answered(80, 0, 'refused');
    door.fleet.woke(80);
    expect(door.wanted()).toEqual(['80 send 0 0.0/0 attempt 2 to 2']);
  });

  it('is abandoned when its client goes away, in flight or waiting for another attempt', () => {
    const door = new Door({ traffic: { retries: retries(2, 50) } });
    const [first, second] = [door.arrive(10), door.arrive(10)];
    door.fleet.answered(20, 1, 'refused');
    door.wanted();
    door.fleet.left(30, first);
    door.fleet.left(30, second);
    expect(door.wanted()).toEqual([
      '30 abandon 0: cancelled',
      '30 reply 0.0/0: cancelled',
      '30 reply 1.0/0: cancelled',
    ]);
    door.fleet.left(40, first);
    door.fleet.woke(100);
    expect(door.wanted()).toEqual([]);
  });

  it('settles what was due before it hears what is new, in the order in which it was due', () => {
    const door = new Door({ traffic: { timeout: 50 } });
    door.arrive(10);
    door.arrive(20);
    door.wanted();
    door.arrive(1000);
    expect(door.wanted()).toEqual([
      '60 abandon 0: timeout',
      '60 reply 0.0/0: timeout',
      '70 abandon 1: timeout',
      '70 reply 1.0/0: timeout',
      expect.stringMatching(/^1000 send . 2\.0/),
    ]);
  });
});

describe('a request that cannot be sent', () => {
  it('tells a fleet that is cut off from one that is down, also after a drain', () => {
    const door = new Door({
      servers: { count: 2 },
      setup: {
        health: health({ unhealthy: 1, interval: '1h' }),
        breaker: breaker({ failures: 1 }),
        autoscaler: autoscaler({
          every: '1s',
          cooldown: '1h',
          min: 1,
          max: 9,
          up: 1000,
          down: 999,
        }),
      },
    });
    door.fleet.woke(1000);
    expect(door.wanted()).toContainEqual(expect.stringContaining('s2 drains'));
    door.arrive(2000);
    door.fleet.answered(2001, 0, 'timeout');
    door.wanted();
    door.arrive(2002);
    expect(door.wanted()).toContain('2002 withhold 1.0/0: circuit-open');
    door.fleet.probed(2003, 0, false);
    door.wanted();
    door.arrive(2004);
    expect(door.wanted()).toContain('2004 withhold 2.0/0: no-server');
  });
});

describe('health checks', () => {
  it('come at their interval, however long the last one took, and never two at once', () => {
    const door = new Door(
      { setup: { health: health({ interval: '100ms', timeout: '80ms' }) } },
      { probePhase: () => 0.3 },
    );
    door.fleet.woke(30);
    door.fleet.probed(110, 0, false);
    door.fleet.woke(130);
    door.fleet.woke(230);
    door.fleet.woke(330);
    expect(door.wanted()).toEqual(['30 probe 0', '130 probe 0']);
    door.fleet.probed(340, 0, true);
    door.fleet.woke(340);
    expect(door.wanted()).toEqual([]);
    door.fleet.woke(430);
    expect(door.wanted()).toEqual(['430 probe 0']);
  });
});
