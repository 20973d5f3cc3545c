/** The fake server on the wire of 2026-07-28: every status the specification asks for. */
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseLoad } from '../../src/live/mcp/load-header.ts';
import {
  HEADER,
  META_CAPABILITIES,
  META_VERSION,
  MODERN_VERSION,
} from '../../src/live/mcp/names.ts';
import {
  exchange,
  JSON_OR_EVENTS,
  modern,
  MODERN_META,
  open,
  serveFake,
  type JsonRpc,
  type Served,
} from './fake-host.ts';
import { settings } from './fake-settings.ts';

describe('a modern request', () => {
  it('is answered with JSON that says it is complete, under the id it came with', async () => {
    const { status, headers, json } = await modern(await serveFake(settings()));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(json.id).toBe(7);
    expect(json.result).toEqual({
      content: [{ type: 'text', text: 'call was done by s1' }],
      isError: false,
      resultType: 'complete',
    });
  });

  it('is answered with one event when the server replies so', async () => {
    const { headers, body, json } = await modern(await serveFake(settings({ reply: 'sse' })));
    expect(headers['content-type']).toBe('text/event-stream');
    expect(headers['x-accel-buffering']).toBe('no');
    expect(body).toMatch(/^event: message\ndata: \{.*\}\n\n$/);
    expect(json.result?.['resultType']).toBe('complete');
  });

  it('gets with auto what it lists first in Accept', async () => {
    const served = await serveFake(settings());
    const eventsFirst = { accept: 'text/event-stream, application/json' };
    expect((await modern(served)).headers['content-type']).toBe('application/json');
    expect((await modern(served, { headers: eventsFirst })).headers['content-type']).toBe(
      'text/event-stream',
    );
  });

  it('is refused with 406 when it accepts nothing the server says', async () => {
    const served = await serveFake(settings());
    expect((await modern(served, { headers: { accept: 'text/html' } })).status).toBe(406);
  });

  it('carries the load of the server on its answer', async () => {
    const { headers } = await modern(await serveFake(settings()));
    const { busy, slots, finished } = parseLoad(headers[HEADER.load])!;
    expect([headers[HEADER.queued], busy, slots, finished]).toEqual(['0', 0, 8, 1]);
  });

  it('gets no session id, and one it brings is ignored', async () => {
    const served = await serveFake(settings());
    const { status, headers } = await modern(served, { headers: { [HEADER.session]: 'made-up' } });
    expect(status).toBe(200);
    expect(headers[HEADER.session]).toBeUndefined();
  });
});

describe('headers that mirror the body', () => {
  const cases: readonly (readonly [string, Record<string, string | undefined>])[] = [
    ['no MCP-Protocol-Version', { [HEADER.version]: undefined }],
    ['an older MCP-Protocol-Version', { [HEADER.version]: '2025-11-25' }],
    ['no Mcp-Method', { [HEADER.method]: undefined }],
    ['another Mcp-Method', { [HEADER.method]: 'tools/list' }],
    ['no Mcp-Name', { [HEADER.name]: undefined }],
    ['another Mcp-Name', { [HEADER.name]: 'pay' }],
    ['an Mcp-Name of another case', { [HEADER.name]: 'Call' }],
    ['an Mcp-Name in Base64 of something else', { [HEADER.name]: '=?base64?cGF5?=' }],
    ['an Mcp-Name in broken Base64', { [HEADER.name]: '=?base64?Y2Fsb?=' }],
  ];
  it.each(cases)('%s is answered 400 with -32020', async (_what, headers) => {
    const { status, json } = await modern(await serveFake(settings()), { headers });
    expect(status).toBe(400);
    expect(json.error?.code).toBe(-32020);
    expect(json.id).toBe(7);
  });

  it('a name in Base64 is decoded', async () => {
    const served = await serveFake(settings());
    const encoded = `=?base64?${Buffer.from('call').toString('base64')}?=`;
    expect((await modern(served, { headers: { [HEADER.name]: encoded } })).status).toBe(200);
  });

  it('a header given twice does not pass', async () => {
    const { url } = await serveFake(settings());
    const params = { name: 'call', _meta: MODERN_META };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const sent = request(url, { method: 'POST' });
    const headers = { ...JSON_OR_EVENTS, [HEADER.version]: '2026-07-28', [HEADER.name]: 'call' };
    for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value);
    sent.setHeader(HEADER.method, ['tools/call', 'tools/list']);
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(400);
  });
});

describe('_meta', () => {
  it('that is missing is answered 400 with -32602, as the header names a modern version', async () => {
    const { status, json } = await modern(await serveFake(settings()), { meta: {} });
    expect([status, json.error?.code]).toEqual([400, -32602]);
  });

  it('without the capabilities is answered 400 with -32602', async () => {
    const meta = { [META_VERSION]: '2026-07-28' };
    const { status, json } = await modern(await serveFake(settings()), { meta });
    expect([status, json.error?.code]).toEqual([400, -32602]);
  });

  it('of an unknown version is answered 400 with -32022 and the versions there are', async () => {
    const meta = { [META_VERSION]: '2099-01-01', [META_CAPABILITIES]: {} };
    const headers = { [HEADER.version]: '2099-01-01' };
    const { status, json } = await modern(await serveFake(settings()), { meta, headers });
    expect([status, json.error?.code]).toEqual([400, -32022]);
    expect(json.error?.data).toEqual({ supported: ['2026-07-28'], requested: '2099-01-01' });
  });

  it('of a driven request with another seed than the server draws from is refused', async () => {
    const meta = {
      ...MODERN_META,
      'windtunnel/request': { seed: 2, arrival: 0, call: 0, session: 0 },
    };
    const { status, json } = await modern(await serveFake(settings()), { meta });
    expect(status).toBe(400);
    expect(json.error?.message).toContain('seed 2');
  });

  it('of a driven request that is garbage is refused', async () => {
    const meta = { ...MODERN_META, 'windtunnel/request': { seed: 1, arrival: -1 } };
    expect((await modern(await serveFake(settings()), { meta })).status).toBe(400);
  });
});

describe('methods', () => {
  it('server/discover tells versions and capabilities, and how long to keep them', async () => {
    const served = await serveFake(settings());
    const { status, json } = await modern(served, { method: 'server/discover', params: {} });
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: { listChanged: true } },
      resultType: 'complete',
      cacheScope: 'public',
    });
    expect(json.result?.['ttlMs']).toBeGreaterThanOrEqual(0);
  });

  it('tools/list tells which tools may be repeated', async () => {
    const served = await serveFake(settings());
    const { json } = await modern(served, { method: 'tools/list', params: {} });
    const [call, pay] = json.result?.tools ?? [];
    expect(call).toMatchObject({
      name: 'call',
      annotations: { readOnlyHint: true, idempotentHint: true },
    });
    expect(pay?.['name']).toBe('pay');
    expect(pay).not.toHaveProperty('annotations');
    expect(json.result).toMatchObject({ cacheScope: 'public', resultType: 'complete' });
  });

  it.each(['ping', 'initialize', 'prompts/list', 'constructor'])(
    '%s does not exist: 404 with -32601',
    async (method) => {
      const { status, json } = await modern(await serveFake(settings()), { method, params: {} });
      expect([status, json.error?.code]).toEqual([404, -32601]);
    },
  );

  it('a notification is taken with 202', async () => {
    const served = await serveFake(settings());
    const headers = { ...JSON_OR_EVENTS, [HEADER.version]: '2026-07-28' };
    const body = '{"jsonrpc":"2.0","method":"notifications/whatever"}';
    expect(await exchange(served, 'POST', headers, body)).toMatchObject({ status: 202, body: '' });
  });

  it.each(['GET', 'DELETE'])('%s is not allowed: 405', async (method) => {
    const both = await serveFake(settings());
    const alone = await serveFake(settings({ eras: 'modern' }));
    const accept = 'text/event-stream';
    const answer = await exchange(both, method, { accept, [HEADER.version]: '2026-07-28' });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    expect((await exchange(alone, method, { accept })).status).toBe(405);
  });

  it('a server of the modern era alone tells a legacy client the versions it speaks', async () => {
    const served = await serveFake(settings({ eras: 'modern' }));
    const params = { protocolVersion: '2025-11-25' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    const { status, json } = await exchange(served, 'POST', JSON_OR_EVENTS, body);
    expect([status, json.error?.code]).toEqual([400, -32022]);
    expect(json.error?.data).toEqual({ supported: ['2026-07-28'], requested: '2025-11-25' });
  });
});

describe('a tool', () => {
  it('says back the text it is given', async () => {
    const params = { name: 'call', arguments: { text: 'hello\n"you"' } };
    const { json } = await modern(await serveFake(settings()), { params });
    expect(json.result?.content).toEqual([{ type: 'text', text: 'hello\n"you"' }]);
  });

  it('that is unknown is a JSON-RPC error in a 200', async () => {
    const params = { name: 'nope' };
    const { status, json } = await modern(await serveFake(settings()), { params });
    expect([status, json.error?.code]).toEqual([200, -32602]);
  });

  it.each([[['a list']], ['text'], [{ text: 5 }]])(
    'with the arguments %j says so in its result',
    async (args) => {
      const params = { name: 'call', arguments: args };
      const { status, json } = await modern(await serveFake(settings()), { params });
      expect([status, json.result?.isError]).toEqual([200, true]);
    },
  );
});

describe('a client that disconnects', () => {
  it('cancels its call: the slot is free at once', async () => {
    const served = await serveFake(settings({ work: 60_000, slots: 1 }));
    const controller = new AbortController();
    const lost = modern(served, { signal: controller.signal }).catch((error: Error) => error.name);
    while (served.server.busy === 0) await pause(5);
    controller.abort();
    expect(await lost).toBe('AbortError');
    while (served.server.busy > 0) await pause(5);
    expect(served.server.tally().tally.finished).toBe(0);
  });

  it('gives up its place in the queue as well', async () => {
    const served = await serveFake(settings({ work: 60_000, slots: 1 }));
    const holders = new AbortController();
    const waiters = new AbortController();
    const lost = [
      modern(served, { signal: holders.signal }).catch(() => 'held'),
      modern(served, { signal: waiters.signal }).catch(() => 'waited'),
    ];
    while (served.server.queued === 0) await pause(5);
    waiters.abort();
    while (served.server.queued > 0) await pause(5);
    expect(served.server.busy).toBe(1);
    holders.abort();
    await Promise.all(lost);
  });
});

describe('subscriptions/listen', () => {
  const listen = (served: Served, notifications?: object): ReturnType<typeof open> =>
    open(
      served,
      'POST',
      {
        ...JSON_OR_EVENTS,
        [HEADER.version]: MODERN_VERSION,
        [HEADER.method]: 'subscriptions/listen',
      },
      JSON.stringify({
        jsonrpc: '2.0',
        id: 'sub-1',
        method: 'subscriptions/listen',
        params: { _meta: MODERN_META, ...(notifications !== undefined && { notifications }) },
      }),
    );

  it('is acknowledged first, stays open with signs of life, and is completed when the server goes', async () => {
    const served = await serveFake(settings({ keepAlive: 5, reply: 'json' }));
    const stream = await listen(served, { toolsListChanged: true, promptsListChanged: true });
    expect(stream.headers['content-type']).toBe('text/event-stream');
    let heard = '';
    stream.setEncoding('utf8').on('data', (text: string) => (heard += text));
    while (heard.split(': keep-alive').length < 4) await pause(5);
    const ended = once(stream, 'end');
    await served.server.close();
    await ended;
    const [first, ...others] = [...heard.matchAll(/^data: (.*)$/gm)].map(
      ([, data]) => JSON.parse(data!) as { [key: string]: unknown },
    );
    const _meta = { 'io.modelcontextprotocol/subscriptionId': 'sub-1' };
    expect(first).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: { toolsListChanged: true }, _meta },
    });
    expect(others).toEqual([
      { jsonrpc: '2.0', id: 'sub-1', result: { resultType: 'complete', _meta } },
    ]);
  });

  it('for nothing that this server could tell is completed at once', async () => {
    const served = await serveFake(settings());
    const body = await text(await listen(served, { promptsListChanged: true }));
    expect(body.match(/acknowledged|"resultType":"complete"/g)).toHaveLength(2);
  });

  it('that does not say what for is refused with -32602', async () => {
    const served = await serveFake(settings());
    const refused = JSON.parse(await text(await listen(served))) as JsonRpc;
    expect(refused.error?.code).toBe(-32602);
  });
});
