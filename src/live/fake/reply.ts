/**
 * The answer to one HTTP request: a JSON body, or a stream of events. Every answer carries the server's load at that
 * moment. Written straight to Node's response: on this path Fastify's serialisation would have nothing to do.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { LoadReport } from '../../core/load-report.ts';
import { loadText } from '../mcp/load-header.ts';
import { SSE_TYPE, sseEvent } from '../mcp/sse.ts';
import { HEADER } from '../mcp/names.ts';
import type { ReplyForm } from './messages.ts';

/** What an answer tells of the server that gives it. */
export interface Standing {
  /** Calls that wait for a slot. */
  readonly queued: number;
  /** What it reports of its load; null when nothing comes of it. */
  readonly report: LoadReport | null;
  /** Does it take connections? If not, it does not keep those that it has. */
  readonly listening: boolean;
}

const JSON_TYPE = 'application/json';

export class Reply {
  readonly #response: ServerResponse;
  readonly #standing: Standing;
  readonly #asEvents: boolean;

  constructor(response: ServerResponse, standing: Standing, asEvents: boolean) {
    this.#response = response;
    this.#standing = standing;
    this.#asEvents = asEvents;
  }

  /** The answer to a request: `body` is a JSON-RPC response. `headers` go with a head that is not yet out. */
  answer(body: string, headers?: OutgoingHttpHeaders): void {
    if (!this.#asEvents) this.json(200, body, headers);
    else {
      this.openEvents(headers);
      this.#response.end(sseEvent(body));
    }
  }

  /** A JSON body under any status. */
  json(status: number, body: string, headers?: OutgoingHttpHeaders): void {
    // A stream that is already open has no status to give any more: it just says so and ends.
    if (this.#response.headersSent) {
      this.#response.end(sseEvent(body));
      return;
    }
    this.#response.shouldKeepAlive &&= this.#standing.listening;
    this.#response.writeHead(status, {
      'content-type': JSON_TYPE,
      'content-length': Buffer.byteLength(body),
      ...loadHeaders(this.#standing),
      ...headers,
    });
    this.#response.end(body);
  }

  /** 202, or any status that needs no body. */
  empty(status: number, headers?: OutgoingHttpHeaders): void {
    this.#response.shouldKeepAlive &&= this.#standing.listening;
    this.#response.writeHead(status, { 'content-length': 0, ...headers });
    this.#response.end();
  }

  /** Sends the head of a stream, if it is to be one and is not yet out. */
  openEvents(headers?: OutgoingHttpHeaders): void {
    if (this.#asEvents) this.openStream(headers);
  }

  /** Sends the head of a stream, whatever form answers have. */
  openStream(headers?: OutgoingHttpHeaders): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, {
      'content-type': SSE_TYPE,
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ...loadHeaders(this.#standing),
      ...headers,
    });
    this.#response.flushHeaders();
  }

  /** A piece of an open stream: an event, or a comment. */
  write(text: string): void {
    this.#response.write(text);
  }

  end(): void {
    this.#response.end();
  }

  /** There will be no answer: ends the stream, or the exchange with nothing in it. */
  withdraw(): void {
    if (this.#response.headersSent) this.#response.end();
    else this.empty(202);
  }

  /** Cuts the connection: the client sees a reset, or a socket that closed. */
  destroy(): void {
    this.#response.destroy();
  }

  /** The connection is gone, or the answer is out. */
  onClose(closed: () => void): void {
    this.#response.once('close', closed);
  }
}

const loadHeaders = ({ queued, report }: Standing): OutgoingHttpHeaders =>
  report === null
    ? { [HEADER.queued]: queued }
    : { [HEADER.queued]: queued, [HEADER.load]: loadText(report) };

/**
 * Does the client get events? Null when it accepts nothing that this server would answer with. A missing Accept is
 * anything (RFC 9110); with `auto` it is whatever the client lists first.
 */
export const wantsEvents = ({ headers }: IncomingMessage, form: ReplyForm): boolean | null => {
  const accept = headers.accept ?? '*/*';
  const json = position(accept, JSON_TYPE, 'application/*');
  const events = position(accept, SSE_TYPE, 'text/*');
  if (form === 'auto')
    return json < 0 && events < 0 ? null : events >= 0 && (json < 0 || events < json);
  const asEvents = form === 'sse';
  return (asEvents ? events : json) < 0 ? null : asEvents;
};

/** Where in `accept` a type is named, or a range that it belongs to; -1 if nowhere. */
const position = (accept: string, type: string, range: string): number => {
  const exact = accept.indexOf(type);
  if (exact >= 0) return exact;
  const ranged = accept.indexOf(range);
  return ranged >= 0 ? ranged : accept.indexOf('*/*');
};
