/** Connections to servers end soon after what they were opened for, however long the server would keep them. */
import type { ClientRequest } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { call, modernBody, modernHeaders, ok, send, until, type Answer } from './gateway-rig.ts';
import { Opened, openStreams, underWay } from './trouble-rig.ts';

const opened = new Opened();
afterEach(() => opened.close());

const TEN_MINUTES = 600_000;

const LISTEN = {
  headers: modernHeaders('subscriptions/listen'),
  body: modernBody('subscriptions/listen'),
};

/** Streams end when `ends` says so. */
const streaming =
  (ends: (() => void)[]): Answer =>
  (heard, response, incoming) => {
    if (heard.body.method !== 'subscriptions/listen') {
      ok(heard, response, incoming);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    ends.push(() => response.end());
  };

/** None is left but `most`, and none comes back: a connection that is broken off may be followed by another one. */
const fallsTo = async (most: number, sockets: ReadonlySet<unknown>): Promise<void> => {
  await until(() => sockets.size <= most, 6000);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await until(() => sockets.size <= most, 6000);
};

describe('connections to a server that would keep them for ten minutes', () => {
  test.each([
    ['that were dropped', (stream: ClientRequest) => stream.destroy()],
    ['that ended', (_: ClientRequest, end: () => void) => end()],
  ])('of streams %s are gone within seconds', async (_, drop) => {
    const ends: (() => void)[] = [];
    const one = await opened.backend(streaming(ends), TEN_MINUTES);
    const rig = await opened.gateway([one]);
    const streams = await openStreams(rig.port, 100, LISTEN);
    expect(one.sockets.size).toBeGreaterThanOrEqual(100);
    streams.forEach((stream, k) => drop(stream, ends[k]!));
    await until(() => underWay(rig) === 0);
    await fallsTo(1, one.sockets);
  });

  test('of calls are kept for the next ones', async () => {
    const one = await opened.backend(ok, TEN_MINUTES);
    const { port } = await opened.gateway([one]);
    await fallsTo(0, one.sockets);
    await send(port, call('search'));
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(one.sockets.size).toBe(1);
  });
});
