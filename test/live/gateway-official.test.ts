/**
 * Real parts: the official `server-everything` as backends (a badly behaved legacy server: it listens everywhere, answers
 * 400 for a lost session and never forgets one), a modern server made with the official SDK, and the official clients,
 * old and new, in front; all through the gateway.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import {
  Client as NewClient,
  StreamableHTTPClientTransport as NewTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveEndpoint } from '../mcp-conformance/fixture/http-bridge.ts';
import { addressOf, Backend, gatewayOver, until, type Rig } from './gateway-rig.ts';

const EVERYTHING = fileURLToPath(
  new URL(
    '../../node_modules/@modelcontextprotocol/server-everything/dist/index.js',
    import.meta.url,
  ),
);
/** It listens on all interfaces; preloaded, this makes it listen on the loopback one. */
const LOOPBACK = `data:text/javascript,${encodeURIComponent(`
import { Server } from 'node:net';
const { listen } = Server.prototype;
Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'object'
    ? listen.call(this, port, ...rest)
    : listen.call(this, Number(port), '127.0.0.1', ...rest.filter((word) => typeof word === 'function'));
};`)}`;

/** It takes its port from the environment alone, so one is found first. */
const freePort = async (): Promise<number> => {
  const backend = await new Backend().listen();
  backend.close();
  return Number(new URL(backend.url).port);
};

const startEverything = async (): Promise<{ url: string; child: ChildProcess }> => {
  const port = await freePort();
  const child = spawn(process.execPath, ['--import', LOOPBACK, EVERYTHING, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until(() => said.includes('listening'), 20_000);
  return { url: `http://127.0.0.1:${port}/mcp`, child };
};

const textOf = (result: unknown): string =>
  (result as { content: { text: string }[] }).content.map(({ text }) => text).join();

describe('three server-everything behind the gateway', () => {
  const children: ChildProcess[] = [];
  let rig: Rig;
  beforeAll(async () => {
    const started = await Promise.all([startEverything(), startEverything(), startEverything()]);
    children.push(...started.map(({ child }) => child));
    // It has no health check; a bare POST would leave a server object behind each time.
    rig = await gatewayOver(started, 'health: { probe: tcp, interval: 100ms, unhealthy: 1 }\n');
  }, 60_000);
  afterAll(async () => {
    await rig.close();
    children.forEach((child) => child.kill('SIGKILL'));
  });

  const oldClient = async (): Promise<Client> => {
    const client = new Client({ name: 'old', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(rig.url)));
    return client;
  };

  test('old clients keep their sessions, each on one server, and all servers get some', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, oldClient));
    for (let round = 0; round < 3; round++) {
      const said = await Promise.all(
        clients.map((client, k) =>
          client.callTool({ name: 'echo', arguments: { message: `client ${k}, round ${round}` } }),
        ),
      );
      said.forEach((result, k) => expect(textOf(result)).toContain(`client ${k}, round ${round}`));
    }
    const held = rig.served.world.sessions.countByServer();
    expect([...held.values()].sort()).toEqual([2, 2, 2]);
    await Promise.all(clients.map((client) => client.close()));
  });

  test('progress arrives while a long operation runs', async () => {
    const client = await oldClient();
    const seenAt: number[] = [];
    await client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 1, steps: 4 } },
      undefined,
      { onprogress: () => seenAt.push(performance.now()) },
    );
    expect(seenAt.length).toBeGreaterThanOrEqual(3);
    expect(seenAt.at(-1)! - seenAt[0]!).toBeGreaterThan(300);
    await client.close();
  });

  test('a new client of the old era lists tools, which teaches the gateway what is safe', async () => {
    const client = new NewClient({ name: 'new', version: '1' });
    await client.connect(new NewTransport(new URL(rig.url)));
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(5);
    const result = await client.callTool({ name: 'get-sum', arguments: { a: 19, b: 23 } });
    expect(textOf(result)).toContain('42');
    await client.close();
  });

  test('the death of a server loses the sessions there and no others', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, oldClient));
    children[0]!.kill('SIGKILL');
    await until(() => rig.served.world.roster.all[0]!.healthy === false);
    const settled = await Promise.allSettled(
      clients.map((client) => client.callTool({ name: 'echo', arguments: { message: 'there?' } })),
    );
    const lost = settled.filter(({ status }) => status === 'rejected');
    expect(lost).toHaveLength(2);
    const fresh = await oldClient();
    expect(
      textOf(await fresh.callTool({ name: 'echo', arguments: { message: 'anew' } })),
    ).toContain('anew');
    await Promise.all([...clients, fresh].map((client) => client.close()));
  });
});

describe('two modern servers of the official SDK behind the gateway', () => {
  const servers: Server[] = [];
  let rig: Rig;
  const startModern = async (name: string): Promise<{ url: string }> => {
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name, version: '1' });
      const annotations = { readOnlyHint: true };
      server.registerTool('who', { description: 'who answers', annotations }, () => ({
        content: [{ type: 'text', text: name }],
      }));
      return server;
    });
    const server = serveEndpoint((request) => handler.fetch(request));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: addressOf(server) };
  };
  beforeAll(async () => {
    const started = [await startModern('one'), await startModern('two')];
    rig = await gatewayOver(started, 'health: { probe: discover, interval: 100ms }\n');
  });
  afterAll(async () => {
    await rig.close();
    servers.forEach((server) => {
      server.close();
      server.closeAllConnections();
    });
  });

  test('a new client negotiates the modern era, and its calls go to any server', async () => {
    const client = new NewClient(
      { name: 'new', version: '1' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(new NewTransport(new URL(rig.url)));
    const said: string[] = [];
    for (let k = 0; k < 6; k++)
      said.push(textOf(await client.callTool({ name: 'who', arguments: {} })));
    expect(new Set(said)).toEqual(new Set(['one', 'two']));
    expect(rig.served.world.sessions.size).toBe(0);
    await client.close();
  });

  test('an old client is served without a session, and leaves nothing behind', async () => {
    const client = new Client({ name: 'old', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(rig.url)));
    expect(textOf(await client.callTool({ name: 'who', arguments: {} }))).toMatch(/one|two/);
    expect(rig.served.world.sessions.size).toBe(0);
    await client.close();
  });

  test('server/discover is a health check', async () => {
    await until(() => rig.served.world.roster.all.every(({ checkedAt }) => checkedAt !== null));
    expect(rig.served.world.roster.all.map(({ healthy }) => healthy)).toEqual([true, true]);
  });
});
