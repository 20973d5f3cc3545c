/** The closed loops, by autocannon and by our own client, and the open loop, on a server whose every figure is known. */
import { afterEach, describe, expect, test } from 'vitest';
import { Histogram } from '../../src/core/histogram.ts';
import { startClock } from '../../src/live/clock.ts';
import type { Sample } from '../../src/live/driver/samples.ts';
import { autocannonLoop } from '../../src/live/load/autocannon-loop.ts';
import { LoadClient } from '../../src/live/load/client.ts';
import { closedLoop } from '../../src/live/load/closed-loop.ts';
import { openLoad } from '../../src/live/load/open-loop.ts';
import type { LoadRun } from '../../src/live/load/loop.ts';
import type { Target } from '../../src/live/load/target.ts';
import type { Traffic } from '../../src/scenario/scenario.ts';
import { LoadTarget, type Manners } from './load-target.ts';

const opened: LoadTarget[] = [];
afterEach(() => opened.splice(0).forEach((server) => server.close()));

const serve = async (manners: Manners): Promise<LoadTarget> => {
  const server = await new LoadTarget(manners).listen();
  opened.push(server);
  return server;
};

const targetOf = (server: LoadTarget, over: Partial<Target> = {}): Target => ({
  url: new URL(server.url),
  headers: {},
  insecure: false,
  era: 'modern',
  sessions: false,
  tools: [{ name: 'echo', arguments: { text: 'x' }, synthesised: true }],
  timeout: 5000,
  ...over,
});

interface Ran extends LoadRun {
  readonly samples: readonly Sample[];
}

const LOOPS = {
  autocannon: async (target: Target, connections: number, duration: number): Promise<Ran> => {
    const samples: Sample[] = [];
    const run = await autocannonLoop({
      target,
      connections,
      duration,
      clock: startClock(),
      signal: new AbortController().signal,
      report: (sample) => void samples.push(sample),
    });
    return { ...run, samples };
  },
  'our own': async (target: Target, connections: number, duration: number): Promise<Ran> => {
    const samples: Sample[] = [];
    const client = new LoadClient(target);
    const { era, sessions } = target;
    const run = await closedLoop({
      connections,
      duration,
      era,
      sessions,
      client,
      clock: startClock(),
      signal: new AbortController().signal,
      report: (sample) => void samples.push(sample),
    });
    await client.close();
    return { ...run, samples };
  },
};

const calls = ({ samples }: Ran): readonly Sample[] =>
  samples.filter(({ kind }) => kind === 'call');

const medianOf = (samples: readonly Sample[]): number => {
  const histogram = new Histogram();
  for (const { latencyMs } of samples) histogram.record(latencyMs);
  return histogram.quantile(0.5);
};

const outcomes = (samples: readonly Sample[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of samples) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

describe.each(Object.entries(LOOPS))('the closed loop by %s', (name, loop) => {
  test('finds the latency of a constant server, and calls it as often as that allows', async () => {
    const server = await serve({ delay: 50 });
    const run = await loop(targetOf(server), 4, 2000);
    expect(outcomes(run.samples)).toEqual({ ok: run.samples.length });
    expect(medianOf(run.samples)).toBeGreaterThanOrEqual(49.5);
    expect(medianOf(run.samples)).toBeLessThan(75);
    expect(run.samples.length).toBeGreaterThan(0.6 * 4 * 40);
    expect(run.samples.length).toBeLessThanOrEqual(4 * 40);
    expect(run.invalid).toBeNull();
  });

  test('gives each connection a legacy session of its own, and ends it', async () => {
    const server = await serve({ era: 'legacy', delay: 5 });
    const run = await loop(targetOf(server, { era: 'legacy', sessions: true }), 3, 500);
    expect(server.opened).toBe(3);
    expect(server.ended).toBe(3);
    expect(run.samples.filter(({ kind }) => kind === 'initialize')).toHaveLength(3);
    expect(calls(run).length).toBeGreaterThan(10);
    expect(outcomes(run.samples)).toEqual({ ok: run.samples.length });
  });

  test('judges by the JSON-RPC body, not by HTTP status', async () => {
    const server = await serve({
      onCall: (number, response, _socket, id) => {
        if (number % 2 === 0) return false;
        const result = { isError: true, content: [] };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
        return true;
      },
    });
    const { ok = 0, 'tool-error': refused = 0 } = outcomes(
      (await loop(targetOf(server), 1, 1000)).samples,
    );
    expect(Math.abs(ok - refused)).toBeLessThanOrEqual(1);
    expect(ok).toBeGreaterThan(5);
  });

  test('reads an answer that comes as an event stream', async () => {
    const server = await serve({
      onCall: (_number, response, _socket, id) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(
          `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result: {} })}\n\n`,
        );
        return true;
      },
    });
    const { samples } = await loop(targetOf(server), 1, 300);
    expect(outcomes(samples)).toEqual({ ok: samples.length });
  });

  test('counts an answer that does not come in time as a timeout, and goes on', async () => {
    const server = await serve({ onCall: (number) => number === 3 });
    const run = await loop(targetOf(server, { timeout: 1000 }), 1, 2200);
    const late = run.samples.filter(({ outcome }) => outcome === 'timeout');
    expect(late).toHaveLength(1);
    expect(late[0]!.latencyMs).toBeGreaterThan(950);
    expect(run.samples.at(-1)!.at).toBeGreaterThan(1500);
    expect(run.invalid).toBeNull();
  });

  test('follows what is in flight at the end: hung calls are timeouts, answers that come yet are answers', async () => {
    const server = await serve({ delay: 20, onCall: (number) => number % 5 === 0 });
    const run = await loop(targetOf(server, { timeout: 1500 }), 3, 1000);
    const { ok = 0, ...others } = outcomes(run.samples);
    expect(others).toEqual({ timeout: 3 });
    expect(ok).toBe(server.calls - 3);
    expect(run.lasted).toBe(1000);
    expect(run.samples.every(({ at }) => at < 1000)).toBe(true);
    expect(run.invalid).toBeNull();
  });

  test('tells what is never answered and has no deadline as cancelled', async () => {
    const server = await serve({ delay: 20, onCall: (number) => number > 10 });
    const began = performance.now();
    const run = await loop(targetOf(server, { timeout: null }), 3, 1000);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(outcomes(run.samples)).toEqual({ ok: 10, cancelled: 3 });
  });

  test('asks nothing more when the time is over', async () => {
    const server = await serve({ delay: 300, onCall: () => false });
    const run = await loop(targetOf(server), 2, 1000);
    expect(outcomes(run.samples)).toEqual({ ok: server.calls });
    expect(Math.max(...run.samples.map(({ at }) => at))).toBeLessThan(1000);
    expect(run.samples.at(-1)!.at + run.samples.at(-1)!.latencyMs).toBeGreaterThan(1000);
  });

  test('counts the sessions that were open in the measured time, and those the server lost', async () => {
    const server: LoadTarget = await serve({
      era: 'legacy',
      delay: 10,
      onCall: (number) => {
        if (number === 50) server.forgetSessions();
        return false;
      },
    });
    const { sessions, samples } = await loop(
      targetOf(server, { era: 'legacy', sessions: true }),
      3,
      1000,
    );
    const { 'session-lost': failed } = outcomes(samples);
    expect(failed).toBe(3);
    expect(sessions).toMatchObject({ started: 6, lost: 3, recovered: 3 });
    expect(sessions!.calls).toBe(samples.filter(({ kind }) => kind === 'call').length);
    expect((await loop(targetOf(server), 1, 100)).sessions).toBeNull();
  });

  if (name === 'autocannon') {
    test.each(['end', 'destroy', 'resetAndDestroy'] as const)(
      'notices connections dropped by %s, times later calls right all the same, and says the run is invalid',
      async (how) => {
        const server = await serve({
          delay: 5,
          onCall: (number, _response, socket) => {
            if (number % 10 !== 0) return false;
            socket[how]();
            return true;
          },
        });
        const run = await loop(targetOf(server), 2, 1000);
        const { ok = 0, reset = 0 } = outcomes(run.samples);
        expect(reset).toBeGreaterThan(5);
        expect(Math.abs(reset / (ok + reset) - 0.1)).toBeLessThan(0.05);
        // autocannon itself tells a median of some 150 ms here.
        expect(medianOf(run.samples.filter(({ outcome }) => outcome === 'ok'))).toBeLessThan(20);
        expect(run.invalid).toMatch(/connections were dropped/);
      },
    );

    test('ends the run when the target goes away, and does not spin', async () => {
      const server: LoadTarget = await serve({
        onCall: (number) => {
          if (number === 20) server.close();
          return false;
        },
      });
      const began = performance.now();
      const run = await loop(targetOf(server), 2, 20_000);
      expect(performance.now() - began).toBeLessThan(5000);
      expect(run.samples.length).toBeLessThan(200);
      expect(run.invalid).toMatch(/could no longer be reached/);
    });
  } else {
    test('survives dropped connections', async () => {
      const server = await serve({
        delay: 5,
        onCall: (number, _response, socket) => {
          if (number === 5) socket.destroy();
          return number === 5;
        },
      });
      const run = await loop(targetOf(server), 1, 800);
      expect(outcomes(run.samples)['reset']).toBe(1);
      expect(run.invalid).toBeNull();
    });

    test('has deadlines below a second', async () => {
      const server = await serve({ delay: 300 });
      const run = await loop(targetOf(server, { timeout: 100 }), 1, 450);
      expect(outcomes(run.samples)).toEqual({ timeout: run.samples.length });
      expect(run.samples.length).toBeGreaterThanOrEqual(3);
    });
  }
});

describe('the open loop', () => {
  const traffic = (rate: number, era: Traffic['era'] = 'modern'): Traffic => ({
    arrivals: { kind: 'constant', rate },
    era,
    timeout: 1000,
    retries: { attempts: 1, backoff: { kind: 'constant', value: 0 } },
    sessions: null,
    keys: null,
    hedging: null,
    budget: null,
    calls: [{ name: 'echo', share: 1, work: { kind: 'constant', value: 0 }, safe: true }],
  });

  const open = async (target: Target, of: Traffic, duration: number, share = 0) => {
    const samples: Sample[] = [];
    const client = new LoadClient(target);
    await client.share(share);
    const run = await openLoad({
      traffic: of,
      inputs: {},
      seed: 1,
      duration,
      warmup: 0,
      pacing: 'hybrid',
      client,
      clock: startClock(),
      signal: new AbortController().signal,
      report: (sample) => void samples.push(sample),
    });
    await client.close();
    return { ...run, samples };
  };

  test('finds the latency of a constant server', async () => {
    const server = await serve({ delay: 50 });
    const { samples } = await open(targetOf(server), traffic(50), 2000);
    expect(samples).toHaveLength(99);
    expect(outcomes(samples)).toEqual({ ok: 99 });
    expect(medianOf(samples)).toBeGreaterThanOrEqual(49.5);
    expect(medianOf(samples)).toBeLessThan(75);
  });

  test('goes on calling a server that stands still, and charges the wait to it', async () => {
    const server = await serve({ onCall: () => true });
    const { samples } = await open(targetOf(server, { timeout: 300 }), traffic(50), 1000);
    expect(outcomes(samples)).toEqual({ timeout: 49 });
  });

  test('takes an answer to somebody else for none', async () => {
    const server = await serve({
      onCall: (number, response, _socket, id) => {
        const result = { content: [] };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id: Number(id) - (number % 2), result }));
        return true;
      },
    });
    const { samples } = await open(targetOf(server), traffic(50), 1000);
    expect(outcomes(samples)).toEqual({ reset: 25, ok: 24 });
  });

  test('shares legacy sessions among single calls, and ends them', async () => {
    const server = await serve({ era: 'legacy' });
    const target = targetOf(server, { era: 'legacy', sessions: true });
    const { samples } = await open(target, traffic(50, 'legacy'), 500, 4);
    expect(server.opened).toBe(4);
    expect(server.ended).toBe(4);
    expect(outcomes(samples)).toEqual({ ok: samples.length });
  });

  test('opens a shared session anew when the target has lost it, and counts the loss', async () => {
    const server: LoadTarget = await serve({
      era: 'legacy',
      onCall: (number) => {
        if (number === 20) server.forgetSessions();
        return false;
      },
    });
    const target = targetOf(server, { era: 'legacy', sessions: true });
    const { samples, sessions } = await open(target, traffic(50, 'legacy'), 2000, 4);
    // On a busy machine several calls of a session may be under way when it is lost.
    const { ok, 'session-lost': failed, ...others } = outcomes(samples);
    expect(failed).toBeGreaterThanOrEqual(4);
    expect(others).toEqual({});
    const late = samples.filter(({ at }) => at > 1500);
    expect(outcomes(late)).toEqual({ ok: late.length });
    expect(ok).toBeGreaterThanOrEqual(late.length);
    expect(sessions).toMatchObject({ started: 8, lost: 4, recovered: 4 });
  });
});
