/** The gateway as its users run it: `windtunnel gateway FILE`, in a process of its own, in front of some servers. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endChild, untilDeath } from './child.ts';

export type Affinity = 'none' | 'session';

export interface RunningGateway {
  readonly url: string;
  stop(): Promise<void>;
}

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** The verb knows no parent; this makes it end when ours does. */
const LEASH =
  'data:text/javascript,process.once("disconnect",()=>process.exit(1));process.channel.unref()';
const LOOK_EVERY_MS = 50;

export const startGateway = async (
  servers: readonly string[],
  affinity: Affinity,
): Promise<RunningGateway> => {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'windtunnel-gateway-'));
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, configuration(servers, affinity, port));
  const child = fork(CLI, ['gateway', file], {
    execArgv: ['--import', 'tsx', '--import', LEASH],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stop = async (): Promise<void> => {
    await endChild(child);
    await rm(folder, { recursive: true });
  };
  try {
    await Promise.race([listens(port), untilDeath('gateway', child)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}/mcp`, stop };
};

const configuration = (servers: readonly string[], affinity: Affinity, port: number): string =>
  [
    `listen: 127.0.0.1:${port}`,
    'servers:',
    ...servers.map((url) => `  - ${url}`),
    'balancer: round-robin',
    `affinity: ${affinity}`,
    'health: { probe: tcp }',
    '',
  ].join('\n');

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const listens = async (port: number): Promise<void> => {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const there = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (there) return;
    await pause(LOOK_EVERY_MS);
  }
};
