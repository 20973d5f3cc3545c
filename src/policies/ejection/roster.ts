/**
 * The servers that an ejection watches: their calls in two buckets, one filling and one of the last whole interval that
 * a sweep judges (as Envoy and gRPC A50 keep them), and who of them is out. A server that leaves takes its books along.
 */
import type { ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';

export class Watched {
  readonly id: ServerId;
  /** Null: not ejected. */
  ejectedAt: Millis | null = null;
  /** How many base times the next ejection but one lasts; grows with each ejection, shrinks with healthy sweeps. */
  backoff = 0;
  because = 'never ejected';
  /** Calls of the last whole interval. */
  calls = 0;
  #good = 0;
  #fillingCalls = 0;
  #fillingGood = 0;

  constructor(id: ServerId) {
    this.id = id;
  }

  /** A call ended, well or not. */
  count(good: boolean): void {
    this.#fillingCalls++;
    if (good) this.#fillingGood++;
  }

  /** An interval is over: what has filled is to be judged. */
  turn(): void {
    this.calls = this.#fillingCalls;
    this.#good = this.#fillingGood;
    this.#fillingCalls = 0;
    this.#fillingGood = 0;
  }

  /** Share of the last whole interval's calls that ended well; only with `calls` > 0. */
  get successRate(): number {
    return this.#good / this.calls;
  }

  /** The share that did not. */
  get failureRate(): number {
    return (this.calls - this.#good) / this.calls;
  }
}

export class Roster<Server extends Watched> {
  readonly changed: ServerId[] = [];
  readonly #make: (id: ServerId) => Server;
  readonly #servers = new Map<ServerId, Server>();
  #ejected = 0;

  constructor(make: (id: ServerId) => Server) {
    this.#make = make;
  }

  /** All ready servers, ejected ones too. */
  get size(): number {
    return this.#servers.size;
  }

  /** How many of them are ejected. */
  get ejected(): number {
    return this.#ejected;
  }

  /** In the order in which they joined. */
  all(): IterableIterator<Server> {
    return this.#servers.values();
  }

  get(id: ServerId): Server | undefined {
    return this.#servers.get(id);
  }

  join(id: ServerId): void {
    this.leave(id);
    this.#servers.set(id, this.#make(id));
  }

  leave(id: ServerId): void {
    const server = this.#servers.get(id);
    if (server === undefined) return;
    if (server.ejectedAt !== null) this.#ejected--;
    this.#servers.delete(id);
  }

  eject(now: Millis, server: Server, because: string): void {
    server.ejectedAt = now;
    server.because = because;
    this.#ejected++;
    this.changed.push(server.id);
  }

  takeBack(server: Server, because: string): void {
    server.ejectedAt = null;
    server.because = because;
    this.#ejected--;
    this.changed.push(server.id);
  }

  isEjected(id: ServerId): boolean {
    const server = this.#servers.get(id);
    return server !== undefined && server.ejectedAt !== null;
  }

  because(id: ServerId): string {
    return this.#servers.get(id)?.because ?? 'not among the ready servers';
  }
}
