/** The fake server in trouble, as a client on the wire meets it, and GET /health, which meets it too. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Draws } from '../../src/core/rng.ts';
import { parseLoad } from '../../src/live/mcp/load-header.ts';
import { HEADER } from '../../src/live/mcp/names.ts';
import { driven, exchange, modern, MODERN_META, serveFake, type Served } from './fake-host.ts';
import { settings } from './fake-settings.ts';

const atHealth = ({ url }: Served) => ({ url: new URL('/health', url) });
const health = (served: Served) => exchange(atHealth(served), 'GET');

/** How an exchange that is not answered ends: the error's code, or `silent` after a while. */
const failure = async (answer: Promise<unknown>): Promise<string> => {
  const code = answer.then(
    () => 'answered',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  return Promise.race([code, pause(300, 'silent', { ref: false })]);
};

describe('a full server', () => {
  it('answers 503 at once, says when to come again and how full it is', async () => {
    const served = await serveFake(settings({ work: 60_000, slots: 1, queue: 1 }));
    const controller = new AbortController();
    const held = [1, 2].map(() => modern(served, { signal: controller.signal }).catch(() => null));
    while (served.server.queued === 0) await pause(5);
    const { status, headers, json } = await modern(served);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(parseLoad(headers[HEADER.load])).toMatchObject({ busy: 1, slots: 1, queued: 1 });
    expect(json.error?.code).toBe(-32000);
    controller.abort();
    await Promise.all(held);
  });

  it('answers 503 to a call that has waited longer than its patience', async () => {
    const patience = { kind: 'constant', value: 30 } as const;
    const served = await serveFake(settings({ work: 60_000, slots: 1, patience }));
    const controller = new AbortController();
    const held = modern(served, { signal: controller.signal }).catch(() => null);
    while (served.server.busy === 0) await pause(5);
    expect((await modern(served)).status).toBe(503);
    controller.abort();
    await held;
  });

  it('shares its slots under processor sharing: two calls take twice as long', async () => {
    const served = await serveFake(
      settings({ work: 50, slots: 1, discipline: 'processor-sharing' }),
    );
    const began = performance.now();
    await Promise.all([modern(served), modern(served)]);
    expect(performance.now() - began).toBeGreaterThan(95);
  });
});

describe('errors', () => {
  const statuses = async (served: Served, attempt: number): Promise<number[]> =>
    Promise.all(
      Array.from({ length: 40 }, async (_, arrival) => {
        const headers = { [HEADER.attempt]: String(attempt) };
        const meta = { ...MODERN_META, ...driven(arrival) };
        return (await modern(served, { meta, headers })).status;
      }),
    );

  it('hit the very requests, in the very attempts, that they hit in the simulator', async () => {
    const served = await serveFake(settings());
    served.server.setFault(0, true, { kind: 'errors', share: 0.5 }, false);
    const weather = new Draws(1, 'fault');
    for (const attempt of [0, 1]) {
      const drawn = Array.from({ length: 40 }, (_, arrival) =>
        weather.uniform(arrival, 0, 2 * attempt) < 0.5 ? 500 : 200,
      );
      expect(await statuses(served, attempt)).toEqual(drawn);
    }
  });

  it('end with their fault', async () => {
    const served = await serveFake(settings());
    served.server.setFault(0, true, { kind: 'errors', share: 1 }, false);
    expect(await modern(served)).toMatchObject({ status: 500, json: { error: { code: -32603 } } });
    served.server.setFault(0, false, { kind: 'errors', share: 1 }, false);
    expect((await modern(served)).status).toBe(200);
  });

  it('of tools are results that say so, in a 200', async () => {
    const served = await serveFake(settings());
    served.server.setFault(0, true, { kind: 'toolErrors', share: 1 }, false);
    const { status, json } = await modern(served);
    expect([status, json.result?.isError]).toEqual([200, true]);
  });

  it('slowness makes work longer', async () => {
    const served = await serveFake(settings({ work: 20 }));
    served.server.setFault(0, true, { kind: 'slow', factor: 5 }, false);
    await modern(served);
    expect(served.server.tally().tally.busyMs).toBeCloseTo(100, 6);
  });
});

describe.each(['hang', 'partition'] as const)('%s', (kind) => {
  it('leaves calls, lists and health checks without an answer', async () => {
    const served = await serveFake(settings());
    served.server.setFault(0, true, { kind }, false);
    expect(await failure(modern(served))).toBe('silent');
    expect(await failure(modern(served, { method: 'tools/list', params: {} }))).toBe('silent');
    expect(await failure(health(served))).toBe('silent');
  });

  it('swallows the answer of work that was under way, and lets go of it with its client', async () => {
    const served = await serveFake(settings({ work: 30 }));
    const controller = new AbortController();
    const call = modern(served, { signal: controller.signal });
    while (served.server.busy === 0) await pause(5);
    served.server.setFault(0, true, { kind }, false);
    expect(await failure(call)).toBe('silent');
    expect(served.server.tally().tally.finished).toBe(1);
    controller.abort();
    await expect(call).rejects.toThrow();
    served.server.setFault(0, false, { kind }, false);
    expect((await modern(served)).status).toBe(200);
  });
});

describe('refuse', () => {
  it('refuses new connections, lets running calls finish, and opens on the same port again', async () => {
    const served = await serveFake(settings({ work: 100 }));
    const running = modern(served);
    while (served.server.busy === 0) await pause(5);
    served.server.setFault(0, true, { kind: 'refuse' }, false);
    expect(await failure(modern(served))).toBe('ECONNREFUSED');
    expect(await failure(health(served))).toBe('ECONNREFUSED');
    expect((await running).status).toBe(200);
    served.server.setFault(0, false, { kind: 'refuse' }, false);
    await pause(20);
    expect((await modern(served)).status).toBe(200);
  });

  it('closes connections that are kept alive', async () => {
    const served = await serveFake(settings());
    const socket = connect(served.port, '127.0.0.1');
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    served.server.setFault(0, true, { kind: 'refuse' }, false);
    await closed;
  });

  it('that health checks do not see cuts calls and answers the checks', async () => {
    const served = await serveFake(settings());
    served.server.setFault(0, true, { kind: 'refuse' }, true);
    expect(await failure(modern(served))).toBe('ECONNRESET');
    expect((await health(served)).status).toBe(200);
  });
});

describe('a leak', () => {
  it('tells its process to die when it has run its course, unless it has ended before', async () => {
    let died = 0;
    const served = await serveFake(settings(), { leakedOut: () => died++ });
    const leak = { kind: 'leak', slower: 2, over: 40 } as const;
    served.server.setFault(0, true, leak, false);
    served.server.setFault(0, false, leak, false);
    await pause(80);
    expect(died).toBe(0);
    served.server.setFault(1, true, leak, false);
    await pause(80);
    expect(died).toBe(1);
  });
});

describe('GET /health', () => {
  it('reports the load, without taking a slot', async () => {
    const served = await serveFake(settings({ work: 60_000, slots: 1 }));
    const controller = new AbortController();
    const held = [1, 2].map(() => modern(served, { signal: controller.signal }).catch(() => null));
    while (served.server.queued === 0) await pause(5);
    const { status, headers, body } = await health(served);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ status: 'ok', busy: 1, slots: 1, queued: 1 });
    expect(parseLoad(headers[HEADER.load])).toMatchObject({ busy: 1, slots: 1, queued: 1 });
    controller.abort();
    await Promise.all(held);
  });

  it('suffers errors as calls do, unless the fault is one that checks do not see', async () => {
    const served = await serveFake(settings());
    served.server.setFault(0, true, { kind: 'errors', share: 1 }, false);
    expect((await health(served)).status).toBe(503);
    served.server.setFault(0, true, { kind: 'errors', share: 1 }, true);
    expect((await health(served)).status).toBe(200);
    expect((await modern(served)).status).toBe(500);
  });
});

describe('the door', () => {
  const host = async (name: string, path = '/mcp', extra = {}): Promise<number> => {
    const served = await serveFake(settings());
    const at = { ...served, url: new URL(path, served.url) };
    const { status } = await exchange(at, 'POST', { host: name, ...extra }, '{}');
    return status;
  };

  it.each(['evil.example', 'localhost.evil.example', '10.0.0.1', 'evil.example:80@localhost'])(
    'is closed to the Host %s: 403',
    async (name) => expect(await host(name)).toBe(403),
  );

  it.each(['localhost', 'localhost:8001', '127.0.0.1:1', '[::1]:9', 'LOCALHOST', 'a.localhost'])(
    'is open to the Host %s',
    async (name) => expect(await host(name)).not.toBe(403),
  );

  it.each([
    ['http://localhost:3000', true],
    ['https://127.0.0.1', true],
    ['https://evil.example', false],
    ['null', false],
  ])('takes the Origin %s: %s', async (origin, taken) => {
    expect((await host('localhost', '/mcp', { origin })) !== 403).toBe(taken);
  });

  it('answers what it cannot read with the status that says why', async () => {
    const served = await serveFake(settings());
    const json = { 'content-type': 'application/json' };
    const post = (headers: Record<string, string>, body: string) =>
      exchange(served, 'POST', headers, body);
    expect(await post(json, '{')).toMatchObject({ status: 400, json: { error: { code: -32700 } } });
    expect(await post(json, '')).toMatchObject({ status: 400, json: { error: { code: -32700 } } });
    for (const body of ['[]', '3', '{}', '{"jsonrpc":"2.0","id":null,"method":"ping"}']) {
      expect(await post(json, body)).toMatchObject({
        status: 400,
        json: { error: { code: -32600 } },
      });
    }
    expect((await post({ 'content-type': 'text/plain' }, '{}')).status).toBe(415);
    expect((await exchange(served, 'PUT', json, '{}')).status).toBe(405);
    expect((await exchange(atHealth(served), 'POST', json, '{}')).status).toBe(404);
  });
});

it('a body that says it is too large is refused unread: 413', async () => {
  const { port } = await serveFake(settings());
  const socket = connect(port, '127.0.0.1');
  const head = ['POST /mcp HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
  socket.write([...head, 'Content-Length: 5000000', '', ''].join('\r\n'));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
  socket.destroy();
});

describe('closing', () => {
  it('finishes the work it has, and takes no more', async () => {
    const served = await serveFake(settings({ work: 80 }));
    const running = modern(served);
    while (served.server.busy === 0) await pause(5);
    await served.server.close(5000);
    expect((await running).status).toBe(200);
    expect(await failure(modern(served))).toBe('ECONNREFUSED');
  });

  it('resets what outlasts the grace, and ends streams', async () => {
    const served = await serveFake(settings({ work: 60_000, reply: 'sse' }));
    const sent = request(served.url, { method: 'POST', agent: false });
    const params = { name: 'call', _meta: MODERN_META };
    const headers = {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      [HEADER.version]: '2026-07-28',
      [HEADER.method]: 'tools/call',
      [HEADER.name]: 'call',
    };
    for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value);
    sent.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
    // The head of a stream comes when the work begins.
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.headers['content-type']).toBe('text/event-stream');
    const body = text(response);
    await Promise.all([served.server.close(20), expect(body).rejects.toThrow('aborted')]);
  });
});
