/**
 * One request of a client's on its way through the gateway: what the fleet may know of it (the Request), what is sent
 * upstream, and the client's side of it.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isFailure, type Outcome } from '../../core/outcome.ts';
import type { Era, Request, RequestKind } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import { idOf } from '../mcp/era.ts';
import type { ClientReply } from './client-reply.ts';
import { returned } from './headers.ts';
import { refusal } from './refusal.ts';

/** A server's reply that is kept back, since another attempt may yet do better. */
export interface HeldReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ExchangeOptions {
  readonly arrival: number;
  readonly call: number;
  readonly kind: RequestKind;
  readonly tool: number;
  readonly safe: boolean;
  readonly era: Era;
  readonly session: number;
  readonly at: Millis;
  /** What meters call it: the tool's name, or the method. */
  readonly label: string;
  readonly method: string;
  readonly body: Buffer;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** `?x=y` of the client's URL, or empty. */
  readonly search: string;
  /** It names a legacy session. */
  readonly inSession: boolean;
  /** It carries the driver's numbers. */
  readonly driven: boolean;
  readonly client: ClientReply;
}

export class Exchange implements Request {
  account = -1;
  /** The fleet has replied. */
  concluded = false;
  held: HeldReply | null = null;
  /** A server's reply has been relayed whole, whatever it says. */
  relayed = false;
  readonly arrival: number;
  readonly call: number;
  readonly kind: RequestKind;
  readonly tool: number;
  readonly safe: boolean;
  readonly era: Era;
  readonly session: number;
  readonly key = 0;
  readonly at: Millis;
  readonly label: string;
  readonly method: string;
  readonly body: Buffer;
  readonly headers: readonly string[];
  readonly search: string;
  readonly inSession: boolean;
  readonly driven: boolean;
  readonly client: ClientReply;

  constructor(options: ExchangeOptions) {
    this.arrival = options.arrival;
    this.call = options.call;
    this.kind = options.kind;
    this.tool = options.tool;
    this.safe = options.safe;
    this.era = options.era;
    this.session = options.session;
    this.at = options.at;
    this.label = options.label;
    this.method = options.method;
    this.body = options.body;
    this.headers = options.headers;
    this.search = options.search;
    this.inSession = options.inSession;
    this.driven = options.driven;
    this.client = options.client;
  }

  /** The account is closed: the client gets the end of its reply, the server's own error, or one of ours. */
  conclude(outcome: Outcome): void {
    const { client, held } = this;
    this.concluded = true;
    if (held !== null) {
      client.send(held.status, withoutLength(held.headers), held.body);
    } else if (this.relayed) client.end();
    else if (outcome === 'cancelled') client.breakOff();
    else if (isFailure(outcome)) {
      const { status, headers, body } = refusal(outcome, idOf(this.body));
      client.send(status, headers, body);
    }
  }
}

const withoutLength = (headers: IncomingHttpHeaders): ReturnType<typeof returned> => {
  const passed = returned(headers);
  delete passed['content-length'];
  return passed;
};
