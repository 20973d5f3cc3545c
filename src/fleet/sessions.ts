/**
 * Affinity: which server holds which legacy session. A session is pinned by the answer to its `initialize`, stays until
 * it is closed, and is lost when its server is gone. Modern traffic never comes here. Sessions that last long keep an
 * old server busy while new ones idle; if asked for, the fleet ends such a session where it weighs, and its client, told
 * that it is unknown, initialises anew elsewhere (those that can: the official clients do not).
 */
import { serverName, type ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import { endsAffinity, type Rebalance } from '../policies/guards/rebalance.ts';
import type { Intentions } from './intentions.ts';
import type { Members } from './members.ts';

interface Pin {
  readonly server: ServerId;
  readonly since: Millis;
}

export class Sessions {
  readonly #members: Members;
  readonly #rebalance: Rebalance | null;
  readonly #out: Intentions;
  readonly #pins = new Map<number, Pin>();

  constructor(members: Members, rebalance: Rebalance | null, out: Intentions) {
    this.#members = members;
    this.#rebalance = rebalance;
    this.#out = out;
  }

  pin(now: Millis, session: number, server: ServerId): void {
    this.#pins.set(session, { server, since: now });
    this.#members.pinned(this.#members.all[server]!);
  }

  /** The server that holds it, or undefined when none does any more. */
  holder(session: number): ServerId | undefined {
    const server = this.#pins.get(session)?.server;
    return server === undefined || this.#members.all[server]!.phase === 'gone' ? undefined : server;
  }

  /** Is the session to leave its server, as it is old and the server has far more than its share? Then it is ended. */
  moves(now: Millis, session: number, server: ServerId): boolean {
    if (this.#rebalance === null) return false;
    const { readySessions, eligibility } = this.#members;
    const { readyCount } = eligibility;
    const member = this.#members.all[server]!;
    const fair = readySessions / Math.max(1, readyCount);
    const age = now - this.#pins.get(session)!.since;
    if (readyCount < 2 || !endsAffinity(this.#rebalance, age, member.sessions, fair)) return false;
    this.#out.note({
      at: now,
      kind: 'session',
      server,
      text: `session ${session} is ended to leave ${serverName(server)}`,
      because: `${member.sessions} sessions there, ${fair.toFixed(1)} on average`,
      state: null,
    });
    this.close(now, session);
    return true;
  }

  close(now: Millis, session: number): void {
    const server = this.#pins.get(session)?.server;
    if (server === undefined) return;
    this.#pins.delete(session);
    this.#members.released(now, this.#members.all[server]!);
  }
}
