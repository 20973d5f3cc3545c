/** The eligible servers as a dense list with a position per server: O(1) to read, add, remove and test. */
import type { ServerId } from '../core/request.ts';
import type { Candidates } from '../policies/balancer/balancer.ts';

const ABSENT = -1;

export class CandidateSet implements Candidates {
  readonly #servers: ServerId[] = [];
  readonly #positions: number[] = [];

  get size(): number {
    return this.#servers.length;
  }

  at(index: number): ServerId {
    return this.#servers[index]!;
  }

  has(server: ServerId): boolean {
    return (this.#positions[server] ?? ABSENT) !== ABSENT;
  }

  add(server: ServerId): void {
    while (this.#positions.length <= server) this.#positions.push(ABSENT);
    this.#positions[server] = this.#servers.push(server) - 1;
  }

  remove(server: ServerId): void {
    const position = this.#positions[server]!;
    const last = this.#servers.pop()!;
    if (last !== server) {
      this.#servers[position] = last;
      this.#positions[last] = position;
    }
    this.#positions[server] = ABSENT;
  }
}
