/**
 * The legacy era, 2025-11-25 and before: `initialize` opens a session that lives in this process, and everything after
 * it must carry the session's id. An unknown id is answered 404, none at all 400 (transports, "Session Management").
 *
 * One exception, for the driver: a single request of the legacy era, which says so in `_meta`, stands for the client of
 * a server that keeps no sessions, and is served without.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';
import { errorBody, type JsonRpcId } from '../mcp/errors.ts';
import { CODE, HEADER, LEGACY_VERSIONS } from '../mcp/names.ts';
import { SSE_KEEP_ALIVE } from '../mcp/sse.ts';
import type { Desk, Posted, Visit } from './desk.ts';
import type { Errand } from './errand.ts';
import type { Message } from './message.ts';
import { drivenRequest } from './numbering.ts';
import type { Reply } from './reply.ts';
import { responseOf } from './tools.ts';
import type { Workplace } from './workplace.ts';

interface Session {
  readonly number: number;
  /** When it was last spoken of. */
  seenAt: Millis;
  /** GET streams that are open. */
  readonly streams: Set<Reply>;
  /** Calls that its client waits for, by JSON-RPC id. */
  readonly errands: Map<JsonRpcId, Errand>;
}

export class Legacy {
  readonly #desk: Desk;
  readonly #workplace: Workplace;
  /** By id. */
  readonly #sessions = new Map<string, Session>();
  readonly #clock: Clock;
  readonly #idle: Millis;
  #numbered = 0;

  /** `idle`: how long a session may be left alone. */
  constructor(desk: Desk, workplace: Workplace, clock: Clock, idle: Millis) {
    this.#desk = desk;
    this.#workplace = workplace;
    this.#clock = clock;
    this.#idle = idle;
  }

  request(visit: Visit): void {
    const { message, headers } = visit;
    if (message.method === 'initialize') this.#initialize(visit);
    else if (isDrivenSingle(message, headers)) this.#serve(visit, null);
    else {
      const session = this.#admit(headers, visit.reply, message.id);
      if (session !== null) this.#serve(visit, session);
    }
  }

  /** A notification, or a response to a request that this server never sent. */
  remark(message: Exclude<Message, Posted>, headers: IncomingHttpHeaders, reply: Reply): void {
    const session = this.#admit(headers, reply, null);
    if (session === null) return;
    if (message.kind === 'notification' && message.method === 'notifications/cancelled') {
      session.errands.get(message.params['requestId'] as JsonRpcId)?.cancel();
    }
    this.#desk.inMood(reply, null, () => reply.empty(202));
  }

  /** GET: a stream that stays open for what the server might have to say, which is nothing. */
  stream(headers: IncomingHttpHeaders, reply: Reply): void {
    const session = this.#admit(headers, reply, null);
    if (session === null) return;
    this.#desk.inMood(reply, null, () => {
      session.streams.add(reply);
      reply.onClose(() => session.streams.delete(reply));
      reply.openEvents();
      reply.write(SSE_KEEP_ALIVE);
    });
  }

  /** DELETE: the client says goodbye. */
  end(headers: IncomingHttpHeaders, reply: Reply): void {
    const session = this.#admit(headers, reply, null);
    if (session === null) return;
    this.#desk.inMood(reply, null, () => {
      this.#sessions.delete(String(headers[HEADER.session]));
      this.#workplace.closeSession(session.number);
      for (const stream of session.streams) stream.end();
      reply.empty(200);
    });
  }

  /** A sign of life on every open stream; and what has been left alone for too long is forgotten. */
  keepAlive(): void {
    for (const [id, session] of this.#sessions) this.#expire(id, session);
    for (const { streams } of this.#sessions.values()) {
      for (const stream of streams) stream.write(SSE_KEEP_ALIVE);
    }
  }

  /** The server goes: streams end. */
  close(): void {
    for (const { streams } of this.#sessions.values()) {
      for (const stream of streams) stream.end();
    }
  }

  #initialize(visit: Visit): void {
    const { message, headers, reply } = visit;
    const version = message.params['protocolVersion'];
    if (headers[HEADER.session] !== undefined) {
      const why = 'Invalid Request: the session is initialised already';
      this.#desk.refuse(reply, message.id, 400, [CODE.invalidRequest, why]);
    } else if (typeof version !== 'string') {
      this.#desk.error(visit, CODE.invalidParams, 'initialize lacks protocolVersion');
    } else {
      const number = ++this.#numbered;
      const particulars = { kind: 'initialize', tool: -1, era: 'legacy', session: number } as const;
      this.#desk.work(visit, particulars, undefined, () => {
        const id = randomUUID();
        this.#sessions.set(id, {
          number,
          seenAt: this.#clock.now(),
          streams: new Set(),
          errands: new Map(),
        });
        const result = this.#desk.tools.initialized(version);
        reply.answer(responseOf(message.id, result), { [HEADER.session]: id });
      });
    }
  }

  #serve(visit: Visit, session: Session | null): void {
    switch (visit.message.method) {
      case 'tools/call':
        this.#call(visit, session);
        break;
      case 'tools/list':
        this.#desk.result(visit, this.#desk.tools.list('legacy'));
        break;
      case 'ping':
        this.#desk.result(visit, '{}');
        break;
      default:
        this.#desk.error(visit, CODE.methodNotFound, 'Method not found');
    }
  }

  #call(visit: Visit, session: Session | null): void {
    const { id } = visit.message;
    let over = false;
    const errand = this.#desk.call(visit, 'legacy', session?.number ?? 0, () => {
      over = true;
      session?.errands.delete(id);
    });
    if (errand !== null && !over) session?.errands.set(id, errand);
  }

  #find(id: string): Session | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined || this.#expire(id, session)) return undefined;
    session.seenAt = this.#clock.now();
    return session;
  }

  #expire(id: string, { number, seenAt, streams, errands }: Session): boolean {
    if (this.#clock.now() - seenAt <= this.#idle || streams.size + errands.size > 0) return false;
    this.#sessions.delete(id);
    this.#workplace.closeSession(number);
    return true;
  }

  /** The session of a request; null when it has been answered for want of one. */
  #admit(headers: IncomingHttpHeaders, reply: Reply, id: JsonRpcId): Session | null {
    const named = headers[HEADER.session];
    const session = typeof named === 'string' ? this.#find(named) : undefined;
    const complaint = complaintOf(headers, session !== undefined);
    if (complaint === null) return session!;
    const [status, code, message] = complaint;
    this.#desk.inMood(reply, id, () => reply.json(status, errorBody(id, code, message)));
    return null;
  }
}

type Complaint = readonly [status: number, code: number, message: string];

const complaintOf = (headers: IncomingHttpHeaders, known: boolean): Complaint | null => {
  if (headers[HEADER.session] === undefined) {
    return [400, CODE.server, 'Bad Request: Mcp-Session-Id header is required'];
  }
  if (!known) return [404, CODE.sessionNotFound, 'Session not found'];
  const version = headers[HEADER.version];
  // Absent, it is 2025-03-26.
  if (version === undefined || LEGACY_VERSIONS.includes(String(version))) return null;
  const supported = LEGACY_VERSIONS.join(', ');
  return [400, CODE.server, `Bad Request: Unsupported protocol version (supported: ${supported})`];
};

const isDrivenSingle = ({ params }: Posted, headers: IncomingHttpHeaders): boolean => {
  if (headers[HEADER.session] !== undefined) return false;
  const driven = drivenRequest(params['_meta']);
  return driven !== null && driven !== 'malformed' && driven.session === 0;
};
