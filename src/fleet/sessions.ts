/**
 * Affinity: which server holds which legacy session. A session is pinned by the answer to its `initialize`, stays until
 * it is closed, and is lost when its server is gone. Modern traffic never comes here.
 */
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Members } from './members.ts';

export class Sessions {
  readonly #members: Members;
  readonly #pins = new Map<number, ServerId>();

  constructor(members: Members) {
    this.#members = members;
  }

  pin(session: number, server: ServerId): void {
    this.#pins.set(session, server);
    this.#members.all[server]!.sessions++;
  }

  /** The server that holds it, or undefined when none does any more. */
  holder(session: number): ServerId | undefined {
    const server = this.#pins.get(session);
    return server === undefined || this.#members.all[server]!.phase === 'gone' ? undefined : server;
  }

  close(now: Millis, session: number): void {
    const server = this.#pins.get(session);
    if (server === undefined) return;
    this.#pins.delete(session);
    this.#members.released(now, this.#members.all[server]!);
  }
}
