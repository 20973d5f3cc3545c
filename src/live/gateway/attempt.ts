/**
 * One attempt of a request at one server, as undici's dispatch tells of it. A good reply is relayed from its first byte on;
 * a bad one is kept back until the fleet has decided whether there will be another attempt. An attempt that was given up
 * is not spoken of again: a modern server is told by the closing of the connection, which is how that era cancels
 * (2026-07-28, streamable HTTP); a legacy server, for which a disconnect says nothing, works on and is not listened to.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Outcome } from '../../core/outcome.ts';
import type { ServerId } from '../../core/request.ts';
import type { CallId } from '../../fleet/facts.ts';
import { ReplyJudge, STRAY } from '../mcp/reply.ts';
import type { Exchange } from './exchange.ts';
import { describeError, outcomeOfError } from './upstream-error.ts';
import type { Outbound, Upstream } from './upstream.ts';

/** Whom an attempt tells. */
export interface AttemptEvents {
  began(attempt: Attempt): void;
  ended(attempt: Attempt, outcome: Outcome, error: string | null): void;
}

/** An error reply beyond this is not kept; ours takes its place. Bytes. */
const MOST_HELD = 256 * 1024;
/** How long a legacy server is given to finish a call that nobody waits for any more. */
export const LINGER_MS = 5 * 60_000;

export class Attempt implements Dispatcher.DispatchHandler {
  readonly call: CallId;
  readonly server: ServerId;
  readonly upstream: Upstream;
  readonly exchange: Exchange;
  status = 0;
  headers: IncomingHttpHeaders = {};
  readonly #events: AttemptEvents;
  #judge: ReplyJudge | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #relaying = false;
  #held = 0;
  /** Told to the fleet, or given up by it. */
  #over = false;
  #sending = true;
  /** Ends the waiting for a legacy server that works on for nobody. */
  #linger: NodeJS.Timeout | undefined;

  constructor(
    call: CallId,
    server: ServerId,
    upstream: Upstream,
    exchange: Exchange,
    events: AttemptEvents,
  ) {
    this.call = call;
    this.server = server;
    this.upstream = upstream;
    this.exchange = exchange;
    this.#events = events;
  }

  /** Sends it, by `dispatch` if that is given. Nothing is told from within: a world must not call back. */
  send(headers: readonly string[], dispatch?: (outbound: Outbound) => void): void {
    const { body, search } = this.exchange;
    const outbound = { method: 'POST', headers, body, search } as const;
    if (dispatch === undefined) this.upstream.call(outbound, this);
    else dispatch(outbound);
    this.#sending = false;
  }

  /** The JSON text that answered, for those who learn from it. */
  get answer(): Buffer {
    return this.#judge?.body() ?? Buffer.alloc(0);
  }

  abandon(): void {
    this.#over = true;
    this.#judge = null;
    if (this.exchange.era === 'modern') {
      this.#controller?.abort(new Error('given up'));
    } else {
      // Paused for a slow client it would never end.
      this.#controller?.resume();
      const leave = (): void => this.#controller?.abort(new Error('given up'));
      this.#linger = setTimeout(leave, LINGER_MS).unref();
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over && this.exchange.era === 'modern') controller.abort(new Error('given up'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (this.#over || status < 200) return;
    this.status = status;
    this.headers = headers;
    this.#judge = new ReplyJudge(this.exchange, status, headers);
    if (status >= 300) return;
    this.#relaying = true;
    this.#events.began(this);
    // Its deadline may have passed at this very moment.
    if (this.#isOver()) return;
    this.exchange.begin(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    const passed = this.#judge!.read(chunk);
    if (passed === null) controller.abort(new Error(STRAY));
    else if (!this.#relaying) {
      this.#held += chunk.length;
      if (this.#held > MOST_HELD) controller.abort(new Error('its error is too long'));
    } else if (passed.length > 0 && !this.exchange.client.data(passed)) {
      controller.pause();
      this.exchange.client.whenDrained(() => controller.resume());
    }
  }

  onResponseEnd(): void {
    clearTimeout(this.#linger);
    if (this.#over) return;
    const rest = this.#judge!.rest();
    if (rest === null) {
      this.#end('reset', STRAY);
      return;
    }
    if (rest.length > 0 && this.#relaying) this.exchange.client.data(rest);
    const outcome = this.#judge!.verdict();
    const { exchange, status, headers } = this;
    if (this.#relaying) exchange.complete();
    else exchange.hold({ status, headers, body: this.answer });
    this.#end(outcome, status < 400 ? null : `answered ${status}`);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#linger);
    if (this.#over) return;
    const outcome = this.#held > MOST_HELD ? 'http-5xx' : outcomeOfError(error);
    if (this.#sending) setImmediate(() => this.#over || this.#end(outcome, describeError(error)));
    else this.#end(outcome, describeError(error));
  }

  #end(outcome: Outcome, error: string | null): void {
    this.#over = true;
    this.#events.ended(this, outcome, error);
  }

  #isOver(): boolean {
    return this.#over;
  }
}
