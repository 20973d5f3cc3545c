/**
 * The recorder between a fleet and a world, both played by the test: what it counts, and that it refuses a run whose
 * books do not balance. These are the negative tests of the invariants that every run asserts.
 */
import { describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Request } from '../../src/core/request.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Facts } from '../../src/fleet/facts.ts';
import type { Call, Intentions } from '../../src/fleet/intentions.ts';
import { Recorder } from '../../src/results/recorder.ts';
import { fleetOptions } from '../../src/run.ts';
import { request } from '../contracts/balancer-arena.ts';
import { setupOf, type Lab } from '../sim/lab.ts';

/** A world that does nothing of itself: the test tells the facts. */
class IdleWorld implements Intentions {
  readonly sent: Call[] = [];
  send(_now: number, call: Call): void {
    this.sent.push(call);
  }
  abandon(): void {}
  withhold(): void {}
  probe(): void {}
  ask(): void {}
  start(): void {}
  stop(): void {}
  wakeAt(): void {}
  reply(): void {}
  note(): void {}
}

const DURATION = 1000;

/** A recorded fleet whose door the test opens itself; `between` may falsify what passes. */
const recorded = (lab: Lab = {}, warmup = 0) => {
  const setup = setupOf(lab);
  const recorder = new Recorder({ contender: 0, seed: 1, setup, duration: DURATION, warmup });
  const world = new IdleWorld();
  const intentions = recorder.intentions(world);
  const fleet = new Fleet(fleetOptions(setup, {}, 1), intentions);
  const facts: Facts = recorder.facts(fleet);
  facts.opened(0);
  return { recorder, intentions, fleet, facts, world };
};

/** Lets requests arrive at the instants and answers each after 100 ms. */
const play = (facts: Facts, instants: readonly number[], outcome: Outcome = 'ok'): Request[] =>
  instants.map((at, k) => {
    const arriving = request(k, at);
    facts.arrived(at, arriving);
    facts.answered(at + 100, 0, outcome);
    return arriving;
  });

describe('a recorder', () => {
  it('counts what was answered, and how long it took', () => {
    const { recorder, facts } = recorded();
    play(facts, [100, 300, 500]);
    expect(recorder.record().metrics).toMatchObject({
      arrived: 3,
      completed: 3,
      failed: 0,
      attempts: 3,
      goodputRps: 3,
      latencyMsMean: 100,
      latencyMsMax: 100,
    });
  });

  it('leaves out requests that arrived in the warm-up, whenever they are answered', () => {
    const { recorder, facts } = recorded({}, 300);
    play(facts, [250, 400]);
    expect(recorder.record().metrics).toMatchObject({ arrived: 1, completed: 1, attempts: 1 });
  });

  it('measures latency from the intended arrival, though the request came late', () => {
    const { recorder, facts } = recorded();
    facts.arrived(140, request(0, 100));
    facts.answered(200, 0, 'ok');
    expect(recorder.record().metrics.latencyMsMean).toBe(100);
  });

  it('never lets failures into the latency', () => {
    const { recorder, facts } = recorded();
    play(facts, [100, 300], 'http-5xx');
    const { metrics, failures } = recorder.record();
    expect(metrics).toMatchObject({ completed: 0, failed: 2, errorRate: 1 });
    expect(metrics.latencyMsMean).toBeUndefined();
    expect(failures).toEqual({ 'http-5xx': 2 });
  });

  it('takes a client that went away for neither completed nor failed', () => {
    const { recorder, facts } = recorded();
    const arriving = request(0, 100);
    facts.arrived(100, arriving);
    facts.left(150, arriving);
    expect(recorder.record().metrics).toMatchObject({ arrived: 1, requests: 0 });
  });

  it('counts a client that is told to come again as one arrival, though the fleet meets it twice', () => {
    const { recorder, facts } = recorded();
    const [deferred] = play(facts, [100], 'deferred');
    facts.arrived(300, { ...deferred!, deferrals: 1, account: -1 });
    facts.answered(400, 0, 'ok');
    const { metrics, series } = recorder.record();
    expect(metrics).toMatchObject({ arrived: 1, completed: 1, deferrals: 1, latencyMsMean: 300 });
    const arrivals = series.values.arrivalsRps!.map((rate) => (rate! * series.binMs) / 1000);
    expect(arrivals.flatMap((count, bin) => (count > 0 ? [[bin, count]] : []))).toEqual([[12, 1]]);
  });

  it('balances its books with requests in flight, and with requests that came late', () => {
    const { recorder, facts } = recorded();
    play(facts, [100, 300]);
    facts.arrived(520, request(2, 500));
    facts.arrived(560, request(3, 550));
    facts.answered(700, 0, 'ok');
    expect(recorder.record().metrics).toMatchObject({ arrived: 4, requests: 3 });
  });

  it('counts a call once that is answered after its deadline, before anyone was woken', () => {
    const { recorder, facts } = recorded({ traffic: { timeout: 50 } });
    facts.arrived(100, request(0, 100));
    facts.answered(160, 0, 'overloaded');
    const { metrics, servers } = recorder.record();
    expect(metrics).toMatchObject({ timeouts: 1, rejected: 0, failed: 1 });
    expect(servers).toEqual([]);
  });
});

describe('a recorder refuses', () => {
  it('more replies than requests', () => {
    const { intentions } = recorded();
    expect(() => intentions.reply(100, request(0, 50), 'ok')).toThrow('more replies than requests');
  });

  it('a request that was lost', () => {
    const { recorder, facts } = recorded();
    play(facts, [100]);
    // Told to the recorder and kept from the fleet.
    recorder.arrived(300, request(1, 300));
    expect(() => recorder.record()).toThrow('requests were lost or doubled');
  });

  it("a run that breaks Little's law: a reply that speaks of another arrival", () => {
    const { recorder, facts, intentions, fleet } = recorded();
    play(facts, [100, 300]);
    recorder.arrived(500, request(2, 500));
    intentions.reply(600, request(2, 400), 'ok');
    expect(fleet.inFlight).toBe(0);
    expect(() => recorder.record()).toThrow("Little's law is broken");
  });

  it("a run that breaks Little's law: a request that the fleet holds since another instant", () => {
    const { recorder, facts, fleet } = recorded();
    play(facts, [100, 300]);
    recorder.arrived(500, request(2, 500));
    fleet.arrived(500, request(2, 450));
    expect(() => recorder.record()).toThrow("Little's law is broken");
  });
});

describe('the recount of a fleet', () => {
  const ticks = (servers: number, requestsATick: number): number => {
    const { recorder, facts, fleet } = recorded({ servers: { count: servers } });
    const audit = vi.spyOn(fleet, 'audit');
    let arrival = 0;
    for (let at = 100; at <= DURATION; at += 100) {
      for (let k = 0; k < requestsATick; k++) {
        facts.arrived(at - 50, request(arrival++, at - 50));
        facts.answered(at - 50, 0, 'ok');
      }
      recorder.tick(at, 0);
    }
    return audit.mock.calls.length;
  };

  it('is made at every tick of a small fleet, however little happens', () => {
    expect(ticks(1000, 0)).toBe(10);
  });

  it('is made at the end of a large one, and before that once eight requests a server have come', () => {
    expect(ticks(2000, 0)).toBe(1);
    expect(ticks(2000, 4000)).toBe(3);
    expect(ticks(1001, 8008)).toBe(10);
  });
});
