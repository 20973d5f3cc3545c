/** Servers that behave badly cost nobody but those they were asked by, and those no more than an error. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import {
  call,
  modernBody,
  modernHeaders,
  ok,
  reply,
  send,
  until,
  type Answer,
  type Got,
} from './gateway-rig.ts';
import { begin, Opened, underWay } from './trouble-rig.ts';

const opened = new Opened();
afterAll(() => opened.close());

/** Calls a tool; null when the connection was broken off. */
const callAs = (port: number, id: number): Promise<Got | null> =>
  send(port, {
    headers: modernHeaders('tools/call', 'search'),
    body: modernBody('tools/call', { name: 'search' }, id),
  }).catch(() => null);

const honest: Answer = (heard, response, incoming) => {
  if (heard.body.method === 'tools/call') reply(response, heard.body.id!, { mine: heard.body.id });
  else ok(heard, response, incoming);
};

/** An answer as it should be, to request `id`. */
const answerTo = (id: number, mine = id): string => {
  const body = JSON.stringify({ jsonrpc: '2.0', id, result: { mine } });
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

const EVENTS =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';

/** What a server does with request `id`. */
const ROGUES: Readonly<Record<string, (socket: Socket, id: number) => void>> = {
  hangs: () => {},
  'resets in the middle of a stream': (socket) =>
    socket.write(`${EVENTS}6\r\ndata: \r\n`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  'says what is no HTTP': (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
  'answers no JSON': (socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>'),
  'sends half a header and goes': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
  'sends half a header and stays': (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Le'),
  'sends headers without end': (socket) =>
    socket.write(`HTTP/1.1 200 OK\r\n${'X-More: and more\r\n'.repeat(10_000)}`),
  'sends less than it said': (socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"jsonrpc"'),
  'says a length and chunks': (socket, id) =>
    socket.write(answerTo(id).replace('\r\n', '\r\nTransfer-Encoding: chunked\r\n')),
  'says two lengths': (socket, id) =>
    socket.write(answerTo(id).replace('\r\n', '\r\nContent-Length: 3\r\n')),
  'answers twice': (socket, id) => socket.write(answerTo(id) + answerTo(id, 666)),
  'switches protocols unasked': (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
  'never comes to an end': (socket) => {
    socket.write(EVENTS);
    const pouring = setInterval(() => socket.write('6\r\ndata: \r\n'), 50);
    socket.on('close', () => clearInterval(pouring));
  },
};

describe('a server that', () => {
  test.concurrent.each(Object.entries(ROGUES))('%s', async (_, act) => {
    const good = await opened.backend(honest);
    const rogue = await opened.raw((socket, heard) => {
      const [, id] = /"id":(\d+)/.exec(heard) ?? [];
      if (id !== undefined) act(socket, Number(id));
    });
    const rig = await opened.gateway([good, rogue], 'traffic: { timeout: 2500ms }\n');
    for (const wave of [0, 1]) {
      const ids = Array.from({ length: 10 }, (_, k) => 1 + wave * 10 + k);
      const got = await Promise.all(ids.map((id) => callAs(rig.port, id)));
      const right = got.filter((each, k) => {
        const mine = each?.json.result?.['mine'];
        expect([undefined, ids[k]]).toContain(mine);
        return mine !== undefined;
      });
      expect(right.length, got.map((each) => each?.text).join()).toBeGreaterThanOrEqual(5);
    }
    expect(underWay(rig)).toBe(0);
    await until(() => rogue.sockets.size <= 1, 10_000);
  });
});

describe('a server one answer behind, whose answer to one request meets the next,', () => {
  const chunked = (type: string, body: string): string =>
    `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const json = (id: number): string => JSON.stringify({ jsonrpc: '2.0', id, result: { mine: id } });

  test.concurrent.each([
    ['of known length', answerTo],
    ['in chunks', (id: number) => chunked('application/json', json(id))],
    ['as an event', (id: number) => chunked('text/event-stream', `data: ${json(id)}\n\n`)],
  ])('is found out, and its connection not used again: %s', async (_, answer) => {
    const last = new Map<Socket, number>();
    const rogue = await opened.raw((socket, heard) => {
      const [, id] = /"id":(\d+)/.exec(heard) ?? [];
      if (id === undefined) return;
      socket.write(answer(last.get(socket) ?? Number(id)));
      last.set(socket, Number(id));
    });
    const rig = await opened.gateway([rogue], 'breaker: none\nhealth: none\n');
    // What the gateway asks for itself at its start: the list of tools.
    await callAs(rig.port, 1000);
    const got: (Got | null)[] = [];
    for (let id = 1; id <= 9; id++) got.push(await callAs(rig.port, id));
    const mine = got.map((each) => {
      const [, id] = /"mine":(\d+)/.exec(each?.text ?? '') ?? [];
      return id === undefined ? null : Number(id);
    });
    expect(mine.filter((id, k) => id !== null && id !== k + 1)).toEqual([]);
    expect(mine.filter((id) => id !== null).length).toBeGreaterThanOrEqual(4);
    expect(mine.filter((id) => id === null).length).toBeGreaterThanOrEqual(4);
    expect(underWay(rig)).toBe(0);
  });
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
  const { port } = await opened.gateway([
    await opened.backend(chaotic),
    await opened.backend(chaotic),
  ]);
  const calls = Array.from({ length: 300 }, async (_, id) => ({ id, got: await callAs(port, id) }));
  for (const { id, got } of await Promise.all(calls)) {
    if (got?.status === 200) expect(got.json.result).toEqual({ mine: id });
    else expect(id % 7 === 0 || id % 11 === 0).toBe(true);
  }
});

test('100 MB are passed on and not stored, and other calls are answered meanwhile', async () => {
  const CHUNK = Buffer.alloc(65_536, 0x61);
  const CHUNKS = 1600;
  let poured = 0;
  const one = await opened.backend((heard, response, incoming) => {
    const { name } = (heard.body.params ?? {}) as { name?: string };
    if (name !== 'huge') {
      honest(heard, response, incoming);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    const pour = (): void => {
      while (poured < CHUNKS) {
        poured++;
        if (response.write(CHUNK)) continue;
        response.once('drain', pour);
        return;
      }
      response.end();
    };
    pour();
  });
  const { port } = await opened.gateway([one]);
  let bytes = 0;
  let complete = false;
  const huge = await new Promise<IncomingMessage>((resolve) =>
    begin(port, call('huge')).on('response', resolve),
  );
  // Nobody reads yet: what leaves the server all the same is on its way, or stored by the gateway.
  for (let [id, seen, still] = [1, 0, 0]; still < 20; id++) {
    expect((await callAs(port, id))?.json.result).toEqual({ mine: id });
    await pause(10);
    still = poured === seen ? still + 1 : 0;
    seen = poured;
  }
  expect(poured).toBeLessThan(CHUNKS / 2);
  huge.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => (complete = true));
  for (let id = 1; !complete; id++)
    expect((await callAs(port, id))?.json.result).toEqual({ mine: id });
  expect(bytes).toBe(CHUNKS * CHUNK.length);
});
