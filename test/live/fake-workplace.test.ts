/** Work in real time: that of the simulator's twin, finished on the dot, and an alarm that keeps fractions of a ms. */
import { fileURLToPath } from 'node:url';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Millis } from '../../src/core/units.ts';
import { startClock } from '../../src/live/clock.ts';
import { ExactAlarm } from '../../src/live/exact-alarm.ts';
import type { FromServer, ToServer } from '../../src/live/fake/messages.ts';
import { Demand } from '../../src/scenario/traffic.ts';
import { driven, modern, MODERN_META, serveFake } from './fake-host.ts';
import { settings } from './fake-settings.ts';

describe('the work of a driven request', () => {
  it('is that of its twin in the simulator, to the microsecond', async () => {
    const wanted = settings({ work: { kind: 'lognormal', mean: 4, cv: 1 }, slots: 3 });
    const served = await serveFake(wanted);
    const calls = Array.from({ length: 30 }, (_, arrival) => ({ arrival, call: arrival % 3 }));
    await Promise.all(
      calls.map(({ arrival, call }) =>
        modern(served, { meta: { ...MODERN_META, ...driven(arrival, call) } }),
      ),
    );
    const demand = new Demand(wanted.traffic, {}, 1);
    const works = calls.map(({ arrival, call }) =>
      demand.workOf({
        arrival,
        call,
        kind: 'call',
        tool: 0,
        safe: true,
        era: 'modern',
        session: 0,
        at: 0,
        key: 0,
        account: -1,
      }),
    );
    const { tally, waits } = served.server.tally();
    expect(tally.busyMs).toBeCloseTo(
      works.reduce((sum, work) => sum + work, 0),
      6,
    );
    expect([tally.came, tally.finished, waits.count]).toEqual([30, 30, 30]);
  });

  it('is not stretched by its wait in the queue: lateness does not add up', async () => {
    const served = await serveFake(settings({ work: 1.3, slots: 1 }));
    const began = performance.now();
    await Promise.all(Array.from({ length: 60 }, () => modern(served)));
    expect(performance.now() - began).toBeGreaterThan(60 * 1.3 - 1);
    const { tally, waits } = served.server.tally();
    expect(tally.busyMs).toBeCloseTo(60 * 1.3, 6);
    expect(waits.sumMs).toBeGreaterThan(0);
  });

  it('takes no time at all when there is none to do', async () => {
    const served = await serveFake(settings());
    await modern(served);
    expect(served.server.tally().tally.busyMs).toBe(0);
  });
});

describe('an alarm', () => {
  const lateness = async (waits: readonly Millis[]): Promise<readonly Millis[]> => {
    const clock = startClock();
    const late: Millis[] = [];
    for (const wait of waits) {
      const at = clock.now() + wait;
      await new Promise<void>((resolve) => {
        new ExactAlarm(clock, () => {
          late.push(clock.now() - at);
          resolve();
        }).set(at);
      });
    }
    return late.toSorted((a, b) => a - b);
  };

  it('keeps instants between whole milliseconds', async () => {
    const late = await lateness(Array.from({ length: 41 }, (_, k) => 0.3 + 0.17 * k));
    expect(late[0]).toBeGreaterThan(-0.5);
    // On a machine that has better things to do at times, but not mostly.
    expect(late[20]).toBeLessThan(1.5);
  });

  it('rings once, for what was set last, and not when it was cleared', async () => {
    const clock = startClock();
    const rung: Millis[] = [];
    const alarm = new ExactAlarm(clock, (now) => rung.push(now));
    alarm.set(5);
    alarm.set(20);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(rung).toHaveLength(1);
    expect(rung[0]).toBeGreaterThan(19.4);
    alarm.set(clock.now() + 5);
    alarm.clear();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(rung).toHaveLength(1);
  });
});

describe('the process of a server', () => {
  const entry = fileURLToPath(new URL('../../src/cli/processes/server.ts', import.meta.url));

  const start = async () => {
    const child = fork(entry, [], {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const tell = (message: ToServer): void => void child.send(message);
    const hear = async (): Promise<FromServer> => {
      const [message] = (await once(child, 'message')) as [FromServer];
      return message;
    };
    tell({ kind: 'configure', options: { ...settings(), port: 0, epoch: Date.now() } });
    const listening = await hear();
    if (listening.kind !== 'listening') throw new Error(`heard ${listening.kind}`);
    const url = new URL(`http://127.0.0.1:${listening.port}/mcp`);
    return { child, tell, hear, url, exited: once(child, 'exit') };
  };

  it('serves, hears of faults and tells what it did', async () => {
    const { child, tell, hear, url, exited } = await start();
    expect((await modern({ url })).status).toBe(200);
    const effect = { kind: 'errors', share: 1 } as const;
    tell({ kind: 'fault', fault: 0, on: true, effect, healthOk: false });
    tell({ kind: 'tally' });
    const told = await hear();
    expect(told).toMatchObject({ kind: 'tally', tally: { came: 1, finished: 1 } });
    expect(told.kind === 'tally' && told.waits.counts).toBeInstanceOf(Uint32Array);
    expect((await modern({ url })).status).toBe(500);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('ends when its parent is gone', async () => {
    const { child, exited } = await start();
    child.disconnect();
    expect(await exited).toEqual([0, null]);
  });

  it('dies of a leak', async () => {
    const { tell, exited } = await start();
    const effect = { kind: 'leak', slower: 2, over: 30 } as const;
    tell({ kind: 'fault', fault: 0, on: true, effect, healthOk: false });
    expect(await exited).toEqual([1, null]);
  });
});
