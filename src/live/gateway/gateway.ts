/**
 * The gateway's front: node:http in front of a live world. It reads a request whole, tells its era, makes of it what the
 * fleet may know, and lets the world carry the answer back. Streams, notifications and farewells pass beside the fleet. It
 * ends in good order: no new connections, what is in flight is finished up to a deadline, then streams are closed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Outcome } from '../../core/outcome.ts';
import { NEVER, type Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';
import { classify, idOf, isModernVersion, sessionOf, type Inbound } from '../mcp/era.ts';
import { guardAt, makeGuard, type Guard } from '../mcp/guard.ts';
import { idText } from '../mcp/message-id.ts';
import { HEADER } from '../mcp/names.ts';
import type { ReplyContext } from '../mcp/reply-outcome.ts';
import { ClientReply } from './client-reply.ts';
import { Exchange, type Posted, type Received } from './exchange.ts';
import { forwarded } from './headers.ts';
import { isPlain, targetOf } from './http-request.ts';
import { listening } from './listening.ts';
import type { LiveWorld } from './live-world.ts';
import type { Log } from './log.ts';
import { Passage } from './passage.ts';
import { MOST_BODY, readWhole } from './read-whole.ts';
import { Reader } from './reading.ts';
import { refusal, rejection } from './refusal.ts';
import { routeBeside, routeOf, type RouteAside } from './routing.ts';
import type { Session } from './session-names.ts';
import type { ToolCatalogue } from './tool-catalogue.ts';
import { refuseTooLong, write } from './write-refusal.ts';

/** What is served beside MCP: a path, and who answers it. */
export type Page = (response: ServerResponse) => void;

export interface GatewayOptions {
  readonly world: LiveWorld;
  readonly clock: Clock;
  readonly tools: ToolCatalogue;
  readonly log: Log;
  /** Where MCP is served, e.g. `/mcp`. */
  readonly path: string;
  /** `session`: a legacy session stays with the server that created it. */
  readonly affinity: 'none' | 'session' | 'key';
  /** Take the numbers of requests from the driver. */
  readonly driven: boolean;
  /** GET pages by path: `/status`, `/metrics`, `/health`. */
  readonly pages: ReadonlyMap<string, Page>;
  /** Sessions that nobody has spoken of for so long are forgotten; NEVER = none are. */
  readonly sessionIdle: Millis;
  /** For the first sign of what passes beside the fleet; NEVER = no limit. */
  readonly patience: Millis;
  /** Names by which clients may call it, besides those of the loopback. */
  readonly hosts: readonly string[];
  /** How long a legacy client's request goes on that has no client any more. */
  readonly linger: Millis;
  /** What passed beside the fleet as a request is over. */
  readonly passed: (method: string, outcome: Outcome, tookMs: Millis) => void;
  /** The list of tools may have changed. */
  readonly toolsChanged: () => void;
}

/** Visible ASCII, as the specification has it (2025-11-25, transports). */
const SESSION_NAME = /^[\x21-\x7e]+$/;
const SWEEP_MS = 60_000;
/** What was said last is given so long to be read, before connections are closed. */
const FAREWELL_MS = 200;

export class Gateway {
  /** It takes no new work. */
  closing = false;
  readonly #options: GatewayOptions;
  readonly #world: LiveWorld;
  readonly #server: Server;
  readonly #passages = new Set<Passage>();
  readonly #sweep: NodeJS.Timeout | null;
  #guard: Guard = makeGuard();
  readonly #reader: Reader;
  /** Replies that are not complete, but for streams. */
  readonly #open = new Set<ClientReply>();
  #idle: (() => void) | null = null;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#reader = new Reader(options.tools, options.clock, options.world.sessions);
    this.#server = createServer(
      { keepAliveTimeout: 60_000, headersTimeout: 20_000, requestTimeout: 60_000 },
      (request, response) => this.#receive(request, response),
    );
    const { sessionIdle } = options;
    this.#sweep =
      sessionIdle === NEVER
        ? null
        : setInterval(() => this.#forgetIdle(sessionIdle), Math.min(SWEEP_MS, sessionIdle)).unref();
  }

  /** Resolves with the port. Rejects when the address is taken or not ours. */
  listen(host: string, port: number): Promise<number> {
    this.#guard = guardAt(host, this.#options.hosts);
    return listening(this.#server, host, port, this.#options.log);
  }

  /** Takes no new work, and gives what is in flight `deadline` to finish; then everything is broken off. */
  async close(deadline: Millis): Promise<void> {
    this.closing = true;
    if (this.#sweep !== null) clearInterval(this.#sweep);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#open.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
        setTimeout(resolve, deadline).unref();
      });
    }
    for (const passage of this.#passages) passage.close();
    for (const client of this.#open) client.refuse('no-server', null);
    this.#server.closeIdleConnections();
    await Promise.race([closed, sleep(FAREWELL_MS, null, { ref: false })]);
    this.#server.closeAllConnections();
    await closed;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    if (this.closing) response.shouldKeepAlive = false;
    const { path: target, host } = targetOf(request);
    const foreign = this.#guard.refusal(host, request.headers.origin);
    if (foreign !== null) {
      write(response, rejection(403, foreign));
      return;
    }
    const query = target.indexOf('?');
    const path = query < 0 ? target : target.slice(0, query);
    if (path === this.#options.path)
      this.#serve(request, response, query < 0 ? '' : target.slice(query));
    else this.#page(request, response, path);
  }

  #page({ method }: IncomingMessage, response: ServerResponse, path: string): void {
    const page = this.#options.pages.get(path);
    if (page === undefined) {
      const { path: mcp } = this.#options;
      write(response, rejection(404, `nothing is served here; MCP is at ${mcp}`));
    } else if (method !== 'GET' && method !== 'HEAD') {
      write(response, rejection(405, 'allowed: GET', { allow: 'GET' }));
    } else page(response);
  }

  #serve(request: IncomingMessage, response: ServerResponse, search: string): void {
    const headers = forwarded(request.rawHeaders, request.headers.connection);
    if (!Array.isArray(headers)) {
      write(response, rejection(400, `${headers.duplicate} is said twice`));
    } else if (this.closing) write(response, refusal('no-server', null));
    else if (request.method === 'POST' && !isPlain(request)) {
      write(response, rejection(415, 'the body is compressed; allowed: none'));
    } else if (request.method === 'POST') {
      readWhole(request, MOST_BODY, (body) => {
        if (body === null) refuseTooLong(request, response);
        else this.#post({ request, response, headers, search, body });
      });
    } else if (request.method === 'GET' || request.method === 'DELETE') {
      this.#beside(request.method, { request, response, headers, search, body: null });
    } else write(response, rejection(405, 'allowed: POST, GET, DELETE', ALLOW));
  }

  #post(received: Posted): void {
    const { request, response, body } = received;
    const inbound = classify(request.headers, body, this.#options.driven);
    if (inbound === null) {
      write(response, rejection(400, 'the body is no JSON-RPC message'));
    } else if (inbound.session !== null && !SESSION_NAME.test(inbound.session)) {
      write(response, rejection(400, `${HEADER.session} is not visible ASCII`));
    } else {
      const session = this.#sessionOf(inbound.session);
      whenSettled(session, () => this.#forward(received, inbound));
    }
  }

  /** `received` goes where it belongs. */
  #forward(received: Posted, inbound: Inbound): void {
    const session = this.#sessionOf(inbound.session);
    const route = routeOf(inbound, session, this.#world, this.#options.affinity);
    if (route.to === 'fleet') this.#arrive(received, inbound, session);
    else this.#pass('POST', received, route, undefined, inbound);
  }

  #arrive(posted: Posted, inbound: Inbound, session: Session | undefined): void {
    const client = new ClientReply(posted.response, this);
    const reading = this.#reader.read(posted.request, inbound, session);
    const exchange = new Exchange(reading, inbound, posted, client);
    const leave = (): void => this.#world.leave(exchange);
    // A legacy client that disconnects has not cancelled (2025-11-25, transports), but nothing may run for ever.
    const gone =
      inbound.era === 'modern' ? leave : () => void setTimeout(leave, this.#options.linger).unref();
    client.onGone = gone;
    this.#track(client);
    this.#world.arrive(exchange);
    // While it waited for its session to be settled.
    if (client.gone) gone();
  }

  /** A stream or a farewell of a legacy client. */
  #beside(method: 'GET' | 'DELETE', received: Received): void {
    const { request, response } = received;
    const version = request.headers[HEADER.version];
    if (typeof version === 'string' && isModernVersion(version)) {
      write(
        response,
        rejection(405, `${method} is of the legacy era; allowed: POST`, { allow: 'POST' }),
      );
      return;
    }
    request.resume();
    const named = sessionOf(request.headers);
    const session = this.#sessionOf(named);
    const { affinity } = this.#options;
    const route = routeBeside(named, session, this.#world, affinity, method === 'GET');
    this.#pass(method, received, route, session, null);
  }

  #pass(
    method: 'GET' | 'POST' | 'DELETE',
    { response, headers, search, body }: Received,
    route: RouteAside,
    session: Session | undefined,
    inbound: Inbound | null,
  ): void {
    const goodbye = method === 'DELETE' && session !== undefined;
    if (route.to === 'nobody') {
      if (goodbye) this.#world.endSession(session);
      write(response, refusal(route.because, body === null ? null : idOf(body)));
      return;
    }
    const upstream = route.server.upstream!;
    const isStream = route.stream;
    const isRequest = inbound?.what === 'request' && !isStream;
    const client = new ClientReply(response, this);
    const { clock, patience, passed, toolsChanged } = this.#options;
    const from = clock.now();
    const passage = new Passage(client, isRequest ? contextOf(inbound, body!) : null, {
      stream: isStream,
      deadline: patience,
      id: body === null ? null : idOf(body),
      ended: (outcome, status) => {
        this.#passages.delete(passage);
        if (isStream) upstream.streams--;
        if (isStream && session !== undefined) session.streams--;
        // 405: the server lets no client end its sessions (2025-11-25, transports).
        if (goodbye && status !== 405) this.#world.endSession(session);
        if (isRequest) passed(inbound.method, outcome, clock.now() - from);
      },
      toolsChanged,
    });
    // What a legacy client has said is heard, though it has gone.
    const runsOn = method === 'DELETE' || inbound?.era === 'legacy';
    if (!runsOn) client.onGone = () => passage.abort();
    if (isStream) upstream.streams++;
    else this.#track(client);
    if (isStream && session !== undefined) session.streams++;
    this.#passages.add(passage);
    upstream.pass({ method, headers, body, search }, passage);
  }

  #sessionOf(name: string | null): Session | undefined {
    const session = name === null ? undefined : this.#world.sessions.find(name);
    // One whose server is down is not kept by being asked for in vain.
    if (session !== undefined && this.#world.roster.all[session.server]?.healthy === true)
      session.seenAt = this.#options.clock.now();
    return session;
  }

  #forgetIdle(after: Millis): void {
    const idle = this.#world.sessions.idle(this.#options.clock.now() - after);
    for (const session of idle) this.#world.endSession(session);
    if (idle.length > 0) this.#options.log.info({ sessions: idle.length }, 'forgot idle sessions');
  }

  #track(client: ClientReply): void {
    if (client.gone) return;
    this.#open.add(client);
    client.onClosed = () => {
      this.#open.delete(client);
      if (this.#open.size === 0) this.#idle?.();
    };
  }
}

const contextOf = ({ era, session }: Inbound, body: Buffer): ReplyContext => ({
  era,
  inSession: session !== null,
  isRequest: true,
  id: idText(body),
});

const ALLOW = { allow: 'POST, GET, DELETE' };

const whenSettled = (session: Session | undefined, act: () => void): void => {
  if (session === undefined || session.settled) act();
  else session.waiting.push(act);
};
