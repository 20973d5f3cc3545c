/** Clients and servers that behave badly must cost nobody else anything. */
import { connect, type Socket } from 'node:net';
import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { HEADER } from '../../src/live/mcp/names.ts';
import {
  Backend,
  call,
  gatewayOver,
  legacy,
  legacyPost,
  modernBody,
  modernHeaders,
  ok,
  reply,
  send,
  until,
  type Answer,
  type Rig,
} from './gateway-rig.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

const backend = async (answer?: Answer): Promise<Backend> => {
  const made = await new Backend(answer).listen();
  opened.push(made);
  return made;
};

const gateway = async (backends: readonly Backend[], text?: string): Promise<Rig> => {
  const rig = await gatewayOver(backends, text);
  opened.push(rig);
  return rig;
};

/** Writes raw bytes, and gives all that comes back until the other side closes. */
const raw = (port: number, text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(got));
  });

const POST = 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

describe('requests that mean two things to two readers', () => {
  test.each([
    ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}`],
    [
      'a length and chunks',
      `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a folded header', `${POST}X-A: 1\r\n  2\r\nContent-Length: 2\r\n\r\n{}`],
    ['a bare line feed', 'POST /mcp HTTP/1.1\nHost: localhost\nContent-Length: 2\n\n{}'],
    ['two hosts', `${POST}Host: evil.example\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`],
  ])('%s: 400, and no server hears of it', async (_, text) => {
    const one = await backend();
    const { port } = await gateway([one]);
    const before = one.heard.length;
    expect(await raw(port, text)).toMatch(/^HTTP\/1\.1 400/);
    expect(one.heard.length).toBe(before);
  });
});

describe('clients', () => {
  test('a slow one is waited for, not stored for: a large answer stops at the server', async () => {
    let written = 0;
    const CHUNK = Buffer.alloc(65_536, 0x61);
    const one = await backend((heard, response, incoming) => {
      if (heard.body.method !== 'tools/call') {
        ok(heard, response, incoming);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      const pour = (): void => {
        while (written < 100_000_000) {
          written += CHUNK.length;
          if (!response.write(CHUNK)) {
            response.once('drain', pour);
            return;
          }
        }
        response.end();
      };
      pour();
    });
    const { port } = await gateway([one]);
    const { headers, body } = call('search');
    const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/mcp', headers });
    outgoing.on('error', () => {});
    outgoing.on('response', (response) => response.pause());
    outgoing.end(body);
    await until(() => written > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(written).toBeLessThan(30_000_000);
    outgoing.destroy();
    await until(() => one.cancelled === 1);
  });

  test('one that sends half a request and goes, or an unfinished body, leaves nothing behind', async () => {
    const one = await backend();
    const { port, served } = await gateway([one]);
    for (const text of [POST, `${POST}Content-Length: 100\r\n\r\n{"jsonrpc"`]) {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
    }
    expect((await send(port, call('search'))).status).toBe(200);
    expect(served.world.roster.all[0]!.upstream!.inFlight).toBe(0);
  });

  test('a thousand idle streams stand in nobody’s way', async () => {
    const lost = (): void => {};
    const one = await backend(legacy('one', lost));
    const { port, served } = await gateway([one]);
    const session = String((await send(port, legacyPost('initialize'))).headers[HEADER.session]);
    const streams = Array.from({ length: 1000 }, () => {
      const stream = request({
        host: '127.0.0.1',
        port,
        path: '/mcp',
        headers: { [HEADER.session]: session, accept: 'text/event-stream' },
      });
      stream.on('error', () => {});
      stream.on('response', (response) => response.resume().on('error', () => {}));
      stream.end();
      return stream;
    });
    const { upstream } = served.world.roster.all[0]!;
    await until(() => one.heard.filter(({ method }) => method === 'GET').length === 1000, 20_000);
    const began = performance.now();
    for (let k = 0; k < 20; k++) {
      expect((await send(port, legacyPost('tools/call', session))).status).toBe(200);
    }
    expect((performance.now() - began) / 20).toBeLessThan(100);
    streams.forEach((stream) => stream.destroy());
    await until(() => upstream!.streams === 0, 10_000);
  }, 60_000);
});

describe('servers', () => {
  test('one that dies under load loses what was in flight there, and nothing else', async () => {
    const slow: Answer = (heard, response, incoming) =>
      setTimeout(() => ok(heard, response, incoming), heard.body.method === 'tools/call' ? 50 : 0);
    const servers = [await backend(slow), await backend(slow), await backend(slow)];
    const { port } = await gateway(
      servers,
      'traffic: { retries: { attempts: 3, backoff: 1ms } }\n',
    );
    const calls = Array.from({ length: 60 }, (_, k) =>
      new Promise((resolve) => setTimeout(resolve, 5 * k)).then(() => send(port, call('book'))),
    );
    setTimeout(() => servers[0]!.close(), 150);
    const got = await Promise.all(calls);
    const failed = got.filter(({ status }) => status !== 200);
    expect(failed.length).toBeLessThanOrEqual(8);
    failed.forEach(({ json }) => expect(json.error!.data!.reason).toBe('reset'));
  });

  test('answers are never mixed up, whatever becomes of the connections', async () => {
    const chaotic: Answer = (heard, response, incoming) => {
      const { id = 0, method } = heard.body;
      if (method !== 'tools/call') ok(heard, response, incoming);
      else if (id % 7 === 0) incoming.socket.destroy();
      else if (id % 11 === 0) {
        response.writeHead(200, { 'content-length': 1000 }).write('{"jsonrpc"');
        setTimeout(() => incoming.socket.destroy(), 5);
      } else setTimeout(() => reply(response, id, { mine: id }), (id * 7919) % 40);
    };
    const { port } = await gateway([await backend(chaotic), await backend(chaotic)]);
    const calls = Array.from({ length: 300 }, async (_, id) => {
      const body = modernBody('tools/call', { name: 'search' }, id);
      const got = await send(port, { headers: modernHeaders('tools/call', 'search'), body }).catch(
        () => null,
      );
      return { id, got };
    });
    for (const { id, got } of await Promise.all(calls)) {
      if (got?.status === 200) expect(got.json.result).toEqual({ mine: id });
      else expect(id % 7 === 0 || id % 11 === 0).toBe(true);
    }
  });
});
