/** Clients that behave badly get an error, and cost nobody else anything: neither while it lasts nor when it is over. */
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { HEADER } from '../../src/live/mcp/names.ts';
import {
  call,
  legacy,
  legacyPost,
  modernBody,
  modernHeaders,
  ok,
  reply,
  send,
  until,
  type Answer,
} from './gateway-rig.ts';
import { begin, openSockets, Opened, openStreams, raw, underWay } from './trouble-rig.ts';

const opened = new Opened();
afterEach(() => opened.close());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const POST = 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
/** What somebody would like to see taken for a request of its own. */
const HIDDEN = 'GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('requests that mean two things to two readers', () => {
  test.each([
    ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}`],
    ['a list of lengths', `${POST}Content-Length: 2, 2\r\n\r\n{}`],
    ['a length with a sign', `${POST}Content-Length: +2\r\n\r\n{}`],
    ['a hexadecimal length', `${POST}Content-Length: 0x2\r\n\r\n{}`],
    [
      'a length and chunks',
      `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'chunks and a length',
      `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    ],
    ['an encoding that is none', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['an encoding after chunks', `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
    ['a space before the colon', `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
    ['a folded header', `${POST}X-A: 1\r\n  2\r\nContent-Length: 2\r\n\r\n{}`],
    ['a folded encoding', `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
    ['a NUL in a header', `${POST}X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}`],
    ['a chunk of no size', `${POST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n`],
    ['a bare line feed', 'POST /mcp HTTP/1.1\nHost: localhost\nContent-Length: 2\n\n{}'],
  ])('%s: one 400, the connection is closed, and no server hears of it', async (_, text) => {
    const one = await opened.backend();
    const rig = await opened.gateway([one]);
    const before = one.heard.length;
    const got = await raw(rig.port, text + HIDDEN);
    expect(got.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 400']);
    expect(one.heard.length).toBe(before);
    expect(underWay(rig)).toBe(0);
  });

  test.each([
    ['two hosts', `${POST}Host: evil.example\r\nContent-Length: 2\r\n`, 400],
    ['a foreign host', 'POST /mcp HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n', 403],
    ['a compressed body', `${POST}Content-Encoding: gzip\r\nContent-Length: 2\r\n`, 415],
    [
      'the whole of our URL',
      'POST http://localhost/mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n',
      400,
    ],
    ['no host', 'POST /mcp HTTP/1.1\r\nContent-Length: 2\r\n', 400],
    ['an empty host', 'POST /mcp HTTP/1.1\r\nHost:\r\nContent-Length: 2\r\n', 403],
    ['the URL of another', 'POST http://evil.example/mcp HTTP/1.1\r\nHost: localhost\r\n', 403],
    ['headers without end', `${POST}${'X-More: and more\r\n'.repeat(2000)}`, 431],
  ])('%s', async (_, text, status) => {
    const one = await opened.backend();
    const { port } = await opened.gateway([one]);
    const before = one.heard.length;
    const got = await raw(port, `${text}Connection: close\r\n\r\n{}`);
    expect(got).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(one.heard.length).toBe(before);
  });
});

describe('clients', () => {
  test('a slow one is waited for, not stored for: a large answer stops at the server', async () => {
    let written = 0;
    const CHUNK = Buffer.alloc(65_536, 0x61);
    const one = await opened.backend((heard, response, incoming) => {
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
    const { port } = await opened.gateway([one]);
    const outgoing = begin(port, call('search')).on('response', (response) => response.pause());
    await until(() => written > 0);
    await pause(300);
    expect(written).toBeLessThan(30_000_000);
    outgoing.destroy();
    await until(() => one.cancelled === 1);
  });

  test('fifty that stop in the middle of what they say hold up nobody, and leave nothing behind', async () => {
    const one = await opened.backend();
    const rig = await opened.gateway([one]);
    const before = openSockets();
    const stopped: Socket[] = Array.from({ length: 50 }, (_, k) =>
      connect(rig.port, '127.0.0.1', () =>
        stopped[k]!.write(k % 2 === 0 ? POST : `${POST}Content-Length: 100\r\n\r\n{"jsonrpc"`),
      ).on('error', () => {}),
    );
    await until(() => stopped.every(({ bytesWritten }) => bytesWritten > 0));
    expect((await send(rig.port, call('search'))).status).toBe(200);
    expect(underWay(rig)).toBe(0);
    stopped.forEach((socket) => socket.destroy());
    await until(() => openSockets() <= before + 2, 8000);
    expect(one.calls).toBe(1);
  });

  test('fifty that disappear, before their answer or in the middle of it, leave nothing behind', async () => {
    const halfway: Answer = (heard, response, incoming) => {
      const { name } = (heard.body.params ?? {}) as { name?: string };
      if (name === 'half')
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': half\n\n');
      else if (name !== 'none') ok(heard, response, incoming);
    };
    const one = await opened.backend(halfway);
    const rig = await opened.gateway([one]);
    const before = openSockets();
    let begun = 0;
    const gone = Array.from({ length: 50 }, (_, k) =>
      begin(rig.port, call(k % 2 === 0 ? 'none' : 'half')).on('response', (response) =>
        response.once('data', () => begun++),
      ),
    );
    await until(() => one.calls === 50 && begun === 25, 10_000);
    expect(underWay(rig)).toBe(50);
    gone.forEach((outgoing) => outgoing.destroy());
    await until(() => underWay(rig) === 0 && one.cancelled === 50, 10_000);
    expect((await send(rig.port, call('search'))).status).toBe(200);
    await until(() => openSockets() <= before + 2, 10_000);
  });

  test.each([
    ['announced', 'Content-Length: 10000000\r\n\r\n', (chunk: string) => chunk],
    [
      'in chunks',
      'Transfer-Encoding: chunked\r\n\r\n',
      (chunk: string) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`,
    ],
  ])('one that sends 10 MB, %s, is answered 413 and then cut off', async (_, head, wrapped) => {
    const one = await opened.backend();
    const rig = await opened.gateway([one]);
    const before = openSockets();
    const chunk = wrapped('x'.repeat(100_000));
    expect(await raw(rig.port, POST + head + chunk.repeat(100))).toMatch(/^HTTP\/1\.1 413 /);
    expect(one.calls).toBe(0);
    expect((await send(rig.port, call('search'))).status).toBe(200);
    await until(() => openSockets() <= before + 2, 8000);
  });

  test('one that leaves while its session is not yet settled leaves nothing behind', async () => {
    let finish = (): void => {};
    const sessions = legacy('one', (response) => response.writeHead(404).end());
    const one = await opened.backend((heard, response, incoming) => {
      if (heard.body.method === 'initialize') {
        response.writeHead(200, { 'content-type': 'text/event-stream', [HEADER.session]: 'one-1' });
        response.write(': soon\n\n');
        const result = { protocolVersion: '2025-11-25', capabilities: {} };
        const answer = JSON.stringify({ jsonrpc: '2.0', id: heard.body.id, result });
        finish = () => response.end(`data: ${answer}\n\n`);
      } else if (heard.body.method === 'tools/call') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const answer = JSON.stringify({ jsonrpc: '2.0', id: heard.body.id, result: {} });
        response.end(`: ${'x'.repeat(1_000_000)}\n\ndata: ${answer}\n\n`);
      } else sessions(heard, response, incoming);
    });
    const rig = await opened.gateway([one]);
    const opening = send(rig.port, legacyPost('initialize'));
    await until(() => rig.served.world.sessions.find('one-1') !== undefined);
    const leaving = begin(rig.port, legacyPost('tools/call', 'one-1'));
    await pause(100);
    leaving.destroy();
    await pause(50);
    finish();
    expect((await opening).status).toBe(200);
    // A legacy client that disconnects has not cancelled: the call is made, and its answer read.
    await until(() => one.calls === 1 && underWay(rig) === 0);
    const began = performance.now();
    await rig.served.close(5000);
    expect(performance.now() - began).toBeLessThan(2500);
  });

  test('fifty that send a megabyte each leave none of it behind', async () => {
    const one = await opened.backend((heard, response, incoming) => {
      setTimeout(() => ok(heard, response, incoming), heard.body.method === 'tools/call' ? 300 : 0);
    });
    const rig = await opened.gateway([one]);
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const held = (): number => (collect(), process.memoryUsage().arrayBuffers);
    const before = held();
    const sent = {
      headers: modernHeaders('tools/call', 'search'),
      body: modernBody('tools/call', { name: 'search', arguments: { text: 'x'.repeat(1e6) } }),
    };
    const got = await Promise.all(Array.from({ length: 50 }, () => send(rig.port, sent)));
    expect(got.every(({ status }) => status === 200)).toBe(true);
    one.heard.length = 0;
    await until(() => held() - before < 10e6);
  });

  test('one that asks twice at once gets its answers in the order of its questions', async () => {
    const one = await opened.backend((heard, response, incoming) => {
      const { id = 0, method } = heard.body;
      if (method !== 'tools/call') ok(heard, response, incoming);
      else setTimeout(() => reply(response, id, { mine: id }), id === 1 ? 100 : 0);
    });
    const { port } = await opened.gateway([one]);
    const question = (id: number, last: boolean): string => {
      const body = modernBody('tools/call', { name: 'search' }, id);
      const headers = Object.entries(modernHeaders('tools/call', 'search'));
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      return `${POST}${lines}${last ? 'Connection: close\r\n' : ''}Content-Length: ${body.length}\r\n\r\n${body}`;
    };
    const got = await raw(port, question(1, false) + question(2, true));
    expect(got.match(/"mine":\d/g)).toEqual(['"mine":1', '"mine":2']);
  });

  test('a thousand idle streams stand in nobody’s way, and are let go of', async () => {
    const one = await opened.backend(legacy('one', (response) => response.writeHead(404).end()));
    const rig = await opened.gateway([one]);
    const { port } = rig;
    const session = String((await send(port, legacyPost('initialize'))).headers[HEADER.session]);
    const before = openSockets();
    const streams = await openStreams(port, 1000, {
      method: 'GET',
      headers: { [HEADER.session]: session, accept: 'text/event-stream' },
    });
    expect(underWay(rig)).toBe(1000);
    const began = performance.now();
    for (let k = 0; k < 20; k++) {
      expect((await send(port, legacyPost('tools/call', session))).status).toBe(200);
    }
    expect((performance.now() - began) / 20).toBeLessThan(100);
    streams.forEach((stream) => stream.destroy());
    await until(() => underWay(rig) === 0, 10_000);
    await until(() => openSockets() <= before + 4, 10_000);
    await until(() => one.sockets.size <= 4, 10_000);
  });
});
