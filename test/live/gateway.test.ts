/** The gateway over plain HTTP: routing, retries, failures, streams, and what it says of itself. */
import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { GATEWAY_CODE, HEADER } from '../../src/live/mcp/names.ts';
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
  type Heard,
} from './gateway-rig.ts';
import { begin } from './trouble-rig.ts';

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

const RETRIES = 'traffic: { timeout: 500ms, retries: { attempts: 3, backoff: 1ms } }\n';

const failing: Answer = (heard, response, incoming) => {
  if (heard.body.method !== 'tools/call') ok(heard, response, incoming);
  else response.writeHead(500, { 'x-why': 'broken' }).end('{"jsonrpc":"2.0","id":1,"error":{}}');
};

const lost404 = (response: { writeHead(status: number): { end(body: string): unknown } }): void => {
  response
    .writeHead(404)
    .end('{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Session not found"}}');
};

describe('modern traffic', () => {
  test('goes to any server in turn, and comes back byte for byte', async () => {
    const [one, two] = [await backend(), await backend()];
    const { port } = await gateway([one, two]);
    for (let k = 0; k < 4; k++) {
      const got = await send(port, call('search'));
      expect(got.status).toBe(200);
      expect(got.text).toBe(
        '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hello"}]}}',
      );
    }
    expect([one.calls, two.calls]).toEqual([2, 2]);
  });

  test('keeps headers that it does not know, and none of one connection', async () => {
    const one = await backend();
    const { port } = await gateway([one]);
    await send(port, {
      ...call('search'),
      headers: {
        ...modernHeaders('tools/call', 'search'),
        'mcp-param-region': 'us-west1',
        connection: 'x-hop',
        'x-hop': 'mine',
      },
    });
    const { headers } = one.heard.at(-1)!;
    expect(headers['mcp-param-region']).toBe('us-west1');
    expect(headers['x-hop']).toBeUndefined();
    expect(headers.host).toBe(new URL(one.url).host);
  });

  test('a task is asked of the server that made it, by Mcp-Name', async () => {
    const makes =
      (task: string): Answer =>
      (heard, response, incoming) => {
        const { method, id } = heard.body;
        if (method === 'tools/call')
          reply(response, id!, { resultType: 'task', task: { taskId: task } });
        else if (method === 'tasks/get') reply(response, id!, { from: task });
        else ok(heard, response, incoming);
      };
    const servers = [
      await backend(makes('a')),
      await backend(makes('b')),
      await backend(makes('c')),
    ];
    const { port } = await gateway(servers);
    for (let k = 0; k < 3; k++) await send(port, call('search'));
    for (const task of ['a', 'b', 'c', 'a']) {
      const body = modernBody('tasks/get', { taskId: task });
      const got = await send(port, { headers: modernHeaders('tasks/get', task), body });
      expect(got.json.result).toEqual({ from: task });
    }
  });

  test('a task whose server hangs is given up at the deadline of calls; once its circuit is open, at once', async () => {
    const one = await backend((heard, response, incoming) => {
      const { method, id } = heard.body;
      if (method === 'tools/list') ok(heard, response, incoming);
      else if (method === 'tools/call' && one.calls === 1)
        reply(response, id!, { resultType: 'task', task: { taskId: 'a' } });
    });
    const { port } = await gateway(
      [one, await backend()],
      'traffic: { timeout: 100ms }\nbalancer: round-robin\n' +
        'breaker: { counter: { failures: 1, recovery: 1h } }\n',
    );
    await send(port, call('search'));
    const ask = {
      headers: modernHeaders('tasks/get', 'a'),
      body: modernBody('tasks/get', { taskId: 'a' }),
    };
    const late = await send(port, ask);
    expect([late.status, late.json.error!.data!.reason]).toEqual([504, 'timeout']);
    await until(() => one.cancelled > 0);
    for (let k = 0; k < 2; k++) await send(port, call('search'));
    const asked = one.heard.length;
    const refused = await send(port, ask);
    expect([refused.status, refused.json.error!.data!.reason]).toEqual([503, 'circuit-open']);
    expect(one.heard.length).toBe(asked);
  });

  test('a stream that does not begin is given up; one that has begun may be silent for long', async () => {
    const slow = await backend((heard, response, incoming) => {
      const { method, params } = heard.body;
      if (method !== 'subscriptions/listen') ok(heard, response, incoming);
      else if (JSON.stringify(params).includes('"now"'))
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      if (method === 'subscriptions/listen') setTimeout(() => response.end(': late\n\n'), 400);
    });
    const { port } = await gateway([slow], 'traffic: { timeout: 100ms }\n');
    const listen = (when: string) =>
      send(port, {
        headers: modernHeaders('subscriptions/listen'),
        body: modernBody('subscriptions/listen', { when }),
      });
    const [never, now] = await Promise.all([listen('later'), listen('now')]);
    expect([never.status, now.status, now.text]).toEqual([504, 200, ': late\n\n']);
  });

  test('a client that goes away cancels its call at the server', async () => {
    const silent = await backend((heard, response, incoming) => {
      if (heard.body.method !== 'tools/call') ok(heard, response, incoming);
    });
    const { port } = await gateway([silent]);
    leave(port, call('search'));
    await until(() => silent.calls === 1);
    await until(() => silent.cancelled === 1);
  });
});

/** Sends and goes away after a moment. */
const leave = (port: number, { headers, body }: ReturnType<typeof call>): void => {
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/mcp', headers });
  outgoing.on('error', () => {});
  outgoing.end(body);
  setTimeout(() => outgoing.destroy(), 60);
};

describe('legacy sessions', () => {
  const open = async (port: number): Promise<string> =>
    String((await send(port, legacyPost('initialize'))).headers[HEADER.session]);

  test('stay with the server that created them: calls, notifications, streams and farewell', async () => {
    const [one, two] = [
      await backend(legacy('one', lost404)),
      await backend(legacy('two', lost404)),
    ];
    const { port, served } = await gateway([one, two]);
    const sessions = [await open(port), await open(port)];
    expect(sessions.map((name) => name.split('-')[0]).sort()).toEqual(['one', 'two']);
    for (const session of [...sessions, ...sessions]) {
      expect((await send(port, legacyPost('tools/call', session))).status).toBe(200);
      const notified = await send(port, legacyPost('notifications/initialized', session, null));
      expect(notified.status).toBe(202);
    }
    expect(served.world.sessions.size).toBe(2);
    const bye = { method: 'DELETE', headers: { [HEADER.session]: sessions[0]! } };
    expect((await send(port, bye)).status).toBe(200);
    expect(served.world.sessions.size).toBe(1);
    const after = await send(port, legacyPost('tools/call', sessions[0]));
    expect(after.status).toBe(404);
    expect(after.json.error!.code).toBe(GATEWAY_CODE.sessionLost);
  });

  test('stay where a server lets no client end them', async () => {
    const sessions = legacy('one', lost404);
    const one = await backend((heard, response, incoming) => {
      if (heard.method === 'DELETE') response.writeHead(405).end();
      else sessions(heard, response, incoming);
    });
    const { port } = await gateway([one]);
    const session = await open(port);
    const bye = { method: 'DELETE', headers: { [HEADER.session]: session } };
    expect((await send(port, bye)).status).toBe(405);
    expect((await send(port, legacyPost('tools/call', session))).status).toBe(200);
  });

  test.each([
    ['404', lost404],
    [
      '400',
      (response: Parameters<typeof lost404>[0]) =>
        response
          .writeHead(400)
          .end(
            '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}',
          ),
    ],
    [
      '503',
      (response: Parameters<typeof lost404>[0]) =>
        response
          .writeHead(503)
          .end('{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Session expired"}}'),
    ],
    [
      '200 with an error',
      (response: Parameters<typeof lost404>[0]) =>
        response
          .writeHead(200)
          .end('{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"session not found"}}'),
    ],
  ])('lost, and answered %s: counted as lost, and not retried', async (_, lost) => {
    const one = await backend(legacy('one', lost));
    const { port } = await gateway([one], RETRIES);
    const session = await open(port);
    one.answer = legacy('one anew', lost);
    const before = one.calls;
    await send(port, legacyPost('tools/call', session));
    expect(one.calls).toBe(before + 1);
    const metrics = await send(port, { method: 'GET', path: '/metrics' });
    expect(metrics.text).toContain('outcome="session-lost"} 1');
  });

  test('a client that goes away cancels nothing', async () => {
    const one = await backend(legacy('one', lost404));
    const { port } = await gateway([one]);
    const session = await open(port);
    const held: (() => void)[] = [];
    const answer = one.answer;
    one.answer = (heard, response, incoming) => held.push(() => answer(heard, response, incoming));
    leave(port, legacyPost('tools/call', session));
    await until(() => held.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(one.cancelled).toBe(0);
    held[0]!();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(one.cancelled).toBe(0);
  });

  test('without affinity they are lost on every other server', async () => {
    const [one, two] = [
      await backend(legacy('one', lost404)),
      await backend(legacy('two', lost404)),
    ];
    const { port } = await gateway([one, two], 'affinity: none\n');
    const session = await open(port);
    const statuses = [];
    for (let k = 0; k < 4; k++)
      statuses.push((await send(port, legacyPost('tools/call', session))).status);
    expect(statuses.sort()).toEqual([200, 200, 404, 404]);
  });

  test('idle ones are forgotten', async () => {
    const one = await backend(legacy('one', lost404));
    const { port, served } = await gateway([one]);
    await open(port);
    const [session] = served.world.sessions.idle(Infinity);
    served.world.endSession(session!);
    expect(served.world.sessions.size).toBe(0);
  });
});

describe('retries', () => {
  test('a safe tool is tried again elsewhere, an unsafe one is not', async () => {
    const [bad, good] = [await backend(failing), await backend()];
    const { port } = await gateway([bad, good], RETRIES);
    for (let k = 0; k < 4; k++) expect((await send(port, call('search'))).status).toBe(200);
    const statuses = [];
    for (let k = 0; k < 4; k++) statuses.push((await send(port, call('book'))).status);
    expect(statuses.sort()).toEqual([200, 200, 500, 500]);
  });

  test("a failed call is answered with the server's own words", async () => {
    const { port } = await gateway([await backend(failing)], RETRIES);
    const got = await send(port, call('book'));
    expect(got.status).toBe(500);
    expect(got.headers['x-why']).toBe('broken');
  });

  test('what never reached a server is tried again whatever the tool', async () => {
    const [gone, good] = [await new Backend().listen(), await backend()];
    const { port } = await gateway([gone, good], `${RETRIES}health: none\n`);
    gone.close();
    for (let k = 0; k < 4; k++) expect((await send(port, call('book'))).status).toBe(200);
  });

  test('none after the first byte: the connection is broken off instead', async () => {
    const breaks: Answer = (heard, response, incoming) => {
      if (heard.body.method !== 'tools/call') {
        ok(heard, response, incoming);
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\n');
      setTimeout(() => response.destroy(), 20);
    };
    const [one, two] = [await backend(breaks), await backend(breaks)];
    const { port } = await gateway([one, two], RETRIES);
    await expect(send(port, call('search'))).rejects.toThrow();
    expect(one.calls + two.calls).toBe(1);
  });
});

describe('failures of its own', () => {
  test('no server: 503, Retry-After, and a code that JSON-RPC does not reserve', async () => {
    const one = await new Backend().listen();
    const { port } = await gateway(
      [one],
      'health: { interval: 20ms, timeout: 50ms, unhealthy: 1 }\n',
    );
    one.close();
    let got = await send(port, call('search'));
    for (let k = 0; k < 100 && got.json.error?.data?.reason !== 'no-server'; k++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      got = await send(port, call('search'));
    }
    expect(got.status).toBe(503);
    expect(got.headers['retry-after']).toBe('1');
    expect(got.json.error).toMatchObject({
      code: GATEWAY_CODE.noServer,
      data: { reason: 'no-server' },
    });
    const { code } = got.json.error!;
    expect(code > -32000 || code < -32768).toBe(true);
  });

  test('every circuit open: 503, Retry-After, and its own code', async () => {
    const one = await backend(failing);
    const { port } = await gateway([one], 'breaker: { counter: { failures: 1 } }\n');
    await send(port, call('book'));
    const got = await send(port, call('book'));
    expect(got.status).toBe(503);
    expect(got.headers['retry-after']).toBe('1');
    expect(got.json.error).toMatchObject({
      code: GATEWAY_CODE.circuitOpen,
      data: { reason: 'circuit-open' },
    });
  });

  test('a server that is silent: 504 after the timeout, with the id of the request', async () => {
    const silent = await backend((heard, response, incoming) => {
      if (heard.body.method !== 'tools/call') ok(heard, response, incoming);
    });
    const { port } = await gateway([silent], 'traffic: { timeout: 100ms }\n');
    const got = await send(port, call('search'));
    expect(got.status).toBe(504);
    expect(got.json).toMatchObject({ id: 1, error: { code: GATEWAY_CODE.timeout } });
    await until(() => silent.cancelled === 1);
  });

  test.each([
    [429, 'search', 200],
    [429, 'book', 429],
    [503, 'search', 200],
    [503, 'book', 503],
  ])('a server that answers %d may have worked: %s ends with %d', async (busily, tool, status) => {
    const busy = await backend((heard, response, incoming) => {
      if (heard.body.method !== 'tools/call') ok(heard, response, incoming);
      else response.writeHead(busily).end();
    });
    const rest = await backend();
    const retries = 'breaker: none\ntraffic: { retries: { attempts: 3, backoff: 1ms } }\n';
    const { port } = await gateway([busy, rest], retries);
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(port, call(tool))));
    expect(answers.map((answer) => answer.status).sort()).toEqual(
      [200, 200, status, status].sort(),
    );
    expect(busy.calls).toBeGreaterThan(0);
    expect(busy.calls + rest.calls).toBe(status === 200 ? 4 + busy.calls : 4);
  });

  test('whose headers name a tool that may be repeated, and whose body another, is made once', async () => {
    const broken = await backend((heard, response, incoming) => {
      if (heard.body.method !== 'tools/call') ok(heard, response, incoming);
      else response.writeHead(500).end();
    });
    const { port } = await gateway(
      [broken],
      'breaker: none\ntraffic: { retries: { attempts: 3, backoff: 1ms } }\n',
    );
    const sent = { headers: modernHeaders('tools/call', 'search'), body: call('book').body! };
    expect((await send(port, sent)).status).toBe(500);
    expect(broken.calls).toBe(1);
    await send(port, call('search'));
    expect(broken.calls).toBe(4);
  });

  test('one that limits its clients (429) tells them when to come again', async () => {
    const busy = await backend((heard, response, incoming) => {
      if (heard.body.method !== 'tools/call') ok(heard, response, incoming);
      else response.writeHead(429, { 'retry-after': '7' }).end();
    });
    const alone = await gateway([busy]);
    const { status, headers } = await send(alone.port, call('book'));
    expect([status, headers['retry-after']]).toEqual([429, '7']);
    const metrics = await send(alone.port, { method: 'GET', path: '/metrics' });
    expect(metrics.text).toContain('outcome="throttled"');
  });

  test('nobody listens: 502', async () => {
    const one = await new Backend().listen();
    const { port } = await gateway([one]);
    one.close();
    expect((await send(port, call('search'))).status).toBe(502);
  });

  test('a server that answers garbage, half a header or far too much is not the end of it', async () => {
    const one = await backend((heard, response, incoming) => {
      const { name = '' } = (heard.body.params ?? {}) as { name?: string };
      if (name === 'garbage') response.end('<html>');
      else if (name === 'half') incoming.socket.end('HTTP/1.1 200 OK\r\nContent-Le');
      else if (name === 'huge') response.end(Buffer.alloc(20_000_000, 0x61));
      else ok(heard, response, incoming);
    });
    const { port } = await gateway([one]);
    expect((await send(port, call('garbage'))).text).toBe('<html>');
    expect((await send(port, call('half'))).status).toBe(502);
    expect((await send(port, call('huge'))).text.length).toBe(20_000_000);
    expect((await send(port, call('search'))).status).toBe(200);
  });
});

describe('streams', () => {
  /** Resolves with the head and a reader of what comes. */
  const stream = (port: number, sent: { method?: string; headers?: object; body?: string }) =>
    new Promise<{
      status: number;
      headers: Record<string, unknown>;
      chunks: [number, string][];
      close(): void;
    }>((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          path: '/mcp',
          method: sent.method ?? 'POST',
          headers: { ...sent.headers },
        },
        (response) => {
          const chunks: [number, string][] = [];
          response.on('data', (chunk: Buffer) =>
            chunks.push([performance.now(), chunk.toString()]),
          );
          response.on('error', () => {});
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            chunks,
            close: () => outgoing.destroy(),
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(sent.body);
    });

  test('events leave as they come, the head before the first of them', async () => {
    const sentAt: number[] = [];
    const one = await backend((heard, response, incoming) => {
      if (heard.body.method !== 'tools/call') {
        ok(heard, response, incoming);
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      response.flushHeaders();
      const events = [
        'data: {"method":"progress"}\n\n',
        'data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n',
      ];
      const next = (): void => {
        const event = events.shift();
        sentAt.push(performance.now());
        if (event === undefined) response.end();
        else {
          response.write(event);
          setTimeout(next, 100);
        }
      };
      setTimeout(next, 100);
    });
    const { port } = await gateway([one]);
    const got = await stream(port, call('search'));
    expect(got.headers['x-accel-buffering']).toBe('no');
    expect(got.chunks).toEqual([]);
    await until(() => got.chunks.length === 2);
    got.chunks.forEach(([at], k) => expect(at - sentAt[k]!).toBeLessThan(60));
  });

  test('a legacy GET comes from the server of its session, and is no request of the fleet', async () => {
    const [one, two] = [
      await backend(legacy('one', lost404)),
      await backend(legacy('two', lost404)),
    ];
    const { port, served } = await gateway([one, two]);
    const session = String((await send(port, legacyPost('initialize'))).headers[HEADER.session]);
    const got = await stream(port, { method: 'GET', headers: { [HEADER.session]: session } });
    await until(() => got.chunks.length > 0);
    expect(got.chunks[0]![1]).toContain(`from ${session.split('-')[0]}`);
    const streams = () => served.world.roster.all.map(({ upstream }) => upstream!.streams);
    expect(streams().sort()).toEqual([0, 1]);
    got.close();
    await until(() => streams().every((open) => open === 0));
  });

  test('modern subscriptions spread over the servers, and outlast the timeout of calls', async () => {
    const subscribes: Answer = (heard, response, incoming) => {
      if (heard.body.method !== 'subscriptions/listen') {
        ok(heard, response, incoming);
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"method":"notifications/subscriptions/acknowledged"}\n\n');
      setTimeout(() => response.write(': still here\n\n'), 300);
    };
    const [one, two] = [await backend(subscribes), await backend(subscribes)];
    const { port } = await gateway([one, two], 'traffic: { timeout: 100ms }\n');
    const listen = {
      headers: modernHeaders('subscriptions/listen'),
      body: modernBody('subscriptions/listen'),
    };
    const [first, second] = [await stream(port, listen), await stream(port, listen)];
    await until(() => first.chunks.length === 2 && second.chunks.length === 2);
    const heard = [one, two].map(
      (server) => server.heard.filter(({ body }) => body.method === 'subscriptions/listen').length,
    );
    expect(heard).toEqual([1, 1]);
    first.close();
    second.close();
  });

  test('a modern GET is not allowed', async () => {
    const { port } = await gateway([await backend()]);
    const got = await send(port, { method: 'GET', headers: modernHeaders('') });
    expect([got.status, got.headers.allow]).toEqual([405, 'POST']);
  });
});

describe('bad clients', () => {
  test('more than 4 MB: 413, whether announced or not, and nothing lasting', async () => {
    const one = await backend();
    const { port } = await gateway([one]);
    const body = 'x'.repeat(5_000_000);
    const got = await send(port, { headers: modernHeaders('tools/call', 'search'), body });
    expect(got.status).toBe(413);
    const chunked = await send(port, {
      headers: { ...modernHeaders('tools/call', 'search'), 'transfer-encoding': 'chunked' },
      body,
    });
    expect(chunked.status).toBe(413);
    expect((await send(port, call('search'))).status).toBe(200);
    expect(one.calls).toBe(1);
  });

  test.each([
    ['a foreign Host', { host: 'evil.example' }, 403],
    ['a foreign Origin', { origin: 'http://evil.example' }, 403],
    ['a loopback Origin', { origin: 'http://localhost:6274' }, 200],
    ['the session twice', { [HEADER.session]: ['a', 'b'] }, 400],
    ['the method twice', { [HEADER.method]: ['tools/call', 'tools/list'] }, 400],
  ])('%s', async (_, headers: Record<string, string | string[]>, status) => {
    const { port } = await gateway([await backend()]);
    const sent = call('search');
    const got = await send(port, { ...sent, headers: { ...sent.headers, ...headers } });
    expect(got.status).toBe(status);
  });

  test('a body that is no JSON-RPC', async () => {
    const { port } = await gateway([await backend()]);
    expect((await send(port, { body: '<xml/>' })).status).toBe(400);
    expect((await send(port, { body: '42' })).status).toBe(400);
  });

  test('another path or method', async () => {
    const { port } = await gateway([await backend()]);
    expect((await send(port, { path: '/elsewhere', body: '{}' })).status).toBe(404);
    expect((await send(port, { method: 'PUT', body: '{}' })).status).toBe(405);
  });
});

describe('what it says of itself', () => {
  test('GET /status is the get_status of the reference, and more', async () => {
    const [one, two] = [await backend(), await backend(failing)];
    const { port } = await gateway(
      [one, two],
      'balancer: least-connections\nhealth: { interval: 30ms }\n',
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    await send(port, call('book'));
    await send(port, call('book'));
    const { text } = await send(port, { method: 'GET', path: '/status' });
    const status = JSON.parse(text) as Record<string, unknown> & {
      servers: Record<string, unknown>[];
    };
    expect(status).toMatchObject({
      strategy: 'least_connections',
      healthy_count: 2,
      total_count: 2,
      sessions: 0,
      draining: false,
    });
    expect(status.servers[0]).toMatchObject({
      url: one.url,
      healthy: true,
      active_connections: 0,
      weight: 1,
      breaker: 'closed',
    });
    expect(status.servers[0]!['last_health_check']).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(status.servers.map(({ last_error }) => last_error)).toContain('answered 500');
  });

  test('GET /metrics counts requests by tool and outcome, with latency, health, breakers and sessions', async () => {
    const { port } = await gateway([await backend()]);
    await send(port, call('search'));
    await send(port, call('made up'));
    const { text, headers } = await send(port, { method: 'GET', path: '/metrics' });
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain('windtunnel_requests_total{tool="search",outcome="ok"} 1');
    expect(text).toContain('windtunnel_requests_total{tool="tools/call",outcome="ok"} 1');
    expect(text).toContain('windtunnel_request_duration_seconds_count{tool="search"} 1');
    expect(text).toContain('windtunnel_server_healthy{server="s1"} 1');
    expect(text).toContain('windtunnel_breaker_state{server="s1",state="closed"} 1');
    expect(text).toContain('windtunnel_sessions{server="s1"} 0');
    expect(text).toContain('windtunnel_in_flight{server="s1"} 0');
  });

  test('GET /health is 200 while there is a server to send to', async () => {
    const { port } = await gateway([await backend()]);
    expect((await send(port, { method: 'GET', path: '/health' })).status).toBe(200);
  });

  test('a server without the health check that is asked for is named in the log, with what to do', async () => {
    const told: string[] = [];
    const log = {
      info: () => {},
      error: () => {},
      warn: (_: object, text: string) => told.push(text),
    };
    const one = await backend((heard, response, incoming) => {
      if (heard.method === 'GET') response.writeHead(404).end();
      else ok(heard, response, incoming);
    });
    opened.push(await gatewayOver([one], 'health: { probe: /alive }\n', log));
    await until(() =>
      told.some((text) => text.includes('has no health check at /alive: it answers 404')),
    );
    expect(told.join()).toContain('probe: tcp');
  });
});

describe('closing', () => {
  test('what is in flight is finished, new work is refused, then it is gone', async () => {
    const slow = await backend((heard, response, incoming) => {
      setTimeout(() => ok(heard, response, incoming), heard.body.method === 'tools/call' ? 200 : 0);
    });
    const { port, served } = await gateway([slow]);
    const going = send(port, call('search'));
    await until(() => slow.calls === 1);
    const closed = served.close(2000);
    await expect(send(port, call('search'))).rejects.toThrow(/ECONNREFUSED/);
    const got = await going;
    expect([got.status, got.headers.connection]).toEqual([200, 'close']);
    await closed;
  });

  const isAboutTask = ({ body }: Heard): boolean => body.method === 'tasks/get';

  test('the deadline ends what is not finished by then', async () => {
    const silent = await backend((heard, response, incoming) => {
      const { name } = (heard.body.params ?? {}) as { name?: string };
      if (isAboutTask(heard)) return;
      if (heard.body.method !== 'tools/call') ok(heard, response, incoming);
      else if (name === 'stream')
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hi\n\n');
    });
    const { port, served } = await gateway([silent]);
    const going = send(port, call('search'));
    const task = send(port, {
      headers: modernHeaders('tasks/get', 'a'),
      body: modernBody('tasks/get', { taskId: 'a' }),
    });
    const begun = begin(port, call('stream'));
    const half = new Promise((resolve) => begun.on('response', (got) => got.on('error', resolve)));
    await until(() => silent.calls === 2 && silent.heard.some(isAboutTask));
    await served.close(100);
    for (const got of [await going, await task])
      expect(got.json.error?.data?.reason).toBe('no-server');
    await half;
  });

  test('streams that have begun come to a clean end', async () => {
    const one = await backend((heard, response, incoming) => {
      if (heard.body.method !== 'subscriptions/listen') ok(heard, response, incoming);
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hi\n\n');
    });
    const { port, served } = await gateway([one]);
    const listening = send(port, {
      headers: modernHeaders('subscriptions/listen'),
      body: modernBody('subscriptions/listen'),
    });
    await until(() => one.heard.some(({ body }) => body.method === 'subscriptions/listen'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await served.close(1000);
    expect((await listening).text).toBe(': hi\n\n');
  });
});
