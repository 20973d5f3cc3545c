/** When a request is tried again, where, and what a deadline does; timelines worked out by hand. */
import { describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../src/scenario/scenario.ts';
import {
  at,
  balancer,
  breaker,
  constant,
  each,
  fault,
  health,
  simulate,
  tool,
  witnessed,
  type Lab,
} from './lab.ts';

const retries = (attempts: number | null, pause = 50) => ({ attempts, backoff: constant(pause) });

/** Two servers; the first suffers `effect` throughout. The first call goes to s1. */
const firstIll = (effect: FaultEffect, change: Lab['traffic'] = {}): Lab => ({
  arrivals: at(100),
  traffic: { retries: retries(2), ...change },
  servers: { count: 2 },
  setup: { faults: [fault(effect, 0, null)] },
});

describe('another attempt', () => {
  it('is made after the pause, on a server not tried before', () => {
    const { witness, record } = witnessed(firstIll({ kind: 'errors', share: 1 }));
    expect(witness.sent.map(({ at: instant, server }) => [instant, server])).toEqual([
      [100, 's1'],
      [150, 's2'],
    ]);
    expect(witness.story).toEqual(['0 ok 60']);
    expect(record.metrics).toMatchObject({ attempts: 2, retries: 1, errorRate: 0 });
  });

  it('is made of an unsafe call only if the server has not touched it', () => {
    const unsafe = { calls: [tool(10, false)], timeout: 80 };
    const outcomeAfter = (effect: FaultEffect) =>
      witnessed(firstIll(effect, unsafe)).witness.outcomes;
    expect(outcomeAfter({ kind: 'refuse' })).toEqual(['ok']);
    expect(outcomeAfter({ kind: 'errors', share: 1 })).toEqual(['http-5xx']);
    expect(outcomeAfter({ kind: 'hang' })).toEqual(['timeout']);
  });

  it('is made of an unsafe call that was turned away with 503', () => {
    const { witness } = witnessed({
      arrivals: at(100, 100),
      traffic: { retries: retries(2, 200), calls: [tool(100, false)] },
      server: { queue: 0 },
    });
    expect(witness.story).toEqual(['0 ok 100', '1 ok 300']);
  });

  it('is not made of a tool error, nor of a lost session', () => {
    const { witness } = witnessed(firstIll({ kind: 'toolErrors', share: 1 }));
    expect(witness.story).toEqual(['0 tool-error 10']);
  });

  it('goes to untried servers while there are any, whoever balances', () => {
    for (const name of ['round-robin', 'random', 'least-connections', 'weighted', 'p2c']) {
      const { witness } = witnessed({
        duration: 4000,
        arrivals: each(10, 100),
        traffic: { retries: retries(5) },
        servers: { count: 5 },
        setup: {
          balancer: balancer(name),
          faults: [fault({ kind: 'errors', share: 1 }, 0, null, 'all')],
        },
      });
      const tried = new Map<string, string[]>();
      for (const { request, server } of witness.sent)
        tried.set(request, [...(tried.get(request) ?? []), server]);
      expect(tried.size).toBe(100);
      for (const servers of tried.values()) expect(new Set(servers).size).toBe(5);
    }
  });

  it('goes to the server tried longest ago when all have been tried', () => {
    const { witness } = witnessed({
      arrivals: at(100),
      traffic: { retries: retries(4) },
      servers: { count: 2 },
      setup: { faults: [fault({ kind: 'errors', share: 1 }, 0, null, 'all')] },
    });
    expect(witness.sent.map(({ server }) => server)).toEqual(['s1', 's2', 's1', 's2']);
  });

  it('does not move servers in the rotation: a failing one keeps its turns', () => {
    const { witness } = witnessed({
      duration: 20_000,
      arrivals: { kind: 'poisson', rate: 600 },
      traffic: { retries: retries(2) },
      servers: { count: 6 },
      server: { slots: 100 },
      setup: { faults: [fault({ kind: 'errors', share: 0.5 }, 0, null)] },
    });
    const firsts = witness.sent.filter(({ attempt }) => attempt === 0);
    const toS1 = firsts.filter(({ server }) => server === 's1').length;
    // Were the turns drawn by lot, four standard errors would be this wide.
    const bound = 4 * Math.sqrt((firsts.length * (1 / 6) * 5) / 6);
    expect(Math.abs(toS1 - firsts.length / 6)).toBeLessThan(bound);
  });

  it('waits for a server when there is none, as often as it is told to', () => {
    const { witness, record } = witnessed({
      arrivals: at(500),
      traffic: { retries: retries(null, 50) },
      setup: {
        faults: [fault({ kind: 'crash' }, 0, 700)],
        health: health({ interval: '20ms', timeout: '10ms', unhealthy: 1, healthy: 1 }),
      },
    });
    // Withheld at 500, 550, 600, 650, 700; the first good check after 700 is within 20 ms.
    expect(witness.story).toEqual(['0 ok 260']);
    expect(record.metrics).toMatchObject({ attempts: 1, rejected: 5 });
  });
});

describe('a deadline', () => {
  it('ends an attempt, and each attempt has its own', () => {
    const { witness, record } = witnessed({
      arrivals: at(100),
      traffic: { timeout: 40, retries: retries(3, 10), calls: [tool(1000)] },
      servers: { count: 2 },
    });
    expect(witness.story).toEqual(['0 timeout 140']);
    expect(record.metrics).toMatchObject({ timeouts: 3, attempts: 3, utilisation: 120 / 2000 });
  });

  it('is missed by an answer that comes on the dot', () => {
    // 0.5 ms apart, so that the second deadline is set in the very moment in which the first is settled.
    const { witness, record } = witnessed({
      arrivals: at(100, 100.5),
      traffic: { timeout: 100, calls: [tool(98)] },
      server: { slots: 2 },
      setup: { network: constant(1) },
    });
    expect(witness.story).toEqual(['0 timeout 100', '1 timeout 100']);
    expect(record.metrics).toMatchObject({ timeouts: 2, completed: 0, failed: 2 });
  });
});

describe('a request that is not sent', () => {
  const withoutServers = { arrivals: at(100, 300), server: { slots: 4 } };

  it('fails with circuit-open when its servers are healthy but cut off', () => {
    const { witness, record } = witnessed({
      ...withoutServers,
      setup: {
        breaker: breaker({ failures: 1, recovery: '10s' }),
        faults: [fault({ kind: 'errors', share: 1 }, 0, null)],
      },
    });
    expect(witness.outcomes).toEqual(['http-5xx', 'circuit-open']);
    expect(record.metrics).toMatchObject({ attempts: 1, rejected: 1, breakerOpens: 1 });
  });

  it('fails with no-server when no server is healthy', () => {
    const { failures } = simulate({
      ...withoutServers,
      setup: {
        health: health({ interval: '20ms', timeout: '10ms', unhealthy: 1 }),
        faults: [fault({ kind: 'refuse' }, 0, null)],
      },
    });
    expect(failures).toEqual({ 'no-server': 2 });
  });
});

describe('a run audits itself', () => {
  it('also at the very moment at which a circuit turns half-open', () => {
    // A point of the series every 2.5 s; a circuit that opens at 5 s and recovers in 10 s turns half-open on such a point.
    const { metrics } = simulate({
      duration: 300_000,
      arrivals: each(5000, 59),
      servers: { count: 2 },
      setup: {
        breaker: breaker({ failures: 1, recovery: '10s' }),
        health: health({ interval: '1s' }),
        faults: [fault({ kind: 'errors', share: 1 }, 0, null, [0], { healthOk: true })],
      },
    });
    // Turns alternate, and s1 is back each time just before its own: it fails every second call of 59.
    expect(metrics.breakerOpens).toBe(30);
  });
});
