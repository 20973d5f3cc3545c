/**
 * The faults of the reference, one by one: each test first shows the fault in the reference as it is written, then that
 * ours does not have it. The scaling score is kept, faults included, as the legacy policy `threshold`; there the test
 * shows that we are as wrong as the reference, on purpose.
 */
import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/core/units.ts';
import { referenceScore, ThresholdScaler } from '../../src/policies/autoscaler/threshold.ts';
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import { LeastConnections } from '../../src/policies/balancer/least-connections.ts';
import { RoundRobin } from '../../src/policies/balancer/round-robin.ts';
import { CounterBreaker, type CounterOptions } from '../../src/policies/breaker/counter.ts';
import { ActiveHealth } from '../../src/policies/health/active.ts';
import { Arena } from '../contracts/balancer-arena.ts';
import { balancer, breaker, each, fault, health, witnessed } from '../sim/lab.ts';
import {
  ReferenceAutoScaler,
  ReferenceBreaker,
  referenceLeastConnections,
  ReferenceRoundRobin,
} from './as-the-reference-writes-it.ts';
import { load } from './autoscaler/load.ts';

/** The reference's numbers. */
const BREAKER: CounterOptions = {
  failures: 5,
  recovery: 30_000,
  halfOpenCalls: 3,
  window: 60_000,
  patience: null,
  counts: ['transport', '5xx', 'overloaded'],
};
const SCALER = { up: 0.8, down: 0.3, min: 2, max: 10, cooldown: 300_000, every: 15_000 };

const fail = (breaker: CounterBreaker, now: number, count = 1): void => {
  for (let k = 0; k < count; k++) breaker.settled(now, breaker.sent(now), 'timeout', 0);
};

describe('balancer', () => {
  it('least connections sends every tie to the first server: ours lets ties take turns', () => {
    const idle = [0, 1, 2, 3];
    const theirs = idle.map(() => referenceLeastConnections(idle, () => 0));
    expect(theirs).toEqual([0, 0, 0, 0]);
    const ours = new Arena(new LeastConnections(), idle);
    expect(idle.map(() => ours.callAlone())).toEqual([0, 1, 2, 3]);
  });

  it('an index modulo a filtered list skews when membership changes: our turns do not', () => {
    // Server 0 drops out after every third call and is back for the next one.
    const theirs = new ReferenceRoundRobin();
    const ours = new Arena(new RoundRobin(), [0, 1, 2, 3]);
    const counts = { theirs: [0, 0, 0, 0], ours: [0, 0, 0, 0] };
    for (let k = 0; k < 300; k++) {
      if (k % 3 === 2) {
        counts.theirs[theirs.pick([1, 2, 3])]!++;
        ours.leave(0);
        counts.ours[ours.callAlone()]!++;
        ours.join(0);
      } else {
        counts.theirs[theirs.pick([0, 1, 2, 3])]!++;
        counts.ours[ours.callAlone()]!++;
      }
    }
    const spread = (of: number[]) => Math.max(...of.slice(1)) - Math.min(...of.slice(1));
    expect(spread(counts.theirs)).toBeGreaterThan(50);
    expect(spread(counts.ours)).toBeLessThanOrEqual(1);
  });

  it('a release writes back a count that may be stale: ours counts each call where it is sent and settled', () => {
    // `servers[url].active_connections = max(0, server.active_connections - 1)`, with a `server` taken earlier.
    const server = { active: 0 };
    const takenFirst = { ...server, active: ++server.active };
    server.active += 2;
    server.active = Math.max(0, takenFirst.active - 1);
    expect(server.active).toBe(0);

    const ours = new Arena(new LeastConnections(), [0, 1]);
    for (let k = 0; k < 6; k++) ours.call();
    ours.settle(0);
    // Server 0 has two calls left, server 1 three: one call evens them out.
    expect([ours.call(), ours.call(), ours.call()]).toEqual([0, 1, 0]);
  });

  it('the strategy over servers whose circuit admits is left as a comment: ours picks among them, whoever balances', () => {
    for (const name of Object.keys(BALANCERS)) {
      const { witness } = witnessed({
        arrivals: each(10, 90),
        servers: { count: 3 },
        setup: {
          balancer: balancer(name),
          breaker: breaker({ failures: 1 }),
          faults: [fault({ kind: 'errors', share: 1 }, 0, null, [1])],
        },
      });
      const counts = ['s1', 's2', 's3'].map(
        (server) => witness.sent.filter((sent) => sent.server === server).length,
      );
      // One call finds out; the others share the rest.
      expect([name, counts[1]]).toEqual([name, 1]);
      expect(Math.min(counts[0]!, counts[2]!)).toBeGreaterThan(20);
    }
  });

  it('health checks of all servers fire in step: ours have phases of their own', () => {
    const { witness } = witnessed({
      arrivals: each(100, 1),
      servers: { count: 10 },
      setup: { health: health({ interval: '100ms' }) },
    });
    const byInstant = new Map<number, number>();
    for (const { at } of witness.probed) byInstant.set(at, (byInstant.get(at) ?? 0) + 1);
    expect(witness.probed.length).toBeGreaterThan(80);
    expect(Math.max(...byInstant.values())).toBe(1);
  });

  it('a new server is trusted before its first check: ours is not', () => {
    const ours = new ActiveHealth({ interval: 30_000, timeout: 5000, unhealthy: 3, healthy: 2 });
    expect(ours.healthy()).toBe(false);
    ours.probed(0, true);
    expect(ours.healthy()).toBe(true);
  });
});

describe('breaker', () => {
  it('the limit of half-open calls is never counted, so it never limits: ours limits', () => {
    const theirs = new ReferenceBreaker();
    for (let k = 0; k < 5; k++) theirs.recordFailure(1);
    expect(Array.from({ length: 100 }, () => theirs.canExecute(30_001))).not.toContain(false);

    const ours = new CounterBreaker(BREAKER);
    fail(ours, 1, 5);
    for (let k = 0; k < 3; k++) ours.sent(30_001);
    expect(ours.admits(30_001)).toBe(false);
  });

  it('a failure count without a window trips any long-lived server: ours forgets', () => {
    const theirs = new ReferenceBreaker();
    const ours = new CounterBreaker(BREAKER);
    for (let hour = 1; hour <= 5; hour++) {
      theirs.recordFailure(hour * 3_600_000);
      fail(ours, hour * 3_600_000);
    }
    expect(theirs.state(5 * 3_600_000)).toBe('open');
    expect(ours.state(5 * 3_600_000)).toBe('closed');
  });

  it('answers from before a trip move the state after it: ours ignores them', () => {
    const theirs = new ReferenceBreaker();
    for (let k = 0; k < 5; k++) theirs.recordFailure(1);
    theirs.state(30_001);
    theirs.recordSuccess(); // of a call sent long before
    expect(theirs.state(30_001)).toBe('closed');

    const ours = new CounterBreaker(BREAKER);
    const early = ours.sent(0);
    fail(ours, 1, 5);
    ours.sent(30_001);
    ours.settled(30_001, early, 'ok', 30_001);
    expect(ours.state(30_001)).toBe('half-open');
  });

  it('a late failure puts off the recovery: ours recovers when it said it would', () => {
    const theirs = new ReferenceBreaker();
    for (let k = 0; k < 5; k++) theirs.recordFailure(1);
    theirs.recordFailure(20_000); // of a call sent long before
    expect(theirs.state(30_001)).toBe('open');

    const ours = new CounterBreaker(BREAKER);
    const early = ours.sent(0);
    fail(ours, 1, 5);
    ours.settled(20_000, early, 'timeout', 20_000);
    expect(ours.state(30_001)).toBe('half-open');
  });

  it('a cancelled half-open call must give its permit back: ours does', () => {
    const ours = new CounterBreaker({ ...BREAKER, halfOpenCalls: 1 });
    fail(ours, 1, 5);
    const trial = ours.sent(30_001);
    expect(ours.admits(30_001)).toBe(false);
    ours.settled(30_002, trial, 'cancelled', 1);
    expect(ours.state(30_002)).toBe('half-open');
    expect(ours.admits(30_002)).toBe(true);
  });

  it('a last failure at time 0 counts as none, and the circuit never recovers: ours does', () => {
    const theirs = new ReferenceBreaker();
    for (let k = 0; k < 5; k++) theirs.recordFailure(0);
    expect(theirs.state(1e9)).toBe('open');

    const ours = new CounterBreaker(BREAKER);
    fail(ours, 0, 5);
    expect(ours.wakeAt(0)).toBe(30_000);
    expect(ours.state(30_000)).toBe('half-open');
    expect(ours.wakeAt(30_000)).toBe(NEVER);
  });
});

describe('the scaling score, kept as the legacy policy `threshold`', () => {
  const decide = (change: Parameters<typeof load>[0]) =>
    new ThresholdScaler(SCALER).decide(0, load(change));
  const theirs = (servers: number) => new ReferenceAutoScaler(() => servers);

  it('scores five full ten-slot servers 0.16, and scales DOWN', () => {
    const full = { latencyMs: 200, errorRate: 0, active: 50, queued: 0 };
    expect(referenceScore(200, 0, 50, 0)).toBeCloseTo(0.16, 12);
    expect(theirs(5).evaluate(1, full)).toBe('scale_down');
    expect(decide({ latencyMsMean: 200, active: 50 })).toEqual({
      desired: 4,
      because: 'score 0.16 < 0.3',
    });
  });

  it('scores 90 % fast errors 0.28, and scales DOWN in the outage', () => {
    const outage = { latencyMs: 5, errorRate: 0.9, active: 5, queued: 0 };
    expect(referenceScore(5, 0.9, 5, 0)).toBeCloseTo(0.2815, 12);
    expect(theirs(5).evaluate(1, outage)).toBe('scale_down');
    expect(decide({ latencyMsMean: 5, errorRate: 0.9, active: 5 }).desired).toBe(4);
  });

  it('has no feedback: ten times the servers under the same totals score the same', () => {
    const score = (servers: number) => decide({ servers, active: 300 }).because;
    expect(score(3)).toBe('score 0.75');
    expect(score(9)).toBe('score 0.75');
  });

  it('moves one server per 300 s, whatever the need', () => {
    const scaler = new ThresholdScaler(SCALER);
    let servers = 2;
    const sizes = Array.from({ length: 41 }, (_, k) => {
      servers = scaler.decide(k * 15_000, load({ servers, queued: 10_000 })).desired;
      return servers;
    });
    expect([sizes[0], sizes[19], sizes[20], sizes[39], sizes[40]]).toEqual([3, 3, 4, 4, 5]);
  });

  it('lets a scale-in block an urgent scale-out for the rest of its cooldown', () => {
    const scaler = new ThresholdScaler(SCALER);
    expect(scaler.decide(0, load({ active: 0, latencyMsMean: 100 })).desired).toBe(4);
    const urgent = load({ servers: 4, queued: 10_000 });
    expect(scaler.decide(15_000, urgent)).toEqual({ desired: 4, because: 'cooling down' });
    expect(scaler.decide(300_000, urgent).desired).toBe(5);
  });

  it('cools down after a change at time 0, which the reference forgets', () => {
    const calm = { latencyMs: 0, errorRate: 0, active: 0, queued: 0 };
    const reference = theirs(5);
    reference.evaluate(0, calm);
    expect(reference.evaluate(1000, calm)).toBe('scale_down');
    const scaler = new ThresholdScaler(SCALER);
    scaler.decide(0, load({ active: 0, latencyMsMean: 0 }));
    expect(scaler.decide(1000, load({ active: 0, latencyMsMean: 0 })).because).toBe('cooling down');
  });

  it('decides as the reference does through a long random history', () => {
    let theirServers = 5;
    let ourServers = 5;
    const reference = new ReferenceAutoScaler(() => theirServers);
    const scaler = new ThresholdScaler(SCALER);
    for (let k = 1; k <= 2000; k++) {
      const wave = (period: number) => (1 + Math.sin((2 * Math.PI * k) / period)) / 2;
      const metrics = {
        latencyMs: 2000 * wave(97),
        errorRate: wave(211) ** 3,
        active: Math.floor(150 * wave(53)),
        queued: Math.floor(60 * wave(151) ** 4),
      };
      const action = reference.evaluate(k * 15_000, metrics);
      theirServers += action === 'scale_up' ? 1 : action === 'scale_down' ? -1 : 0;
      const { latencyMs, ...rest } = metrics;
      const seen = load({ servers: ourServers, latencyMsMean: latencyMs, ...rest });
      ourServers = scaler.decide(k * 15_000, seen).desired;
      expect([k, ourServers]).toEqual([k, theirServers]);
    }
  });
});
