/**
 * A health check over the wire: GET of a path (2xx is well), a TCP connection, or a modern `server/discover`. Never a bare
 * `initialize` or `ping`: stateful legacy servers make a session for each and never drop it.
 */
import { connect } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Millis } from '../../core/units.ts';
import { emptyReport, type LoadReport } from '../../core/load-report.ts';
import { isRecord } from '../mcp/is-record.ts';
import { GATEWAY_CLIENT, HEADER, MODERN_VERSION, modernMeta } from '../mcp/names.ts';
import type { Upstream } from './upstream.ts';

/** A path that starts with `/`, `tcp`, or `discover`. */
export type ProbeKind = string;

export interface ProbeResult {
  readonly ok: boolean;
  /** What was wrong; null when all was well. */
  readonly error: string | null;
  /** The server's load, if its answer told it: `{ "busy": 3, "queued": 0 }`. */
  readonly report: LoadReport | null;
  /** HTTP status; 0 when there was none. */
  readonly status: number;
}

/** Calls `done` once, at the latest after `timeout`, and never from within. */
export const probe = (
  upstream: Upstream,
  kind: ProbeKind,
  timeout: Millis,
  done: (result: ProbeResult) => void,
): void => {
  if (kind === 'tcp') probeTcp(upstream.url, timeout, done);
  else new HttpProbe(timeout, done).send(upstream, kind);
};

/** A server's word on its load is short. */
const MOST_READ = 64 * 1024;

class HttpProbe implements Dispatcher.DispatchHandler {
  readonly #done: (result: ProbeResult) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #over = false;
  #status = 0;
  #body = '';

  constructor(timeout: Millis, done: (result: ProbeResult) => void) {
    this.#done = done;
    this.#timer = setTimeout(() => {
      this.#end({ ok: false, error: `no answer within ${timeout} ms`, report: null, status: 0 });
      this.#controller?.abort(new Error('too late'));
    }, timeout);
  }

  send(upstream: Upstream, kind: ProbeKind): void {
    if (kind === 'discover') upstream.pass(DISCOVER, this);
    else upstream.pass({ method: 'GET', headers: [], body: null, path: kind }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('too late'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    _headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body += chunk.toString('latin1');
    if (this.#body.length > MOST_READ) controller.abort(new Error('its answer is too long'));
  }

  onResponseEnd(): void {
    const status = this.#status;
    const ok = status >= 200 && status < 300;
    const error = ok ? null : `the health check was answered ${status}`;
    this.#end({ ok, error, report: reportIn(this.#body), status });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { code = error.name } = error as NodeJS.ErrnoException;
    setImmediate(() => this.#end({ ok: false, error: code, report: null, status: 0 }));
  }

  #end(result: ProbeResult): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#done(result);
  }
}

const probeTcp = (url: URL, timeout: Millis, done: (result: ProbeResult) => void): void => {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port });
  let over = false;
  const end = (error: string | null): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    socket.destroy();
    done({ ok: error === null, error, report: null, status: 0 });
  };
  const timer = setTimeout(() => end(`no connection within ${timeout} ms`), timeout);
  socket.once('connect', () => end(null));
  socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
};

const DISCOVER = {
  method: 'POST' as const,
  headers: [
    ...['content-type', 'application/json'],
    ...['accept', 'application/json, text/event-stream'],
    ...[HEADER.version, MODERN_VERSION],
    ...[HEADER.method, 'server/discover'],
  ],
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 'health',
    method: 'server/discover',
    params: { _meta: modernMeta(GATEWAY_CLIENT) },
  }),
};

const KEYS = Object.keys(emptyReport()) as (keyof LoadReport)[];

/** Of what a report can say a server may leave out what it does not know. */
const reportIn = (body: string): LoadReport | null => {
  if (!body.includes('"queued"')) return null;
  try {
    const told: unknown = JSON.parse(body);
    if (!isRecord(told)) return null;
    const report = emptyReport();
    for (const key of KEYS) {
      const value = told[key] ?? 0;
      if (typeof value !== 'number') return null;
      report[key] = value;
    }
    return report;
  } catch {
    return null;
  }
};
