/** `windtunnel gateway FILE` as people run it: what it says, how it stops, what it refuses. */
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { Folder, type Exit } from '../e2e/windtunnel.ts';
import { Backend, call, send } from './gateway-rig.ts';

const folder = new Folder();
const backends: Backend[] = [];
afterAll(() => {
  folder.remove();
  backends.forEach((backend) => backend.close());
});

const backend = async (): Promise<Backend> => {
  const made = await new Backend().listen();
  backends.push(made);
  return made;
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Runs it until `act` is done, then stops it with SIGTERM. */
const serving = async (
  words: readonly string[],
  port: number,
  act: () => Promise<void>,
): Promise<Exit> => {
  let child: ChildProcess | null = null;
  const exited = folder.windtunnel(['gateway', ...words], { onStart: (made) => (child = made) });
  const isUp = (): Promise<boolean> =>
    send(port, { method: 'GET', path: '/health' }).then(
      () => true,
      () => false,
    );
  try {
    for (let tries = 0; !(await isUp()); tries++) {
      if (tries > 400) throw new Error('it never listened');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await act();
  } finally {
    child!.kill('SIGTERM');
  }
  return exited;
};

test('serves, logs what its fleet decides and why, drains on SIGTERM, and its journal replays', async () => {
  const [one, two] = [await backend(), await backend()];
  const port = await freePort();
  folder.write(
    'fleet.yaml',
    `servers: [${one.url}, ${two.url}]\nlisten: 127.0.0.1:${port}\nhealth: { interval: 50ms, timeout: 40ms, unhealthy: 2 }\n`,
  );
  const { code, stdout, stderr } = await serving(
    ['fleet.yaml', '--journal', 'day.journal'],
    port,
    async () => {
      for (let k = 0; k < 20; k++) expect((await send(port, call('search'))).status).toBe(200);
      two.close();
      const healthy = async (): Promise<number> =>
        (
          JSON.parse((await send(port, { method: 'GET', path: '/status' })).text) as {
            healthy_count: number;
          }
        ).healthy_count;
      while ((await healthy()) > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  );
  expect(code, stderr).toBe(0);
  const log = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string; because?: string });
  expect(log.map(({ msg }) => msg)).toEqual(
    expect.arrayContaining([
      `serving MCP at http://127.0.0.1:${port}/mcp`,
      's2 is ejected',
      'draining: no new work, then the end',
      'done',
    ]),
  );
  expect(log.find(({ msg }) => msg === 's2 is ejected')!.because).toBe('2 failed checks in a row');
  const replayed = await folder.windtunnel(['replay', 'day.journal']);
  expect(replayed.stdout).toMatch(/^identical: /);
  expect(replayed.stderr).toBe('');
}, 60_000);

test('status and metrics can be elsewhere', async () => {
  const [port, admin] = [await freePort(), await freePort()];
  folder.write('apart.yaml', `servers: [${(await backend()).url}]\n`);
  const words = ['apart.yaml', '--listen', `127.0.0.1:${port}`, '--admin', `127.0.0.1:${admin}`];
  const { code } = await serving(words, port, async () => {
    expect((await send(port, { method: 'GET', path: '/status' })).status).toBe(404);
    expect((await send(port, { method: 'GET', path: '/metrics' })).status).toBe(404);
    expect((await send(admin, { method: 'GET', path: '/status' })).status).toBe(200);
    expect((await send(admin, { method: 'GET', path: '/metrics' })).status).toBe(200);
    expect((await send(admin, { method: 'GET', path: '/mcp' })).status).toBe(404);
  });
  expect(code).toBe(0);
}, 60_000);

test('it listens on the loopback unless told otherwise', async () => {
  // Taken by this test, or by somebody else already: in either case it says where it wanted to be.
  const taken = createServer();
  await new Promise((resolve) => {
    taken.once('error', resolve).once('listening', resolve).listen(8080, '127.0.0.1');
  });
  folder.write('default.yaml', `servers: [${(await backend()).url}]\n`);
  const exit = await folder.windtunnel(['gateway', 'default.yaml']);
  taken.close();
  expect(exit.stderr).toContain('cannot listen at 127.0.0.1:8080: somebody listens there already');
  expect(exit.code).toBe(2);
}, 60_000);

test('an address that is taken, and a file that is none, are mistakes', async () => {
  const taken = await backend();
  const { host } = new URL(taken.url);
  folder.write('taken.yaml', `servers: [${taken.url}]\nlisten: ${host}\n`);
  const exit = await folder.windtunnel(['gateway', 'taken.yaml']);
  expect(exit.stderr).toContain(`cannot listen at ${host}: somebody listens there already`);
  expect(exit.code).toBe(2);
  expect((await folder.windtunnel(['gateway', 'nowhere.yaml'])).code).toBe(2);
}, 60_000);
