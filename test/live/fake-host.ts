/** A fake server listening on a free port of the loopback, and raw HTTP to talk to it: every header is the test's own. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { startClock } from '../../src/live/clock.ts';
import { FakeMcpServer, type FakeMcpServerOptions } from '../../src/live/fake/fake-mcp-server.ts';
import type { FakeServerSettings } from '../../src/live/fake/messages.ts';
import {
  HEADER,
  META_CAPABILITIES,
  META_REQUEST,
  META_VERSION,
  MODERN_VERSION,
} from '../../src/live/mcp/names.ts';

export interface Served {
  readonly server: FakeMcpServer;
  readonly port: number;
  readonly url: URL;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The body, or the data of its one event, as JSON. */
  readonly json: JsonRpc;
}

export interface JsonRpc {
  readonly id?: unknown;
  readonly result?: Record<string, unknown> & {
    readonly isError?: boolean;
    readonly content?: readonly { readonly text: string }[];
    readonly tools?: readonly Record<string, unknown>[];
  };
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

type Headers = Readonly<Record<string, string | undefined>>;

const running = new Set<FakeMcpServer>();

afterEach(async () => {
  await Promise.all([...running].map((server) => server.close()));
  running.clear();
});

/** Ends with the test. */
export const serveFake = async (
  settings: FakeServerSettings,
  options: Partial<FakeMcpServerOptions> = {},
): Promise<Served> => {
  const leakedOut = (): void => {};
  const server = new FakeMcpServer(settings, startClock(), { leakedOut, ...options });
  running.add(server);
  const port = await server.listen(0);
  return { server, port, url: new URL(`http://127.0.0.1:${port}/mcp`) };
};

/** Sends a request; a header whose value is undefined is left out. Resolves with the head of the answer. */
export const open = async (
  { url }: Pick<Served, 'url'>,
  method: string,
  headers: Headers = {},
  body?: string,
  signal?: AbortSignal,
): Promise<IncomingMessage> => {
  const kept = Object.entries(headers).filter(([, value]) => value !== undefined);
  const sent = request(url, {
    method,
    headers: Object.fromEntries(kept),
    agent: false,
    ...(signal !== undefined && { signal }),
  });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
};

export const exchange = async (...wanted: Parameters<typeof open>): Promise<Answer> => {
  const response = await open(...wanted);
  const body = await text(response);
  const data = /^data: (.*)$/m.exec(body)?.[1] ?? body;
  const isJson = data.startsWith('{');
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    json: isJson ? (JSON.parse(data) as JsonRpc) : {},
  };
};

export const JSON_OR_EVENTS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** What a modern client says with every request. */
export const MODERN_META = { [META_VERSION]: MODERN_VERSION, [META_CAPABILITIES]: {} };

export const driven = (arrival: number, call = 0, session = 0): Record<string, unknown> => ({
  [META_REQUEST]: { seed: 1, arrival, call, session },
});

export interface ModernCall {
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly meta?: Record<string, unknown>;
  readonly headers?: Headers;
  readonly signal?: AbortSignal;
}

/** A request of the modern era, by default a call of `call`; `headers` change those it should have. */
export const modern = (served: Pick<Served, 'url'>, wanted: ModernCall = {}): Promise<Answer> => {
  const { method = 'tools/call', params = { name: 'call' }, meta = MODERN_META, signal } = wanted;
  const headers: Headers = {
    ...JSON_OR_EVENTS,
    [HEADER.version]: MODERN_VERSION,
    [HEADER.method]: method,
    ...(typeof params['name'] === 'string' && { [HEADER.name]: params['name'] }),
    ...wanted.headers,
  };
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 7,
    method,
    params: { ...params, _meta: meta },
  });
  return exchange(served, 'POST', headers, body, signal);
};

/** A message of the legacy era; an `id` of null makes it a notification. */
export const legacy = (
  served: Pick<Served, 'url'>,
  method: string,
  params: Record<string, unknown> = {},
  headers: Headers = {},
  id: number | null = 7,
): Promise<Answer> => {
  const message = { jsonrpc: '2.0', method, params, ...(id !== null && { id }) };
  return exchange(served, 'POST', { ...JSON_OR_EVENTS, ...headers }, JSON.stringify(message));
};

/** Opens a session; gives its id. */
export const initialize = async (served: Pick<Served, 'url'>): Promise<string> => {
  const { headers } = await legacy(served, 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  return String(headers[HEADER.session]);
};
