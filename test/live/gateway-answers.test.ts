/** What the gateway makes of answers: whose they are, whether they are any, and what they say of the server and of sessions. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { GATEWAY_CODE, HEADER } from '../../src/live/mcp/names.ts';
import {
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
import { SILENT } from '../../src/live/gateway/log.ts';
import { begin, Opened, underWay } from './trouble-rig.ts';

const opened = new Opened();
afterAll(() => opened.close());

const metricsOf = async ({ port }: Rig): Promise<string> =>
  (await send(port, { method: 'GET', path: '/metrics' })).text;

/** Answers calls of tools its own way, and anything else well. */
const callsBy =
  (act: Answer): Answer =>
  (heard, response, incoming) =>
    (heard.body.method === 'tools/call' ? act : ok)(heard, response, incoming);

const JSON_TYPE = { 'content-type': 'application/json' };
const lost = (response: ServerResponse): void => void response.writeHead(404).end();
const TRIGGER = 'breaker: { counter: { failures: 3 } }\n';

describe('an answer to tools/call that', () => {
  test.each([
    ['is the page of somebody else', 200, JSON_TYPE, '{"message":"please log in"}'],
    ['was cut off by whoever made it', 200, JSON_TYPE, '{"jsonrpc":"2.0","id":1,"result":{"con'],
    ['is empty', 200, JSON_TYPE, ''],
    ['only says that it was accepted', 202, {}, ''],
  ])('%s is none', async (_, status, headers, body) => {
    const one = await opened.backend(
      callsBy((_heard, response) => response.writeHead(status, headers).end(body)),
    );
    const rig = await opened.gateway([one]);
    await send(rig.port, call('search'));
    expect(await metricsOf(rig)).toContain(
      'windtunnel_requests_total{tool="search",outcome="http-5xx"} 1',
    );
  });

  test('is compressed, though that was not asked for, passes unread and is no failure', async () => {
    const one = await opened.backend(
      callsBy(({ body }, response) => {
        const text = JSON.stringify({ jsonrpc: '2.0', id: body.id, result: {} });
        response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(gzipSync(text));
      }),
    );
    const rig = await opened.gateway([one], TRIGGER);
    for (let k = 0; k < 5; k++) expect((await send(rig.port, call('search'))).status).toBe(200);
    expect(one.heard.map(({ headers }) => headers['accept-encoding'])).not.toContain(undefined);
    expect(one.heard.at(-1)!.headers['accept-encoding']).toBe('identity');
    expect(await metricsOf(rig)).toContain('{tool="search",outcome="ok"} 5');
  });

  test('says on its stream what looks like another answer is still an answer', async () => {
    const one = await opened.backend(
      callsBy(({ body }, response) => {
        const answer = JSON.stringify({ jsonrpc: '2.0', id: body.id, result: {} });
        const log = { jsonrpc: '2.0', method: 'notifications/message', params: { result: 1 } };
        response
          .writeHead(200, { 'content-type': 'Text/Event-Stream; charset=utf-8' })
          .end(`data: ${answer}\n\ndata: ${JSON.stringify(log)}\n\n`);
      }),
    );
    const rig = await opened.gateway([one]);
    expect((await send(rig.port, call('search'))).text).toContain('notifications/message');
    expect(await metricsOf(rig)).toContain('{tool="search",outcome="ok"} 1');
  });

  test('answers another request, in pieces and without a length, is found out before any of it has left', async () => {
    const one = await opened.backend(
      callsBy((_heard, response) => {
        const pad = 'x'.repeat(100_000);
        const text = JSON.stringify({ jsonrpc: '2.0', id: 99, result: { pad } });
        response.writeHead(200, JSON_TYPE);
        response.write(text.slice(0, 90_000));
        setTimeout(() => response.end(text.slice(90_000)), 20);
      }),
    );
    const rig = await opened.gateway([one]);
    const got = await send(rig.port, call('search'));
    expect([got.status, got.json.error?.data?.reason]).toEqual([502, 'reset']);
    expect(await metricsOf(rig)).toContain('{tool="search",outcome="reset"} 1');
  });
});

describe('a session', () => {
  const open = async ({ port }: Rig): Promise<string> =>
    String((await send(port, legacyPost('initialize'))).headers[HEADER.session]);

  test.each([
    // The official Python server, version 1: an error of no request has this id.
    [
      404,
      JSON_TYPE,
      '{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Session not found"}}',
    ],
    // And before that: words without JSON.
    [400, { 'content-type': 'text/plain' }, 'Bad Request: No valid session ID provided'],
  ])(
    'lost, and answered %i with %o %s: passed on as it is, no failure',
    async (status, headers, body) => {
      const one = await opened.backend();
      const answer = legacy('one', (response) => response.writeHead(status, headers).end(body));
      one.answer = answer;
      const rig = await opened.gateway([one], TRIGGER);
      const sessions = [];
      for (let k = 0; k < 5; k++) sessions.push(await open(rig));
      one.answer = legacy('anew', (response) => response.writeHead(status, headers).end(body));
      for (const session of sessions) {
        const got = await send(rig.port, legacyPost('tools/call', session));
        expect([got.status, got.text]).toEqual([status, body]);
      }
      expect(await metricsOf(rig)).toContain('outcome="session-lost"} 5');
      expect(await metricsOf(rig)).toContain('state="closed"} 1');
      // 404 is final, as the specification has it; other statuses may be about something else.
      expect(rig.served.world.sessions.size).toBe(status === 404 ? 0 : 5);
    },
  );

  test('of which a tool speaks is not that of its client', async () => {
    const answer = legacy('one', lost);
    const one = await opened.backend((heard, response, incoming) => {
      if (heard.body.method !== 'tools/call') answer(heard, response, incoming);
      else
        response.writeHead(200, JSON_TYPE).end(
          JSON.stringify({
            jsonrpc: '2.0',
            id: heard.body.id,
            error: { code: -32603, message: 'Database session is closed' },
          }),
        );
    });
    const rig = await opened.gateway([one]);
    const session = await open(rig);
    expect((await send(rig.port, legacyPost('tools/call', session))).status).toBe(200);
    expect(await metricsOf(rig)).toContain('outcome="tool-error"} 1');
    expect(rig.served.world.sessions.size).toBe(1);
  });

  test('is not lost when a failed handshake names it', async () => {
    const answer = legacy('one', lost);
    const one = await opened.backend(answer);
    const rig = await opened.gateway([one]);
    const session = await open(rig);
    one.answer = (heard, response, incoming) => {
      if (heard.body.method !== 'initialize') answer(heard, response, incoming);
      else {
        response.setHeader(HEADER.session, session);
        reply(response, 99, {});
      }
    };
    const refused = await send(rig.port, legacyPost('initialize'));
    expect([refused.status, refused.json.error!.code]).toEqual([502, GATEWAY_CODE.upstream]);
    expect((await send(rig.port, legacyPost('tools/call', session))).status).toBe(200);
  });

  test('goes on being found under a name that a restarted server gives anew', async () => {
    const one = await opened.backend(legacy('one', lost));
    const rig = await opened.gateway([one]);
    const before = await open(rig);
    one.answer = legacy('one', lost);
    expect(await open(rig)).toBe(before);
    expect((await send(rig.port, legacyPost('tools/call', before))).status).toBe(200);
    expect(rig.served.world.sessions.size).toBe(1);
  });
});

test('a legacy client that goes away for good does not leave its call with a server that hangs', async () => {
  const answer = legacy('one', lost);
  const one = await opened.backend(answer);
  const rig = opened.keep(await gatewayOver([one], '', SILENT, { linger: 200 }));
  const session = String((await send(rig.port, legacyPost('initialize'))).headers[HEADER.session]);
  one.answer = callsBy(() => {});
  const hanging = begin(rig.port, legacyPost('tools/call', session));
  await until(() => one.calls === 1);
  hanging.destroy();
  await until(() => underWay(rig) === 0);
  expect(await metricsOf(rig)).toContain('outcome="cancelled"} 1');
});

describe('of two attempts at once', () => {
  const HEDGED = 'traffic: { hedging: { after: 50ms } }\n';

  /** A server that fails the first call, though late, and two that answer the second even later, whole or bit by bit. */
  const race = async (second: (response: ServerResponse, text: string) => void): Promise<Rig> => {
    let calls = 0;
    const runner = callsBy(({ body }, response) => {
      const answer = { jsonrpc: '2.0', id: body.id, result: { content: [] } };
      if (calls++ === 0) setTimeout(() => response.writeHead(500).end('broken'), 150);
      else setTimeout(() => second(response, JSON.stringify(answer)), 250);
    });
    return opened.gateway([await opened.backend(runner), await opened.backend(runner)], HEDGED);
  };

  test.each<[string, (response: ServerResponse, text: string) => void]>([
    ['whole', (response, text) => response.writeHead(200, JSON_TYPE).end(text)],
    [
      'in chunks',
      (response, text) => {
        response.writeHead(200, JSON_TYPE).write(text.slice(0, 10));
        setTimeout(() => response.end(text.slice(10)), 20);
      },
    ],
  ])(
    'the good answer is the one that is passed on, %s, though the other failed first',
    async (_, second) => {
      const rig = await race(second);
      const got = await send(rig.port, call('search'));
      expect(got.status).toBe(200);
      expect(got.json.result).toEqual({ content: [] });
      expect(await metricsOf(rig)).toContain('{tool="search",outcome="ok"} 1');
    },
  );
});

describe('a circuit for each tool', () => {
  test('is told by the name of the tool, and does not take the server out', async () => {
    const notes: { readonly text: string; readonly facts: object }[] = [];
    const one = await opened.backend((heard, response, incoming) => {
      const { name } = (heard.body.params ?? {}) as { name?: string };
      if (name === 'book') response.writeHead(500).end();
      else ok(heard, response, incoming);
    });
    const log = { ...SILENT, info: (facts: object, text: string) => notes.push({ facts, text }) };
    const scoped = 'breaker: { counter: { failures: 2, scope: tool } }\n';
    const rig = opened.keep(await gatewayOver([one], scoped, log));
    for (let k = 0; k < 3; k++) await send(rig.port, call('book'));
    expect((await send(rig.port, call('book'))).status).toBe(503);
    expect((await send(rig.port, call('search'))).status).toBe(200);
    expect(notes).toContainEqual({
      text: 'breaker of s1 for one tool opened',
      facts: expect.objectContaining({ server: 's1', tool: 'book', state: 'open' }) as object,
    });
    expect(rig.served.world.roster.eligible).toHaveLength(1);
  });
});

describe('a request about a task', () => {
  const askFor = ({ port }: Rig) =>
    send(port, {
      headers: modernHeaders('tasks/get', 'a'),
      body: modernBody('tasks/get', { taskId: 'a' }, 7),
    });

  test.each([
    ['its answer', 7, 200, 'ok'],
    ["another one's", 8, 502, 'reset'],
  ])('is judged and counted as any other: %s', async (_, id, status, outcome) => {
    const one = await opened.backend((heard, response, incoming) => {
      if (heard.body.method === 'tasks/get') reply(response, id, { status: 'working' });
      else ok(heard, response, incoming);
    });
    const rig = await opened.gateway([one]);
    const got = await askFor(rig);
    expect(got.status).toBe(status);
    expect((got.json as { id?: unknown }).id).toBe(7);
    expect(await metricsOf(rig)).toContain(
      `windtunnel_requests_total{tool="tasks/get",outcome="${outcome}"} 1`,
    );
  });
});
