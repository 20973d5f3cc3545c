/**
 * Key affinity: requests of one key go to the server that took the first of them, as long as it is a candidate (a cookie
 * or header table, as HAProxy's stick tables). A key whose server carries far more than the others is let go, if asked
 * for, so that it may be picked anew.
 */
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import { endsAffinity, type Rebalance } from '../policies/guards/rebalance.ts';
import type { Members } from './members.ts';

/** Keys remembered; beyond them the oldest is forgotten. */
const MOST_KEYS = 1_000_000;

export class StickyKeys {
  readonly #rebalance: Rebalance | null;
  readonly #members: Members;
  readonly #servers = new Map<number, ServerId>();
  readonly #since = new Map<number, Millis>();

  constructor(rebalance: Rebalance | null, members: Members) {
    this.#rebalance = rebalance;
    this.#members = members;
  }

  /** The server that a key stays with; -1 when it has none that may take calls. */
  holder(now: Millis, key: number): ServerId {
    const server = this.#servers.get(key) ?? -1;
    if (server < 0 || !this.#members.eligibility.candidates.has(server)) return -1;
    return this.#isTooMuch(now, key, server) ? -1 : server;
  }

  keep(now: Millis, key: number, server: ServerId): void {
    if (this.#servers.size >= MOST_KEYS && !this.#servers.has(key)) {
      const [oldest] = this.#servers.keys();
      this.#servers.delete(oldest!);
      this.#since.delete(oldest!);
    }
    this.#servers.set(key, server);
    this.#since.set(key, now);
  }

  #isTooMuch(now: Millis, key: number, server: ServerId): boolean {
    if (this.#rebalance === null) return false;
    const { all, eligibility, inFlight } = this.#members;
    const mean = inFlight / eligibility.candidates.size;
    const age = now - this.#since.get(key)!;
    return endsAffinity(this.#rebalance, age, all[server]!.inFlight, mean);
  }
}
