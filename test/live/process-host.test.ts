/** Servers that are processes: what trouble does to one while it starts, and how it comes back. */
import { afterEach, expect, test } from 'vitest';
import { ProcessHost } from '../../src/live/gateway/process-host.ts';
import { TroubledHost } from '../../src/live/gateway/troubled-host.ts';
import { startClock } from '../../src/live/clock.ts';
import type { Fault, FaultEffect } from '../../src/scenario/scenario.ts';
import { modern } from './fake-host.ts';
import { settings } from './fake-settings.ts';
import { until } from './gateway-rig.ts';

// Children get the loader of their parent; the runner's own cannot be handed on.
process.execArgv.push('--import', import.meta.resolve('tsx'));
const ENTRY = new URL('../../src/cli/processes/server.ts', import.meta.url);

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const host of opened.splice(0)) await host.close();
});

/** One server there from the beginning, and the instants at which it was back. */
const hostOf = (startup: number, fault: Omit<Fault, 'label'>) => {
  const epoch = Date.now();
  const clock = startClock(epoch);
  const back: number[] = [];
  const host = new ProcessHost({
    entry: ENTRY,
    optionsOf: (id) => ({ ...settings({ id }), epoch }),
    initial: 1,
    startup,
    scales: true,
    onBack: () => back.push(clock.now()),
  });
  const told: string[] = [];
  const troubled = new TroubledHost(
    host,
    [{ ...fault, label: 'trouble' }],
    60_000,
    clock,
    (_at, _fault, server, on) => told.push(`${server} ${on ? 'down' : 'up'}`),
  );
  opened.push(troubled);
  return { host, troubled, clock, back, told };
};

const always = (effect: FaultEffect): Omit<Fault, 'label'> => ({
  effect,
  healthOk: true,
  servers: 'all',
  at: 0,
  for: null,
  every: null,
});

const answers = async (url: URL): Promise<boolean> =>
  modern({ url }).then(
    ({ status }) => status === 200,
    () => false,
  );

test('one that flaps is killed and back without its start-up, again and again, at the same address', async () => {
  const { troubled, clock, back, told } = hostOf(30_000, {
    ...always({ kind: 'flap', down: 1500, up: 1500 }),
    at: 4000,
  });
  const url = await troubled.start(0);
  troubled.begin();
  expect(await answers(url)).toBe(true);
  await until(() => told.length === 1, 10_000);
  expect(clock.now()).toBeGreaterThanOrEqual(4000);
  await until(() => back.length === 1, 10_000);
  expect(told).toEqual(['0 down', '0 up']);
  expect(back[0]).toBeGreaterThanOrEqual(5500);
  expect(await answers(url)).toBe(true);
  await until(() => told.length === 3, 10_000);
  await until(() => back.length === 2, 10_000);
}, 30_000);

test('one that starts under a fault comes up once, in its time, and has it', async () => {
  const { host, troubled } = hostOf(2500, always({ kind: 'errors', share: 1 }));
  await troubled.start(0);
  troubled.begin();
  const began = performance.now();
  const starting = troubled.start(1);
  // Whoever asks for its totals meanwhile gets those of a server that has done nothing.
  expect((await host.totals(1)).tally.came).toBe(0);
  const url = await starting;
  expect(performance.now() - began).toBeGreaterThanOrEqual(2499);
  expect(await answers(url)).toBe(false);
  expect((await host.totals(1)).tally.came).toBe(1);
}, 30_000);
