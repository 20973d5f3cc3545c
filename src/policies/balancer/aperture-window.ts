/**
 * The part of a fleet that one of many balancers uses, and how it draws two of it.
 * `RingWindow`: balancers and servers lie evenly on the same ring, and each balancer takes the arc that begins at its own
 * place: as many whole balancer widths as hold `min` servers, so that all arcs together cover every server equally often.
 * A server at the edge counts by the part of it inside. `BandWindow`: servers in an order drawn by chance, of which the
 * first few; one more while the calls in flight per server are above a band, one less while below it.
 */
import { Ewma } from '../../core/ewma.ts';
import type { ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import type { Millis } from '../../core/units.ts';
import { secondDraw } from './second-draw.ts';

export interface Window {
  joined(server: ServerId): void;
  left(server: ServerId): void;
  /** `calls` are in flight from this balancer, over all servers. */
  loaded(now: Millis, calls: number): void;
  /** The first of two draws. Never called without servers. */
  first(): ServerId;
  /** The second, another server than `first` unless there is no other. */
  second(first: ServerId): ServerId;
  /** The part of a drawn server that is this balancer's, above 0 and at most 1. */
  weight(server: ServerId): number;
  /** Servers in it. */
  readonly size: number;
}

const EPSILON = 1e-6;

export class RingWindow implements Window {
  readonly #rng: Rng;
  readonly #clients: number;
  readonly #offset: number;
  readonly #min: number;
  /** Ascending: all balancers must agree on the order. */
  readonly #servers: ServerId[] = [];

  constructor(clients: number, peer: number, min: number, rng: Rng) {
    this.#rng = rng;
    this.#clients = clients;
    this.#offset = peer / clients;
    this.#min = min;
  }

  get size(): number {
    const all = this.#servers.length;
    const end = this.#offset + this.#width;
    const touched = Math.ceil(end * all - EPSILON) - Math.floor(this.#offset * all + EPSILON);
    return Math.min(all, touched);
  }

  joined(server: ServerId): void {
    this.#servers.splice(this.#indexOf(server), 0, server);
  }

  left(server: ServerId): void {
    this.#servers.splice(this.#indexOf(server), 1);
  }

  loaded(): void {}

  first(): ServerId {
    return this.#at(this.#offset + this.#rng.next() * this.#width);
  }

  /** Draws from the arc without the first's share of it: a point beyond its beginning is moved past its end. */
  second(first: ServerId): ServerId {
    const begin = this.#begin(first);
    const overlap = this.#overlap(begin);
    const rest = this.#width - overlap;
    if (rest <= EPSILON / this.#servers.length) return first;
    const point = this.#offset + this.#rng.next() * rest;
    const end = begin + 1 / this.#servers.length;
    return this.#at(point >= end - overlap ? point + overlap : point);
  }

  weight(server: ServerId): number {
    return this.#overlap(this.#begin(server)) * this.#servers.length || 1;
  }

  /** Of the arc, 0..1. */
  get #width(): number {
    const all = this.#servers.length;
    const share = Math.min(this.#min, all) / all;
    return Math.min(1, Math.ceil(share * this.#clients - EPSILON) / this.#clients);
  }

  /** Where a server's piece of the ring begins; past 1 if the arc reaches it only round the end. */
  #begin(server: ServerId): number {
    const begin = this.#indexOf(server) / this.#servers.length;
    return begin + 1 < this.#offset + this.#width ? begin + 1 : begin;
  }

  #overlap(begin: number): number {
    const end = begin + 1 / this.#servers.length;
    return Math.max(0, Math.min(end, this.#offset + this.#width) - Math.max(begin, this.#offset));
  }

  #at(point: number): ServerId {
    const all = this.#servers.length;
    return this.#servers[Math.floor((point % 1) * all) % all]!;
  }

  /** Where it stands, or would. */
  #indexOf(server: ServerId): number {
    return lowerBound(this.#servers.length, (index) => this.#servers[index]! < server);
  }
}

export interface Band {
  readonly low: number;
  readonly high: number;
  /** The calls in flight are averaged over this long, ms. */
  readonly smooth: Millis;
}

export class BandWindow implements Window {
  readonly #rng: Rng;
  readonly #min: number;
  readonly #band: Band;
  readonly #calls: Ewma;
  /** By server id: its lot, drawn when it first joined. */
  readonly #lots: number[] = [];
  /** By lot, ascending. */
  readonly #servers: ServerId[] = [];
  #wanted: number;

  constructor(min: number, band: Band, rng: Rng) {
    this.#rng = rng;
    this.#min = min;
    this.#wanted = min;
    this.#band = band;
    this.#calls = new Ewma(band.smooth);
  }

  get size(): number {
    return Math.min(this.#wanted, this.#servers.length);
  }

  joined(server: ServerId): void {
    this.#lots[server] ??= this.#rng.next();
    this.#servers.splice(this.#position(this.#lots[server]), 0, server);
  }

  left(server: ServerId): void {
    this.#servers.splice(this.#position(this.#lots[server]!), 1);
  }

  loaded(now: Millis, calls: number): void {
    this.#calls.add(now, calls);
    const each = this.#calls.value / this.size;
    if (each >= this.#band.high && this.#wanted < this.#servers.length) this.#wanted++;
    else if (each <= this.#band.low && this.#wanted > this.#min) this.#wanted--;
  }

  first(): ServerId {
    return this.#servers[this.#rng.below(this.size)]!;
  }

  second(first: ServerId): ServerId {
    const size = this.size;
    if (size === 1) return first;
    return this.#servers[secondDraw(this.#rng, size, this.#position(this.#lots[first]!))]!;
  }

  weight(): number {
    return 1;
  }

  /** Of the first whose lot is not below `lot`. */
  #position(lot: number): number {
    return lowerBound(this.#servers.length, (index) => this.#lots[this.#servers[index]!]! < lot);
  }
}

/** The first index in [0, size] that is not `below`; those below come first. */
const lowerBound = (size: number, below: (index: number) => boolean): number => {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (below(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
};
