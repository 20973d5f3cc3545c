/**
 * Asks a server for its tools, to know which calls may be repeated: in the modern way first, and if that is not understood
 * in a legacy session of its own, which is ended properly. A server that answers neither teaches nothing, and its tools
 * count as unsafe until a client's own `tools/list` passes through.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { isRecord } from '../mcp/is-record.ts';
import {
  GATEWAY_CLIENT,
  HEADER,
  LEGACY_VERSION,
  MODERN_VERSION,
  clientInfo,
  modernMeta,
} from '../mcp/names.ts';
import { ReplyJudge } from '../mcp/reply.ts';
import type { ToolCatalogue } from './tool-catalogue.ts';
import type { Upstream } from './upstream.ts';

const PATIENCE_MS = 5000;
const MOST_PAGES = 50;

/** Resolves with the era that was understood, or null. Never rejects. */
export const learnTools = async (
  upstream: Upstream,
  tools: ToolCatalogue,
): Promise<'modern' | 'legacy' | null> => {
  try {
    const meta = modernMeta(GATEWAY_CLIENT);
    const modern = [HEADER.version, MODERN_VERSION, HEADER.method, 'tools/list'];
    if (await learnPages(upstream, tools, modern, meta)) return 'modern';
    return (await learnInSession(upstream, tools)) ? 'legacy' : null;
  } catch {
    return null;
  }
};

const learnInSession = async (upstream: Upstream, tools: ToolCatalogue): Promise<boolean> => {
  const params = {
    protocolVersion: LEGACY_VERSION,
    capabilities: {},
    clientInfo: clientInfo(GATEWAY_CLIENT),
  };
  const opened = await ask(upstream, 'POST', [], message('initialize', params, 1));
  if (opened.status !== 200) return false;
  const session = opened.headers[HEADER.session];
  const headers = [HEADER.version, LEGACY_VERSION];
  if (typeof session === 'string') headers.push(HEADER.session, session);
  await ask(upstream, 'POST', headers, message('notifications/initialized', {}));
  const learned = await learnPages(upstream, tools, headers, undefined);
  if (typeof session === 'string') await ask(upstream, 'DELETE', headers, null);
  return learned;
};

const learnPages = async (
  upstream: Upstream,
  tools: ToolCatalogue,
  headers: readonly string[],
  meta: object | undefined,
): Promise<boolean> => {
  let cursor: unknown;
  for (let page = 0; page < MOST_PAGES; page++) {
    const params = { cursor, _meta: meta };
    const { status, body } = await ask(upstream, 'POST', headers, message('tools/list', params, 2));
    const reply: unknown = status === 200 ? JSON.parse(body.toString('utf8')) : null;
    const result = isRecord(reply) ? reply['result'] : null;
    if (!isRecord(result)) return page > 0;
    tools.learn(body);
    cursor = result['nextCursor'];
    if (typeof cursor !== 'string') return true;
  }
  return true;
};

const message = (method: string, params: object, id?: number): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const ask = (
  upstream: Upstream,
  method: 'POST' | 'DELETE',
  headers: readonly string[],
  body: string | null,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const all = [
      ...['accept', 'application/json, text/event-stream', 'accept-encoding', 'identity'],
      ...headers,
    ];
    if (body !== null) all.push('content-type', 'application/json');
    upstream.pass({ method, headers: all, body }, new Listener(resolve, reject));
  });

class Listener implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: Error) => void;
  #timer: NodeJS.Timeout | null = null;
  #judge: ReplyJudge | null = null;
  #status = 0;
  #headers: IncomingHttpHeaders = {};

  constructor(resolve: (answer: Answer) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#timer = setTimeout(() => controller.abort(new Error('too late')), PATIENCE_MS);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    this.#headers = headers;
    const context = { era: 'modern', inSession: false, isRequest: true } as const;
    this.#judge = new ReplyJudge(context, status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#judge?.read(chunk);
  }

  onResponseEnd(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const body = this.#judge?.body() ?? Buffer.alloc(0);
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#reject(error);
  }
}
