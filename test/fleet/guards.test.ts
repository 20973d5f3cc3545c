/** The fleet's guards at its door: panic, slow start, limits and the backlog, budgets, hedges, key affinity, tool circuits. */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../src/core/rng.ts';
import type { FleetOptions } from '../../src/fleet/options.ts';
import { FixedLimit } from '../../src/policies/limit/fixed.ts';
import { BUDGETS } from '../../src/policies/budget/index.ts';
import { CoDel } from '../../src/policies/guards/codel.ts';
import { autoscaler, balancer, breaker, constant, health } from '../sim/lab.ts';
import { EJECTIONS } from '../../src/policies/ejection/index.ts';
import { Door } from './door.ts';

const limited = (inFlight: number, scope: 'server' | 'fleet' = 'server') => ({
  limit: { scope, make: () => new FixedLimit({ inFlight }) },
});
const waiting = (places: number, wait: number) => ({ backlog: { places, wait, codel: null } });
const tripping = breaker({ failures: 1, recovery: '1000ms' });

/** Takes a server away at its first look, down to `min`. */
const shrinkingTo = (min: number) =>
  autoscaler({ every: '1s', cooldown: '1h', min, max: 9, up: 1000, down: 999 });

const checked = health({ interval: '10s', timeout: '1s', unhealthy: 2, healthy: 1 });

const sends = (lines: readonly string[]) => lines.filter((line) => line.includes(' send '));

describe('a panic', () => {
  const door = () => {
    const panicky = new Door(
      { servers: { count: 4 }, setup: { breaker: tripping } },
      { panic: 0.5 },
    );
    for (let k = 0; k < 4; k++) panicky.arrive(k);
    panicky.wanted();
    return panicky;
  };

  it('begins when fewer than the threshold are fit: two of four are not too few', () => {
    const one = door();
    one.fleet.answered(10, 0, 'http-5xx');
    one.fleet.answered(11, 1, 'http-5xx');
    one.fleet.audit(11);
    expect(one.wanted().filter((line) => line.includes('panic'))).toEqual([]);
    one.fleet.answered(12, 2, 'http-5xx');
    one.fleet.audit(12);
    expect(one.wanted().filter((line) => line.includes('panic'))).toHaveLength(1);
  });

  it('sends through open circuits, which hear nothing of it, and ends when enough are fit', () => {
    const one = door();
    for (const call of [0, 1, 2]) one.fleet.answered(10 + call, call, 'http-5xx');
    expect(one.wanted().filter((line) => line.includes('panic'))).toEqual([
      '12 note panic: all ready servers are used: 1 of 4 are fit',
    ]);
    for (let k = 0; k < 4; k++) one.arrive(20 + k);
    const used = new Set(sends(one.wanted()).map((line) => line.split(' to ')[1]));
    expect(used).toEqual(new Set(['0', '1', '2', '3']));
    // Half-open after 1000 ms: the circuits admit again, so all are fit.
    one.fleet.woke(1012);
    expect(one.wanted().filter((line) => line.includes('panic'))).toHaveLength(1);
    one.fleet.audit(1012);
  });

  it('is not raised by good servers that join', () => {
    const setup = {
      autoscaler: autoscaler({ every: '1s', cooldown: '1h', min: 5, max: 9, up: 1000, down: 1 }),
      health: checked,
    };
    const door = new Door({ servers: { count: 4 }, setup }, { panic: 1 });
    door.fleet.woke(1000);
    door.fleet.started(1010, 4);
    door.fleet.probed(1020, 4, true);
    const heard = [...door.opening, ...door.wanted()];
    expect(heard).toContainEqual(expect.stringContaining('s5 is ready'));
    expect(heard.filter((line) => line.includes('panic'))).toEqual([]);
  });

  it('does not come without a threshold: no fit server, no call', () => {
    const calm = new Door({ servers: { count: 1 }, setup: { breaker: tripping } });
    calm.arrive(0);
    calm.fleet.answered(1, 0, 'http-5xx');
    calm.arrive(2);
    expect(calm.wanted().at(-1)).toContain('reply');
    expect(calm.wanted()).toEqual([]);
  });
});

describe('a limit', () => {
  it('of a server keeps it out of the picks while it is full', () => {
    const door = new Door({ servers: { count: 2 } }, limited(1));
    for (let k = 0; k < 3; k++) door.arrive(k);
    expect(door.wanted()).toEqual([
      '0 send 0 0.0/0 attempt 0 to 0',
      '1 send 1 1.0/0 attempt 0 to 1',
      '2 withhold 2.0/0: shed',
      '2 reply 2.0/0: shed',
    ]);
    door.fleet.audit(2);
    door.fleet.answered(3, 1, 'ok');
    door.arrive(4);
    expect(sends(door.wanted())).toEqual(['4 send 1 3.0/0 attempt 0 to 1']);
  });

  it('of the fleet counts all its calls together', () => {
    const door = new Door({ servers: { count: 4 } }, limited(2, 'fleet'));
    for (let k = 0; k < 3; k++) door.arrive(k);
    expect(door.wanted().at(-1)).toBe('2 reply 2.0/0: shed');
  });
});

describe('the backlog', () => {
  it('serves who waits in the order of their coming, as soon as a server may take a call', () => {
    const door = new Door({ servers: { count: 1 } }, { ...limited(1), ...waiting(10, 1000) });
    for (let k = 0; k < 3; k++) door.arrive(k);
    expect(door.fleet.waiting).toBe(2);
    door.fleet.answered(10, 0, 'ok');
    door.fleet.answered(20, 0, 'ok');
    expect(sends(door.wanted())).toEqual([
      '0 send 0 0.0/0 attempt 0 to 0',
      '10 send 0 1.0/0 attempt 0 to 0',
      '20 send 0 2.0/0 attempt 0 to 0',
    ]);
    expect(door.fleet.waiting).toBe(0);
  });

  it('sheds who finds no place, and who has waited for too long', () => {
    const door = new Door({ servers: { count: 1 } }, { ...limited(1), ...waiting(1, 100) });
    for (let k = 0; k < 3; k++) door.arrive(k);
    expect(door.wanted().slice(1)).toEqual(['2 withhold 2.0/0: shed', '2 reply 2.0/0: shed']);
    door.fleet.woke(101);
    expect(door.wanted()).toEqual(['101 withhold 1.0/0: shed', '101 reply 1.0/0: shed']);
    // Its empty place holds up nobody.
    door.arrive(102);
    door.fleet.answered(110, 0, 'ok');
    expect(sends(door.wanted())).toEqual(['110 send 0 3.0/0 attempt 0 to 0']);
  });

  it('forgets who goes away', () => {
    const door = new Door({ servers: { count: 1 } }, { ...limited(1), ...waiting(5, 1000) });
    const [, second] = [door.arrive(0), door.arrive(1), door.arrive(2)];
    door.fleet.left(3, second);
    expect(door.fleet.waiting).toBe(1);
    door.fleet.answered(4, 0, 'ok');
    expect(sends(door.wanted()).at(-1)).toBe('4 send 0 2.0/0 attempt 0 to 0');
    expect(door.fleet.inFlight).toBe(1);
  });

  it('lets a call of a session go as soon as the server it waits for has stopped', () => {
    const door = new Door(
      { servers: { count: 2 }, setup: { autoscaler: shrinkingTo(1) } },
      { affinity: 'session', drain: 100, ...limited(1), ...waiting(5, 20_000) },
    );
    const inSession = { era: 'legacy', session: 7 } as const;
    door.arrive(0);
    door.arrive(1, { ...inSession, kind: 'initialize' });
    door.fleet.answered(2, 1, 'ok');
    door.arrive(3, inSession);
    door.arrive(4, inSession);
    expect(door.fleet.waiting).toBe(1);
    door.fleet.woke(1000);
    expect(door.wanted()).toContainEqual(expect.stringContaining('s2 drains'));
    door.fleet.woke(1100);
    expect(door.wanted()).toContain('1100 reply 3.0/7: session-lost');
    expect(door.fleet.waiting).toBe(0);
  });

  it('holds calls while every circuit is open, until one admits again', () => {
    const door = new Door(
      { servers: { count: 1 }, setup: { breaker: tripping } },
      waiting(5, 5000),
    );
    door.arrive(0);
    door.fleet.answered(1, 0, 'http-5xx');
    door.arrive(2);
    door.wanted();
    door.fleet.woke(1001);
    expect(sends(door.wanted())).toEqual(['1001 send 0 1.0/0 attempt 0 to 0']);
  });

  it('is cut by CoDel while the wait stands', () => {
    const codel = new CoDel({ target: 5, interval: 50 });
    const door = new Door(
      { servers: { count: 1 } },
      { ...limited(1), backlog: { places: 100, wait: 10_000, codel } },
    );
    for (let k = 0; k < 20; k++) door.arrive(0);
    for (let at = 10; at < 150; at += 10) door.fleet.answered(at, 0, 'ok');
    const shed = door.wanted().filter((line) => line.includes('withhold'));
    expect(shed.length).toBeGreaterThan(0);
    expect(shed[0]).toMatch(/^60 withhold .* shed$/);
  });
});

describe('a retry budget', () => {
  it('bounds the retries of all requests together', () => {
    const budget = BUDGETS['share']!.make(
      BUDGETS['share']!.options.parse({ share: '20%', least: 1 }) as never,
      sequential(1, 'budget'),
    );
    const door = new Door(
      { servers: { count: 2 }, traffic: { retries: { attempts: 3, backoff: constant(10) } } },
      { budget },
    );
    for (let k = 0; k < 3; k++) door.arrive(k);
    for (const call of [0, 1, 2]) door.fleet.answered(10, call, 'http-5xx');
    const replies = door.wanted().filter((line) => line.includes('reply'));
    // One may be tried again at a time; the other two are not.
    expect(replies).toEqual(['10 reply 1.0/0: http-5xx', '10 reply 2.0/0: http-5xx']);
  });
});

describe('a hedge', () => {
  const hedging = { hedging: { after: 100, attempts: 2 } };
  const open = (change: Partial<FleetOptions> = {}) =>
    new Door({ servers: { count: 3 } }, { ...hedging, ...change });

  it('is sent to another server when there is no answer in time, and the first answer wins', () => {
    const door = open();
    door.arrive(0);
    door.fleet.woke(100);
    door.fleet.answered(130, 1, 'ok');
    expect(door.wanted()).toEqual([
      '0 send 0 0.0/0 attempt 0 to 0',
      '100 send 1 0.0/0 attempt 1 to 1',
      '130 abandon 0: cancelled',
      '130 reply 0.0/0: ok',
    ]);
    expect(door.fleet.inFlight).toBe(0);
  });

  it('is not sent for a call that is not safe, nor once the answer has begun', () => {
    const door = open();
    door.arrive(0, { safe: false });
    door.arrive(0);
    door.fleet.began(50, 1);
    door.fleet.woke(200);
    expect(sends(door.wanted())).toHaveLength(2);
  });

  it('goes on when the other attempt fails; the request fails only with the last', () => {
    const door = open();
    door.arrive(0);
    door.fleet.woke(100);
    door.fleet.answered(110, 0, 'reset');
    expect(door.wanted().filter((line) => line.includes('reply'))).toEqual([]);
    door.fleet.answered(120, 1, 'reset');
    expect(door.wanted()).toEqual(['120 reply 0.0/0: reset']);
  });

  it('is given up when the other begins to answer', () => {
    const door = open();
    door.arrive(0);
    door.fleet.woke(100);
    door.wanted();
    door.fleet.began(110, 1);
    expect(door.wanted()).toEqual(['110 abandon 0: cancelled']);
    door.fleet.answered(120, 1, 'ok');
    expect(door.wanted()).toEqual(['120 reply 0.0/0: ok']);
  });
});

describe('key affinity', () => {
  it('keeps the requests of a key together as long as their server may take them', () => {
    const door = new Door(
      { servers: { count: 3 }, setup: { breaker: tripping } },
      { affinity: 'key' },
    );
    for (let k = 0; k < 6; k++) door.arrive(k, { key: 1 + (k % 2) });
    const servers = () => sends(door.wanted()).map((line) => Number(line.split(' to ')[1]));
    expect(servers()).toEqual([0, 1, 0, 1, 0, 1]);
    door.fleet.answered(10, 0, 'http-5xx');
    door.arrive(11, { key: 1 });
    door.arrive(12, { key: 1 });
    expect(servers()).toEqual([2, 2]);
  });

  it('lets a key go from a server that carries too much, if asked to', () => {
    const rebalance = { after: 5, above: 1.5 };
    const door = new Door({ servers: { count: 2 } }, { affinity: 'key', rebalance });
    for (let k = 0; k < 4; k++) door.arrive(k, { key: 1 });
    expect(sends(door.wanted()).every((line) => line.endsWith('to 0'))).toBe(true);
    door.arrive(10, { key: 1 });
    expect(sends(door.wanted())).toEqual(['10 send 4 4.0/0 attempt 0 to 1']);
  });
});

describe('a circuit for each tool', () => {
  it('keeps calls of the failing tool away and lets the others through', () => {
    const scoped = breaker({ failures: 1, recovery: '1000ms', scope: 'tool' });
    const door = new Door({ servers: { count: 2 }, setup: { breaker: scoped } });
    door.arrive(0, { tool: 0 });
    door.fleet.answered(1, 0, 'http-5xx');
    for (let k = 2; k < 6; k++) door.arrive(k, { tool: 0 });
    expect(
      sends(door.wanted())
        .slice(1)
        .every((line) => line.endsWith('to 1')),
    ).toBe(true);
    for (let k = 6; k < 8; k++) door.arrive(k, { tool: 1 });
    expect(new Set(sends(door.wanted()).map((line) => line.at(-1)))).toEqual(new Set(['0', '1']));
  });

  it('answers circuit-open when every server has it open', () => {
    const scoped = breaker({ failures: 1, recovery: '1000ms', scope: 'tool' });
    const door = new Door({ servers: { count: 2 }, setup: { breaker: scoped } });
    for (const call of [0, 1]) {
      door.arrive(call);
      door.fleet.answered(call, 0, 'http-5xx');
    }
    door.wanted();
    door.arrive(5);
    expect(door.wanted().at(-1)).toBe('5 reply 2.0/0: circuit-open');
  });
});

describe('a session that may be moved', () => {
  it('is measured by the sessions of servers that are ready: those that drain have no part in it', () => {
    const door = new Door(
      { servers: { count: 3 }, setup: { autoscaler: shrinkingTo(2) } },
      { affinity: 'session', rebalance: { after: 5, above: 1.5 } },
    );
    // Round robin: s1 and s3 get four sessions each, s2 but one, as the others of its turns are sent away.
    for (let session = 1; session <= 12; session++) {
      door.arrive(session, { era: 'legacy', session, kind: 'initialize' });
      door.fleet.answered(session, 0, session % 3 === 2 && session > 2 ? 'http-5xx' : 'ok');
    }
    door.fleet.woke(1000);
    expect(door.wanted()).toContainEqual(expect.stringContaining('s3 drains'));
    // s1 holds 4 of the 5 sessions of two ready servers, 1.6 times the mean; of all 9 it would be 0.9.
    door.arrive(1010, { era: 'legacy', session: 1 });
    expect(door.wanted()).toContain('1010 reply 12.0/1: session-lost');
  });
});

describe('slow start', () => {
  it('lets a server that is healthy again have its part by and by', () => {
    const rule = { as: 'envoy', window: 1000, aggression: 1, minWeight: 0.1 } as const;
    const slowStart = { rule, rng: sequential(1, 'slow start') };
    const door = new Door(
      { servers: { count: 2 }, setup: { balancer: balancer('random'), health: checked } },
      { slowStart },
    );
    for (const ok of [false, false, true]) door.fleet.probed(10, 1, ok);
    door.wanted();
    const shareOf = (from: number) => {
      for (let k = 0; k < 1000; k++) door.arrive(from);
      return sends(door.wanted()).filter((line) => line.endsWith('to 1')).length / 1000;
    };
    // A random pick falls on it half of the time, and it takes part of that. 4 standard errors are 0.064 at most.
    expect(Math.abs(shareOf(10) - 0.5 * 0.1)).toBeLessThan(0.03);
    expect(Math.abs(shareOf(510) - 0.5 * 0.5)).toBeLessThan(0.06);
    expect(Math.abs(shareOf(1010) - 0.5)).toBeLessThan(0.064);
  });
});

describe('ejection', () => {
  it('takes an outlier out of the picks, says why, and gives it back', () => {
    const entry = EJECTIONS['envoy']!;
    const options = entry.options.parse({ maxEjected: '50%' });
    const ejection = entry.make(options as never, sequential(1, 'ejection'));
    const door = new Door({ servers: { count: 4 } }, { ejection });
    for (let k = 0; k < 20; k++) door.arrive(k);
    for (const call of [0, 4, 8, 12, 16]) door.fleet.answered(30, call, 'http-5xx');
    door.fleet.audit(30);
    const notes = door.wanted().filter((line) => line.includes('note'));
    expect(notes[0]).toMatch(/^30 note s1 is ejected: 5 /);
    for (let k = 0; k < 8; k++) door.arrive(40 + k);
    expect(sends(door.wanted()).some((line) => line.endsWith('to 0'))).toBe(false);
    door.fleet.woke(120_000);
    expect(door.wanted().filter((line) => line.includes('s1 is healthy again'))).toHaveLength(1);
    door.fleet.audit(120_000);
  });
});
