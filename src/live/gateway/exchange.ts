/**
 * One request of a client's on its way through the gateway: what the fleet may know of it (the Request), what is sent
 * upstream, and the client's side of it.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isFailure, type Outcome } from '../../core/outcome.ts';
import type { Era, Request, RequestKind } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import { asks, idOf, type Inbound } from '../mcp/era.ts';
import { idText } from '../mcp/message-id.ts';
import type { ClientReply } from './client-reply.ts';
import { returned } from './headers.ts';
import type { Reading } from './reading.ts';

/** A server's reply that is kept back, since another attempt may yet do better. */
export interface HeldReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What came in over HTTP, and goes upstream. */
export interface Received {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Names and values in turn: what goes upstream. */
  readonly headers: readonly string[];
  /** `?x=y` of the client's URL, or empty. */
  readonly search: string;
  /** Null for a GET or a DELETE. */
  readonly body: Buffer | null;
}

/** With a body. */
export interface Posted extends Received {
  readonly body: Buffer;
}

export class Exchange implements Request {
  account = -1;
  /** The fleet has replied. */
  concluded = false;
  /** What goes upstream; let go of once the fleet has replied, as its pooled slots keep the request for longer. */
  body: Buffer;
  #held: HeldReply | null = null;
  /** By its method, or the tool that it names. */
  readonly #mayRepeat: boolean;
  readonly #name: string | null;
  /** Asked for only when it matters, and only once. */
  #safe: boolean | null = null;
  /** A server's reply has been relayed whole, whatever it says. */
  #relayed = false;
  readonly arrival: number;
  readonly call: number;
  readonly kind: RequestKind;
  readonly tool: number;
  readonly era: Era;
  readonly session: number;
  readonly key: number;
  readonly at: Millis;
  readonly label: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly search: string;
  /** The legacy session that it names. */
  readonly sessionName: string | null;
  readonly isRequest: boolean;
  /** It carries the driver's numbers. */
  readonly driven: boolean;
  readonly client: ClientReply;

  constructor(
    { arrival, call, kind, tool, safe, session, key, at, label }: Reading,
    { era, what, method, name, session: named, driven }: Inbound,
    { body, headers, search }: Posted,
    client: ClientReply,
  ) {
    this.arrival = arrival;
    this.call = call;
    this.kind = kind;
    this.tool = tool;
    this.#mayRepeat = safe;
    this.era = era;
    this.session = session;
    this.key = key;
    this.at = at;
    this.label = label;
    this.method = method;
    this.#name = name;
    this.body = body;
    this.headers = headers;
    this.search = search;
    this.sessionName = named;
    this.isRequest = what === 'request';
    this.driven = driven !== null;
    this.client = client;
  }

  /** May it be made twice? Only if its body says the same as the headers that were gone by. */
  get safe(): boolean {
    return (this.#safe ??= this.#mayRepeat && asks(this.body, this.method, this.#name));
  }

  get inSession(): boolean {
    return this.sessionName !== null;
  }

  /** As `idText` says; null for a batch, too. */
  get id(): string | null {
    return idText(this.body);
  }

  /** A good reply begins: it is relayed as it comes, whatever another attempt has been answered. */
  begin(status: number, headers: IncomingHttpHeaders): void {
    this.#held = null;
    this.client.begin(status, headers);
  }

  /** The reply that has begun is complete. */
  complete(): void {
    this.#relayed = true;
  }

  /** Keeps an error back; null forgets it. */
  hold(reply: HeldReply | null): void {
    this.#held = reply;
  }

  /** The account is closed: the client gets the end of its reply, the server's own error, or one of ours. */
  conclude(outcome: Outcome): void {
    const { client } = this;
    const held = this.#held;
    this.concluded = true;
    if (this.#relayed) client.end();
    else if (held !== null) client.send(held.status, withoutLength(held.headers), held.body);
    else if (outcome === 'cancelled') client.breakOff();
    else if (isFailure(outcome)) {
      client.refuse(outcome, idOf(this.body));
    }
    this.#held = null;
    this.body = NOTHING;
  }
}

const NOTHING = Buffer.alloc(0);

const withoutLength = (headers: IncomingHttpHeaders): ReturnType<typeof returned> => {
  const passed = returned(headers);
  delete passed['content-length'];
  return passed;
};
