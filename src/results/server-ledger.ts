/**
 * Accounts of servers: what each was sent, how much of it failed, how long calls waited, and from the world's totals at
 * both ends of the measured time how busy it was. Requests per second of a server are taken over the time it was up.
 */
import { Histogram } from '../core/histogram.ts';
import type { Metrics } from '../core/metrics.ts';
import { serverName, type ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { ServerTotals } from '../fleet/world.ts';
import type { Chronicle } from './chronicle.ts';
import type { ServerRow } from './results.ts';

/** A server up for less of the measured time than this says nothing about balance. */
const LEAST_UP = 0.01;

/** A server's row, ms and counts. */
const WIDTH = 4;
const SENT = 0;
const FAILED = 1;
const WAITS = 2;
const WAITS_MS = 3;

export class ServerLedger {
  readonly #from: Millis;
  readonly #to: Millis;
  /** A row for each server, by its id: each within a line of the processor's caches. */
  #rows = new Float64Array(64 * WIDTH);
  readonly #waitTimes = new Histogram();
  #waited = 0;
  #waitedMs = 0;
  #before: readonly ServerTotals[] = [];
  #after: readonly ServerTotals[] = [];

  constructor(from: Millis, to: Millis) {
    this.#from = from;
    this.#to = to;
  }

  sent(server: ServerId): void {
    this.#rows[this.#row(server) + SENT]!++;
  }

  failed(server: ServerId): void {
    this.#rows[this.#row(server) + FAILED]!++;
  }

  waited(now: Millis, server: ServerId, waitedMs: Millis): void {
    if (now < this.#from || now >= this.#to) return;
    const row = this.#row(server);
    this.#rows[row + WAITS]!++;
    this.#rows[row + WAITS_MS]! += waitedMs;
    this.#waited++;
    this.#waitedMs += waitedMs;
    this.#waitTimes.record(waitedMs);
  }

  /** Waits in the measured time that somebody else has counted. */
  addWaits(server: ServerId, waits: number, waitedMs: Millis, counts: Uint32Array): void {
    const row = this.#row(server);
    this.#rows[row + WAITS]! += waits;
    this.#rows[row + WAITS_MS]! += waitedMs;
    this.#waited += waits;
    this.#waitedMs += waitedMs;
    this.#waitTimes.add(Histogram.of(counts));
  }

  /** Called at the beginning and at the end of the measured time. */
  tally(now: Millis, servers: readonly ServerTotals[]): void {
    if (now <= this.#from) this.#before = servers;
    else this.#after = servers;
  }

  metrics(): Metrics {
    const spans = this.#after.map((after) => this.#span(after));
    const sum = (value: (span: Span) => number) =>
      spans.reduce((total, span) => total + value(span), 0);
    const slotMs = sum((span) => span.slotMs);
    const rates = spans
      .filter((span) => span.upMs > LEAST_UP * (this.#to - this.#from))
      .map((span) => span.came / span.upMs);
    const mean = rates.reduce((total, rate) => total + rate, 0) / rates.length;
    return {
      throughputRps: (sum((span) => span.finished) * 1000) / (this.#to - this.#from),
      ...(this.#waited > 0 && {
        waitMsMean: this.#waitedMs / this.#waited,
        waitMsP99: this.#waitTimes.quantile(0.99),
      }),
      ...(slotMs > 0 && { utilisation: sum((span) => span.busyMs) / slotMs }),
      serverSeconds: sum((span) => span.heldMs) / 1000,
      ...(mean > 0 && { imbalance: rates.reduce((most, rate) => Math.max(most, rate), 0) / mean }),
    };
  }

  rows(chronicle: Chronicle): Omit<ServerRow, 'remarkable'>[] {
    return this.#after.map((totals) => {
      const span = this.#span(totals);
      const row = this.#row(totals.id);
      const sent = this.#rows[row + SENT]!;
      const waits = this.#rows[row + WAITS]!;
      return {
        name: serverName(totals.id),
        group: totals.group,
        attempts: sent,
        errorRate: sent === 0 ? 0 : this.#rows[row + FAILED]! / sent,
        utilisation: span.slotMs > 0 ? span.busyMs / span.slotMs : null,
        waitMsMean: waits > 0 ? this.#rows[row + WAITS_MS]! / waits : null,
        readySeconds: span.upMs / 1000,
        breakerOpens: chronicle.opensOf(totals.id),
        ejections: chronicle.ejectionsOf(totals.id),
      };
    });
  }

  /** Where the row of `server` begins; it is made when it is first asked for. */
  #row(server: ServerId): number {
    const row = WIDTH * server;
    if (row >= this.#rows.length) {
      const wider = new Float64Array(Math.max(2 * this.#rows.length, row + WIDTH));
      wider.set(this.#rows);
      this.#rows = wider;
    }
    return row;
  }

  /** Totals of the measured time alone. */
  #span(after: ServerTotals): Span {
    const before = this.#before[after.id];
    return {
      busyMs: after.busyMs - (before?.busyMs ?? 0),
      slotMs: after.slotMs - (before?.slotMs ?? 0),
      upMs: after.upMs - (before?.upMs ?? 0),
      came: after.came - (before?.came ?? 0),
      finished: after.finished - (before?.finished ?? 0),
      heldMs: Math.max(
        0,
        Math.min(after.exitedAt, this.#to) - Math.max(after.startedAt, this.#from),
      ),
    };
  }
}

interface Span {
  readonly busyMs: number;
  readonly slotMs: number;
  readonly upMs: number;
  readonly came: number;
  readonly finished: number;
  readonly heldMs: number;
}
