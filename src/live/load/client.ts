/**
 * All clients of the target together: the HTTP side of the open loop and of our own closed loop. Knows the target's names of
 * legacy sessions; calls outside any session of the scenario share a few (shared-sessions.ts).
 */
import { Agent } from 'undici';
import type { Outcome } from '../../core/outcome.ts';
import type { Request } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { SessionTally } from '../../scenario/traffic.ts';
import type { Reply } from '../driver/exchange.ts';
import { outcomeOf, requestContext } from '../driver/verdict.ts';
import type { Message } from '../driver/wire.ts';
import { HEADER } from '../mcp/names.ts';
import { endSession, endSessions } from './farewell.ts';
import { callTool, initialize, initialized } from './messages.ts';
import { post, TIMED_OUT } from './post.ts';
import { SharedSessions, type SharedSession } from './shared-sessions.ts';
import type { Endpoint, Target } from './target.ts';

/** Connections are kept over pauses in the traffic; less, when the target says so. */
const KEEP_ALIVE_MS = 60_000;
/** For what is asked beside the load. */
const ASIDE_MS = 10_000;

/** Connections to the target: as many as are asked for, certificates checked unless told otherwise. */
export const openAgent = ({ insecure }: Pick<Endpoint, 'insecure'>): Agent =>
  new Agent({
    connections: null,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { rejectUnauthorized: !insecure },
  });

export class LoadClient {
  readonly #target: Target;
  readonly #agent: Agent;
  /** The target's name of a session, by ours. */
  readonly #ids = new Map<number, string>();
  /** For calls outside sessions. */
  readonly #shared: SharedSessions;
  #messages = 0;

  /** Shared sessions are counted from instant `from` on. */
  constructor(target: Target, from: Millis = 0) {
    this.#target = target;
    this.#agent = openAgent(target);
    this.#shared = new SharedSessions((done) => this.#shareOne(done), from);
  }

  /** Opens sessions for calls outside sessions; resolves with how many there are. */
  share(sessions: number): Promise<number> {
    return this.#shared.want(sessions);
  }

  /** Deadline of a call; null = none. */
  get timeout(): Millis | null {
    return this.#target.timeout;
  }

  /** Of shared sessions; null when there are none. */
  get shared(): SessionTally | null {
    return this.#shared.tally;
  }

  /** Sends it now; `done` hears how it ended when the last byte is there, or its deadline has passed. */
  send(request: Request, done: (outcome: Outcome) => void): void {
    const { session, era, at } = request;
    const own = this.#ids.get(session) ?? null;
    if (session !== 0 || era === 'modern') {
      this.#sendIn(own, request, this.#target.timeout, done);
      return;
    }
    const asked = performance.now();
    this.#shared.take(at, (shared) =>
      this.#sendShared(shared, request, performance.now() - asked, done),
    );
  }

  #sendShared(
    shared: SharedSession | null,
    request: Request,
    waited: Millis,
    done: (outcome: Outcome) => void,
  ): void {
    const { at } = request;
    const { timeout } = this.#target;
    shared?.entry.called(at);
    const left = timeout === null ? null : timeout - waited;
    this.#sendIn(shared?.id ?? null, request, left, (outcome) => {
      if (shared !== null && outcome === 'session-lost') this.#shared.lost(shared, at);
      done(outcome);
    });
  }

  #sendIn(
    sessionId: string | null,
    request: Request,
    timeout: Millis | null,
    done: (outcome: Outcome) => void,
  ): void {
    if (timeout !== null && timeout <= 0) {
      done('timeout');
      return;
    }
    const message = this.#message(request, sessionId);
    const context = requestContext(request.era, sessionId, message);
    this.#post(message, timeout, (reply) => {
      const outcome = judged(reply, context);
      if (request.kind === 'initialize' && outcome === 'ok') this.#learn(request.session, reply);
      done(outcome);
    });
  }

  /** The second half of a legacy handshake; `done` when the target has heard it, or will not. */
  confirm(session: number, done: () => void): void {
    this.#post(initialized(this.#ids.get(session) ?? null), ASIDE_MS, done);
  }

  /** Ends a legacy session at the target, as a polite client does. Nobody waits for the answer. */
  endSession(session: number): void {
    const id = this.#ids.get(session);
    this.#ids.delete(session);
    if (id !== undefined) endSession(this.#agent, this.#target, id);
  }

  /** Ends all sessions, politely as long as the target plays along, and closes every connection. */
  async close(): Promise<void> {
    const ids = [...this.#ids.values(), ...this.#shared.ids];
    this.#shared.close();
    await endSessions(this.#agent, this.#target, ids);
    await this.#agent.destroy();
  }

  #message(request: Request, sessionId: string | null): Message {
    const id = ++this.#messages;
    return request.kind === 'initialize'
      ? initialize(id)
      : callTool(request.era, id, sessionId, this.#target.tools[request.tool]!);
  }

  #shareOne(done: (id: string | null) => void): void {
    const timeout = Math.min(ASIDE_MS, this.#target.timeout ?? ASIDE_MS);
    this.#post(initialize(++this.#messages), timeout, (reply) => {
      const id = sessionIdIn(reply);
      if (id === null) done(null);
      else this.#post(initialized(id), timeout, () => done(id));
    });
  }

  #learn(session: number, reply: Reply): void {
    const id = sessionIdIn(reply);
    if (id !== null) this.#ids.set(session, id);
  }

  #post(message: Message, timeout: number | null, done: (reply: Reply) => void): void {
    post(this.#agent, this.#target, message, timeout, done);
  }
}

const judged = (reply: Reply, context: Parameters<typeof outcomeOf>[1]): Outcome =>
  'error' in reply && reply.error === TIMED_OUT ? 'timeout' : outcomeOf(reply, context);

/** What a legacy server calls the session it has just opened; null when it keeps none. */
export const sessionIdIn = (reply: Reply): string | null => {
  const id = 'headers' in reply ? reply.headers[HEADER.session] : undefined;
  return typeof id === 'string' ? id : null;
};
