/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam, arXiv 1608.01350): no server gets a call that
 * puts it above ceil(balance * its fair share of all calls in flight, this one included). Fair shares go by weight. As
 * the bounds sum to more than there are calls, some server always has room.
 */
import type { ServerId } from '../../core/request.ts';

export class BoundedLoad {
  /** >= 1; Infinity = no bound. */
  readonly #balance: number;
  /** By server id, kept for servers that have left. */
  readonly #active: number[] = [];
  /** By server id; 0 = it has left. */
  readonly #weights: number[] = [];
  /** Of servers that may be picked: calls in flight, and weight. */
  #calls = 0;
  #weight = 0;

  constructor(balance: number | null) {
    this.#balance = balance ?? Infinity;
  }

  /** Would one more call be too many? */
  full(server: ServerId): boolean {
    if (this.#balance === Infinity) return false;
    const share = this.#weights[server]! / this.#weight;
    return this.#active[server]! >= Math.ceil(this.#balance * (this.#calls + 1) * share - 1e-9);
  }

  sent(server: ServerId): void {
    this.#change(server, 1);
  }

  settled(server: ServerId): void {
    this.#change(server, -1);
  }

  joined(server: ServerId, weight: number): void {
    while (this.#active.length <= server) {
      this.#active.push(0);
      this.#weights.push(0);
    }
    this.#weights[server] = weight;
    this.#weight += weight;
    this.#calls += this.#active[server]!;
  }

  left(server: ServerId): void {
    this.#calls -= this.#active[server]!;
    this.#weight -= this.#weights[server]!;
    this.#weights[server] = 0;
  }

  #change(server: ServerId, by: 1 | -1): void {
    this.#active[server]! += by;
    if (this.#weights[server]! > 0) this.#calls += by;
  }
}
