/** The fake server on the wire of 2025-11-25: sessions that live and die, streams, and every status around them. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HEADER } from '../../src/live/mcp/names.ts';
import {
  driven,
  exchange,
  initialize,
  JSON_OR_EVENTS,
  legacy,
  open,
  serveFake,
} from './fake-host.ts';
import { settings } from './fake-settings.ts';

const VERSION = { [HEADER.version]: '2025-11-25' };
const CALL = { name: 'call', arguments: {} };

describe('initialize', () => {
  it('mints a session id of visible ASCII, another one each time', async () => {
    const served = await serveFake(settings());
    const [first, second] = [await initialize(served), await initialize(served)];
    expect(first).toMatch(/^[\x21-\x7e]+$/);
    expect(second).not.toBe(first);
  });

  it('agrees to a version it knows and offers its newest for one that it does not', async () => {
    const served = await serveFake(settings());
    const asked = async (protocolVersion: string) =>
      (await legacy(served, 'initialize', { protocolVersion })).json.result?.['protocolVersion'];
    expect(await asked('2025-03-26')).toBe('2025-03-26');
    expect(await asked('1999-01-01')).toBe('2025-11-25');
  });

  it('without a version is an error, within a session 400', async () => {
    const served = await serveFake(settings());
    const session = await initialize(served);
    expect((await legacy(served, 'initialize')).json.error?.code).toBe(-32602);
    const params = { protocolVersion: '2025-11-25' };
    const again = await legacy(served, 'initialize', params, { [HEADER.session]: session });
    expect(again.status).toBe(400);
  });

  it('may come as an event, with the session id in the head', async () => {
    const served = await serveFake(settings({ reply: 'sse' }));
    const { headers, json } = await legacy(served, 'initialize', { protocolVersion: '2025-11-25' });
    expect(headers['content-type']).toBe('text/event-stream');
    expect(headers[HEADER.session]).toMatch(/./);
    expect(json.result?.['protocolVersion']).toBe('2025-11-25');
  });
});

describe('a session', () => {
  it('takes notifications with 202, answers ping, lists and calls', async () => {
    const served = await serveFake(settings());
    const headers = { ...VERSION, [HEADER.session]: await initialize(served) };
    const ready = await legacy(served, 'notifications/initialized', {}, headers, null);
    expect(ready).toMatchObject({ status: 202, body: '' });
    expect((await legacy(served, 'ping', {}, headers)).json.result).toEqual({});
    const { json: list } = await legacy(served, 'tools/list', {}, headers);
    expect(list.result?.tools?.map(({ name }) => name)).toEqual(['call', 'pay']);
    const { json: called } = await legacy(served, 'tools/call', CALL, headers);
    expect(called.result).toEqual({
      content: [{ type: 'text', text: 'call was done by s1' }],
      isError: false,
    });
  });

  it('does not know every method: -32601 in a 200', async () => {
    const served = await serveFake(settings());
    const headers = { [HEADER.session]: await initialize(served) };
    const { status, json } = await legacy(served, 'prompts/list', {}, headers);
    expect([status, json.error?.code]).toEqual([200, -32601]);
  });

  it.each(['tools/call', 'tools/list', 'ping'])(
    '%s without one is answered 400',
    async (method) => {
      const { status, json } = await legacy(await serveFake(settings()), method, CALL);
      expect([status, json.error?.code]).toEqual([400, -32000]);
    },
  );

  it.each(['tools/call', 'tools/list', 'ping'])(
    '%s in an unknown one is answered 404 with -32001',
    async (method) => {
      const headers = { [HEADER.session]: 'nobody-knows-it' };
      const { status, json } = await legacy(await serveFake(settings()), method, CALL, headers);
      expect([status, json.error?.code]).toEqual([404, -32001]);
    },
  );

  it('refuses a version it does not speak with 400, and takes none at all', async () => {
    const served = await serveFake(settings());
    const session = { [HEADER.session]: await initialize(served) };
    const wrong = await legacy(served, 'ping', {}, { ...session, [HEADER.version]: '1.0' });
    expect(wrong.status).toBe(400);
    expect((await legacy(served, 'ping', {}, session)).status).toBe(200);
  });

  it('ends with DELETE: 404 from then on', async () => {
    const served = await serveFake(settings());
    const headers = { ...VERSION, [HEADER.session]: await initialize(served) };
    expect((await exchange(served, 'DELETE', headers)).status).toBe(200);
    expect((await legacy(served, 'ping', {}, headers)).status).toBe(404);
    expect((await exchange(served, 'DELETE', headers)).status).toBe(404);
    expect((await exchange(served, 'DELETE')).status).toBe(400);
  });

  it('is not needed by a driven single request', async () => {
    const served = await serveFake(settings());
    const params = { ...CALL, _meta: driven(3) };
    expect((await legacy(served, 'tools/call', params, VERSION)).status).toBe(200);
    const inSession = { ...CALL, _meta: driven(3, 1, 5) };
    expect((await legacy(served, 'tools/call', inSession, VERSION)).status).toBe(400);
  });
});

describe('the GET stream', () => {
  it('opens at once, stays open with signs of life, and ends with its session', async () => {
    const served = await serveFake(settings({ keepAlive: 20 }));
    const headers = { ...VERSION, [HEADER.session]: await initialize(served) };
    const stream = await open(served, 'GET', { ...headers, accept: 'text/event-stream' });
    expect(stream.statusCode).toBe(200);
    expect(stream.headers['content-type']).toBe('text/event-stream');
    let heard = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
    while (heard.split(': keep-alive\n\n').length < 4) await pause(5);
    const ended = new Promise((resolve) => stream.once('end', resolve));
    await exchange(served, 'DELETE', headers);
    await ended;
    expect(heard).toMatch(/^(: keep-alive\n\n)+$/);
  });

  it('needs a session and an Accept that takes it', async () => {
    const served = await serveFake(settings());
    const session = await initialize(served);
    const accept = 'text/event-stream';
    expect((await exchange(served, 'GET', { accept })).status).toBe(400);
    expect((await exchange(served, 'GET', { accept, [HEADER.session]: 'nobody' })).status).toBe(
      404,
    );
    const json = { accept: 'application/json', [HEADER.session]: session };
    expect((await exchange(served, 'GET', json)).status).toBe(406);
  });
});

describe('a legacy client that disconnects', () => {
  it('does not cancel: its call is worked to the end', async () => {
    const served = await serveFake(settings({ work: 100 }));
    const headers = { ...JSON_OR_EVENTS, [HEADER.session]: await initialize(served) };
    const controller = new AbortController();
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: CALL });
    const lost = exchange(served, 'POST', headers, body, controller.signal).catch(() => 'lost');
    while (served.server.busy === 0) await pause(5);
    controller.abort();
    expect(await lost).toBe('lost');
    while (served.server.busy > 0) await pause(5);
    // The handshake, and the call.
    expect(served.server.tally().tally.finished).toBe(2);
  });

  it('cancels with a notification: the call is taken out and not answered', async () => {
    const served = await serveFake(settings({ work: 60_000 }));
    const headers = { [HEADER.session]: await initialize(served) };
    const call = legacy(served, 'tools/call', CALL, headers, 31);
    while (served.server.busy === 0) await pause(5);
    await legacy(served, 'notifications/cancelled', { requestId: 31 }, headers, null);
    expect(await call).toMatchObject({ status: 202, body: '' });
    expect(served.server.busy).toBe(0);
    expect(served.server.tally().tally.finished).toBe(1);
  });
});

it('a server of the legacy era alone refuses a modern client with 400', async () => {
  const served = await serveFake(settings({ eras: 'legacy' }));
  const headers = { [HEADER.version]: '2026-07-28' };
  const { status, json } = await legacy(served, 'server/discover', {}, headers);
  expect([status, json.error?.code]).toEqual([400, -32000]);
});

describe('a session left alone', () => {
  it('is forgotten after a while, and then unknown', async () => {
    const served = await serveFake(settings({ sessionIdle: 60 }));
    const session = await initialize(served);
    const headers = { [HEADER.session]: session };
    for (let k = 0; k < 4; k++) {
      await pause(30);
      expect((await legacy(served, 'ping', {}, headers)).status).toBe(200);
    }
    await pause(120);
    expect((await legacy(served, 'ping', {}, headers)).status).toBe(404);
  });

  it('is kept while a stream of its is open', async () => {
    const served = await serveFake(settings({ sessionIdle: 20, keepAlive: 5 }));
    const headers = { [HEADER.session]: await initialize(served), accept: 'text/event-stream' };
    const stream = await open(served, 'GET', headers);
    await pause(100);
    expect((await legacy(served, 'ping', {}, { ...headers, ...JSON_OR_EVENTS })).status).toBe(200);
    stream.destroy();
  });
});
