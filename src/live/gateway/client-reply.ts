/**
 * The client's side of a request over node:http: a server's reply is relayed as it comes, or an error of the gateway's own
 * is written. The head of a reply of known length waits for the first bytes of the body and leaves with them in one
 * packet; the head of a stream leaves at once. Once anything has left, a failure can only be told by breaking the
 * connection off: whoever saw half a reply must not take it for a whole one.
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { returned } from './headers.ts';

/** Who serves: once it closes, connections are not kept for further requests. */
export interface House {
  readonly closing: boolean;
}

export class ClientReply {
  /** The client has gone away; what is said to it is not heard. */
  gone = false;
  /** Called when the client goes away before its reply is complete. */
  onGone: (() => void) | null = null;
  /** Called when nothing more will be said, whoever ended it. */
  onClosed: (() => void) | null = null;
  readonly #response: ServerResponse;
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
    this.#response = response;
    this.#house = house;
    response.on('close', () => {
      this.onClosed?.();
      if (response.writableFinished || this.gone) return;
      this.gone = true;
      this.#drained();
      this.onGone?.();
    });
  }

  /** Has the client been sent anything? */
  get begun(): boolean {
    return this.#response.headersSent;
  }

  begin(status: number, headers: IncomingHttpHeaders): void {
    if (this.gone) return;
    if (this.#house.closing) this.#response.shouldKeepAlive = false;
    const length = Number(headers['content-length']);
    if (Number.isSafeInteger(length) && length > 0) {
      this.#status = status;
      this.#headers = returned(headers);
      this.#missing = length;
    } else {
      this.#response.writeHead(status, returned(headers));
      this.#response.flushHeaders();
    }
  }

  /** Relays the next bytes. False: the client is slow, and `whenDrained` will say when it has caught up. */
  data(chunk: Buffer): boolean {
    if (this.gone) return true;
    if (this.#headers !== null) {
      this.#missing -= chunk.length;
      if (this.#missing === 0 && this.#last === null) {
        this.#last = chunk;
        return true;
      }
      this.#sendHead();
    }
    return this.#response.write(chunk);
  }

  /** `resume` is called once, also when the client goes away. */
  whenDrained(resume: () => void): void {
    if (this.#resume === null) this.#response.once('drain', () => this.#drained());
    this.#resume = resume;
  }

  /** The reply is complete. */
  end(): void {
    if (this.gone) return;
    if (this.#headers !== null) this.#sendHead();
    if (this.#last === null) this.#response.end();
    else this.#response.end(this.#last);
  }

  /** A whole reply at once. If another one has begun, the connection is broken off instead. */
  send(status: number, headers: OutgoingHttpHeaders, body: string | Buffer): void {
    if (this.gone) return;
    if (this.begun) {
      this.breakOff();
      return;
    }
    this.#headers = null;
    if (this.#house.closing) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    this.#response.end(body);
  }

  breakOff(): void {
    this.#response.destroy();
  }

  #drained(): void {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  #sendHead(): void {
    if (this.#house.closing) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(this.#status, this.#headers!);
    this.#headers = null;
  }
}
