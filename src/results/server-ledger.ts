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

export class ServerLedger {
  readonly #from: Millis;
  readonly #to: Millis;
  /** Columns by server id. */
  #sent = new Float64Array(64);
  #failed = new Float64Array(64);
  #waits = new Float64Array(64);
  #waitsMs = new Float64Array(64);
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
    if (server >= this.#sent.length) this.#widen(server);
    this.#sent[server]!++;
  }

  failed(server: ServerId): void {
    this.#failed[server]!++;
  }

  waited(now: Millis, server: ServerId, waitedMs: Millis): void {
    if (now < this.#from || now >= this.#to) return;
    if (server >= this.#waits.length) this.#widen(server);
    this.#waits[server]!++;
    this.#waitsMs[server]! += waitedMs;
    this.#waited++;
    this.#waitedMs += waitedMs;
    this.#waitTimes.record(waitedMs);
  }

  /** Waits in the measured time that somebody else has counted. */
  addWaits(server: ServerId, waits: number, waitedMs: Millis, counts: Uint32Array): void {
    if (server >= this.#waits.length) this.#widen(server);
    this.#waits[server]! += waits;
    this.#waitsMs[server]! += waitedMs;
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
      const sent = this.#sent[totals.id] ?? 0;
      const waits = this.#waits[totals.id] ?? 0;
      return {
        name: serverName(totals.id),
        group: totals.group,
        attempts: sent,
        errorRate: sent === 0 ? 0 : this.#failed[totals.id]! / sent,
        utilisation: span.slotMs > 0 ? span.busyMs / span.slotMs : null,
        waitMsMean: waits > 0 ? this.#waitsMs[totals.id]! / waits : null,
        readySeconds: span.upMs / 1000,
        breakerOpens: chronicle.opensOf(totals.id),
        ejections: chronicle.ejectionsOf(totals.id),
      };
    });
  }

  #widen(server: ServerId): void {
    const widened = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const wider = new Float64Array(Math.max(2 * old.length, server + 1));
      wider.set(old);
      return wider;
    };
    this.#sent = widened(this.#sent);
    this.#failed = widened(this.#failed);
    this.#waits = widened(this.#waits);
    this.#waitsMs = widened(this.#waitsMs);
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
