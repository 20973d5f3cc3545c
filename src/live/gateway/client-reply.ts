/**
 * The client's side of a request over node:http: a server's reply is relayed as it comes, or an error of the gateway's own
 * is written. The head of a reply waits for the first bytes of the body and leaves with them in one packet; the head of
 * a stream of events leaves at once. Once anything has left, a failure can only be told by breaking the
 * connection off: whoever saw half a reply must not take it for a whole one.
 *
 * When all is said the response is let go of. The fleet keeps a request in its pooled slots until the next one takes
 * its place, and what hangs on it would live as long: measured, a fifth of the gateway's time went into collecting it.
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Failure } from '../../core/outcome.ts';
import type { JsonRpcId } from '../mcp/errors.ts';
import { isEventStream } from '../mcp/reply.ts';
import { returned } from './headers.ts';
import { refusal } from './refusal.ts';

/** Who serves: once it closes, connections are not kept for further requests. */
export interface House {
  readonly closing: boolean;
}

/** Bytes that are worth copying to be sent together with the head. */
const ONE_PIECE = 16_384;

export class ClientReply {
  /** Called when the client goes away before its reply is complete. */
  onGone: (() => void) | null = null;
  /** Called when nothing more will be said, whoever ended it. */
  onClosed: (() => void) | null = null;
  /** Null when all is said, or nobody listens any more. */
  #response: ServerResponse | null;
  readonly #house: House;
  /** The head that waits for the body, and how long that will be. */
  #status = 0;
  #headers: OutgoingHttpHeaders | null = null;
  #missing = 0;
  /** The last bytes of the body, which leave with its end. */
  #last: Buffer | null = null;
  /** Who waits for a slow client to catch up. */
  #resume: (() => void) | null = null;

  constructor(response: ServerResponse, house: House) {
    this.#response = response.closed ? null : response;
    this.#house = house;
    response.on('close', () => this.#closed(response.writableFinished));
  }

  /** Nobody listens, or all has been said. */
  get gone(): boolean {
    return this.#response === null;
  }

  begin(status: number, headers: IncomingHttpHeaders): void {
    if (this.#response === null) return;
    const length = Number(headers['content-length']);
    this.#status = status;
    this.#headers = returned(headers);
    this.#missing = length;
    if (length > 0 || !isEventStream(headers['content-type'])) return;
    this.#sendHead(this.#response);
    this.#response.flushHeaders();
  }

  /** Relays the next bytes. False: the client is slow, and `whenDrained` will say when it has caught up. */
  data(chunk: Buffer): boolean {
    const response = this.#response;
    if (response === null) return true;
    if (this.#headers !== null) {
      this.#missing -= chunk.length;
      if (this.#missing === 0) {
        this.#last = chunk;
        return true;
      }
      this.#sendHead(response);
    }
    return response.write(chunk);
  }

  /** `resume` is called once, also when the client goes away. */
  whenDrained(resume: () => void): void {
    if (this.#resume === null) this.#response?.once('drain', () => this.#drained());
    this.#resume = resume;
  }

  /** The reply is complete. */
  end(): void {
    const response = this.#response;
    if (response === null) return;
    if (this.#headers !== null) this.#sendHead(response);
    const last = this.#last;
    if (last === null) response.end();
    // As text it leaves in one piece with the head, which is text.
    else if (last.length <= ONE_PIECE) response.end(last.toString('latin1'), 'latin1');
    else response.end(last);
  }

  /** A whole reply at once. If another one has begun, the connection is broken off instead. */
  send(status: number, headers: OutgoingHttpHeaders, body: string | Buffer): void {
    const response = this.#response;
    if (response === null || response.writableEnded) return;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    this.#status = status;
    this.#headers = { ...headers, 'content-length': Buffer.byteLength(body) };
    this.#sendHead(response);
    response.end(body);
  }

  /** An error of the gateway's own. */
  refuse(reason: Failure, id: JsonRpcId): void {
    const { status, headers, body } = refusal(reason, id);
    this.send(status, headers, body);
  }

  breakOff(): void {
    this.#response?.destroy();
  }

  #sendHead(response: ServerResponse): void {
    if (this.#house.closing) response.shouldKeepAlive = false;
    response.writeHead(this.#status, this.#headers!);
    this.#headers = null;
  }

  #drained(): void {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  #closed(complete: boolean): void {
    const { onGone, onClosed } = this;
    this.#response = this.onGone = this.onClosed = null;
    this.#drained();
    onClosed?.();
    if (!complete) onGone?.();
  }
}
