/**
 * Legacy sessions by the names that servers give them. The fleet numbers sessions when `initialize` arrives; the name comes
 * with the reply to it, in `Mcp-Session-Id`, and only then can anyone tell which session a request is of (hashing the
 * name cannot work: it is made after the request was routed). Few clients ever say goodbye, so idle sessions are
 * forgotten after a while.
 */
import type { ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';

export interface Session {
  readonly name: string;
  readonly number: number;
  readonly server: ServerId;
  /** When it was last spoken of. */
  seenAt: Millis;
  /** Streams that are open: it is not idle. */
  streams: number;
  /** The fleet knows it; until then requests wait, as a quick client may be faster than the end of its handshake. */
  settled: boolean;
  readonly waiting: (() => void)[];
}

export class SessionNames {
  readonly #byName = new Map<string, Session>();
  #issued = 0;

  get size(): number {
    return this.#byName.size;
  }

  /** A number for a session that begins. */
  issue(): number {
    return ++this.#issued;
  }

  /**
   * The reply to `initialize` has begun, and gives the session its name. One that has that name already keeps it until
   * the reply is complete: it may turn out to be nobody's.
   */
  learn(name: string, number: number, server: ServerId, now: Millis): Session {
    const session: Session = {
      name,
      number,
      server,
      seenAt: now,
      streams: 0,
      settled: false,
      waiting: [],
    };
    if (!this.#byName.has(name)) this.#byName.set(name, session);
    return session;
  }

  /** That reply is complete, or has failed after all. Gives the session that has lost its name to this one, if any. */
  settle(session: Session, ok: boolean): Session | null {
    const holder = this.#byName.get(session.name);
    session.settled = true;
    if (ok) this.#byName.set(session.name, session);
    else if (holder === session) this.#byName.delete(session.name);
    for (const resume of session.waiting.splice(0)) resume();
    return ok && holder !== undefined && holder !== session ? holder : null;
  }

  find(name: string): Session | undefined {
    return this.#byName.get(name);
  }

  forget(name: string): void {
    this.#byName.delete(name);
  }

  /** Sessions that nobody has spoken of since `since`. */
  idle(since: Millis): readonly Session[] {
    return [...this.#byName.values()].filter(
      ({ seenAt, streams, settled }) => settled && streams === 0 && seenAt < since,
    );
  }

  /** Sessions on each server, by id. */
  countByServer(): ReadonlyMap<ServerId, number> {
    const counts = new Map<ServerId, number>();
    for (const { server } of this.#byName.values()) {
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    return counts;
  }
}
