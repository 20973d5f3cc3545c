/**
 * `npm run soak [-- --for 2m]`: a gateway in front of three fake servers, one of which dies and comes back all the time,
 * under clients of every kind for ten minutes. What its heap holds after a collection must not grow from the middle third
 * of the time to the last, no answer may be another's, nine of ten must be good, and when the clients are gone nothing of
 * theirs may be left.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseDuration } from '../../src/core/units.ts';
import { startClock } from '../../src/live/clock.ts';
import { FakeMcpServer } from '../../src/live/fake/fake-mcp-server.ts';
import { SILENT } from '../../src/live/gateway/log.ts';
import { settings } from '../live/fake-settings.ts';
import { gatewayOver, send } from '../live/gateway-rig.ts';
import { crowd, type Counts } from './clients.ts';

interface Memory {
  /** MB, after a collection. */
  readonly heap: number;
  /** MB. */
  readonly resident: number;
}

const SERVERS = 3;
const SAMPLES = 60;
const SESSION_IDLE_MS = 10_000;
/** The server that dies: up, then down, ms. */
const [UP_MS, DOWN_MS] = [8000, 2000];
const MOST_GROWTH = 0.05;
/** What a heap of this size may breathe in and out. */
const BREATH_MB = 2;

const entry = fileURLToPath(import.meta.url);

const GATEWAY = `
traffic: { timeout: 2s, retries: { attempts: 2, backoff: 5ms } }
balancer: least-connections
health: { interval: 1s, timeout: 500ms }
breaker: { counter: { failures: 5, recovery: 1s } }
`;

const serve = async (port: number): Promise<number> => {
  const work = { kind: 'exponential', mean: 10 } as const;
  const server = new FakeMcpServer(settings({ work, slots: 64 }), startClock(), {
    leakedOut: () => {},
  });
  return server.listen(port);
};

const gate = async (ports: readonly number[]): Promise<number> => {
  const servers = ports.map((port) => ({ url: `http://127.0.0.1:${port}/mcp` }));
  const rig = await gatewayOver(servers, GATEWAY, SILENT, { sessionIdle: SESSION_IDLE_MS });
  process.on('message', () => {
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({ heap: (heapUsed + external) / 1e6, resident: rss / 1e6 } satisfies Memory);
  });
  return rig.port;
};

const start = async (
  role: 'server' | 'gateway',
  ports: readonly number[],
): Promise<{ readonly child: ChildProcess; readonly port: number }> => {
  const child = fork(entry, [role, ...ports.map(String)], {
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, port };
};

const memoryOf = async (child: ChildProcess): Promise<Memory> => {
  child.send('memory');
  const [memory] = (await once(child, 'message')) as [Memory];
  return memory;
};

/** One server is killed, and started again at its port. */
const dieAndReturn = async (
  servers: { child: ChildProcess; readonly port: number }[],
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    await pause(UP_MS, undefined, { signal });
    servers[0]!.child.kill('SIGKILL');
    await pause(DOWN_MS, undefined, { signal });
    servers[0] = await start('server', [servers[0]!.port]);
  }
};

const soak = async (ms: number): Promise<void> => {
  const starts = Array.from({ length: SERVERS }, () => start('server', [0]));
  const servers = await Promise.all(starts);
  const { child, port } = await start(
    'gateway',
    servers.map((server) => server.port),
  );
  const over = new AbortController();
  const counts: Counts = { good: 0, bad: 0, mixedUp: 0 };
  const clients = crowd(port, counts, over.signal);
  const killing = dieAndReturn(servers, over.signal).catch(() => {});
  const samples: Memory[] = [];
  for (let k = 1; k <= SAMPLES; k++) {
    await pause(ms / SAMPLES);
    samples.push(await memoryOf(child));
    if (k % 6 === 0) report((k * ms) / SAMPLES, samples.at(-1)!, counts);
  }
  over.abort();
  await Promise.all([clients, killing]);
  await pause(2 * SESSION_IDLE_MS + 2000);
  const left = await leftOver(port);
  for (const { child: each } of [...servers, { child }]) each.kill('SIGKILL');
  judge(samples, counts, left);
};

const report = (ms: number, { heap, resident }: Memory, { good, bad, mixedUp }: Counts): void =>
  console.log(
    `${(ms / 1000).toFixed(0).padStart(5)} s  heap ${heap.toFixed(1)} MB  resident ${resident.toFixed(0)} MB  ` +
      `good ${good}  bad ${bad}  mixed up ${mixedUp}`,
  );

interface Status {
  readonly sessions: number;
  readonly servers: readonly { readonly active_connections: number; readonly streams: number }[];
}

/** What the gateway still holds for clients. */
const leftOver = async (port: number): Promise<number> => {
  const { text } = await send(port, { method: 'GET', path: '/status' });
  const { sessions, servers } = JSON.parse(text) as Status;
  return servers.reduce((sum, one) => sum + one.active_connections + one.streams, sessions);
};

const judge = (samples: readonly Memory[], { good, bad, mixedUp }: Counts, left: number): void => {
  const third = Math.floor(SAMPLES / 3);
  const [before, after] = [samples.slice(third, 2 * third), samples.slice(2 * third)].map((part) =>
    mean(part.map(({ heap }) => heap)),
  );
  const growth = after! - before!;
  const flat = growth <= BREATH_MB + MOST_GROWTH * before!;
  const well = flat && mixedUp === 0 && left === 0 && good > 10 * bad;
  console.log(
    `${well ? 'passed' : 'FAILED'}: heap ${before!.toFixed(1)} MB in the middle third, ${after!.toFixed(1)} MB in the last ` +
      `(${flat ? 'flat' : 'GROWS'}); ${good} good, ${bad} bad, ${mixedUp} mixed up; ${left} left behind`,
  );
  if (!well) process.exitCode = 1;
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const [role, ...words] = process.argv.slice(2);
if (role === 'server' || role === 'gateway') {
  const ports = words.map(Number);
  const port = await (role === 'server' ? serve(ports[0]!) : gate(ports));
  process.on('disconnect', () => process.exit());
  process.send?.({ port });
} else {
  const { values } = parseArgs({ options: { for: { type: 'string', default: '10m' } } });
  await soak(parseDuration(values.for));
}
