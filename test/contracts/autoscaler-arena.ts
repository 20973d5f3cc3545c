/**
 * A fleet under random load for the laws of autoscalers: utilisation wanders, so that alarms have rows of points to go
 * by; servers start, are ready an interval later, now and then fail their checks or miss a scrape; totals grow as they
 * do in servers. The fleet follows what is decided.
 */
import { emptyReport, copyReport, type MutableLoadReport } from '../../src/core/load-report.ts';
import { sequential } from '../../src/core/rng.ts';
import { NEVER } from '../../src/core/units.ts';
import type {
  Autoscaler,
  Decision,
  Load,
  ServerLoad,
} from '../../src/policies/autoscaler/autoscaler.ts';

const SLOTS = 8;

interface Settings {
  /** Report objects are used again, as a fleet does. */
  readonly overwrite?: boolean;
  /** Somebody else changes the size at times. */
  readonly pushes?: boolean;
}

interface Server {
  readonly id: number;
  readonly startedAt: number;
  readyAt: number | null;
  healthy: boolean;
  readonly totals: { busyMs: number; finished: number };
  report: MutableLoadReport | null;
  reportedAt: number;
  previous: MutableLoadReport | null;
  previousAt: number;
}

export type Decided = Decision & { readonly had: number };

export class FleetOfChance {
  readonly #scaler: Autoscaler;
  readonly #settings: Settings;
  readonly #chance = sequential(1, 'load');
  readonly #step: number;
  #now = 0;
  #level = 0.5;
  #servers: Server[] = [];
  #nextId = 0;

  constructor(scaler: Autoscaler, settings: Settings = {}) {
    this.#scaler = scaler;
    this.#settings = settings;
    this.#step = scaler.every === NEVER ? 15_000 : scaler.every;
    this.#follow(4);
    for (const server of this.#servers) Object.assign(server, { readyAt: 0, healthy: true });
  }

  live(decisions: number, { silent = false } = {}): Decided[] {
    return Array.from({ length: decisions }, () => this.#turn(silent));
  }

  #turn(silent: boolean): Decided {
    this.#now += this.#step;
    const uniform = () => this.#chance.next();
    this.#level = Math.min(1, Math.max(0, this.#level + 0.4 * (uniform() - 0.5)));
    if (this.#settings.pushes === true && uniform() < 0.05) this.#follow(this.#chance.below(30));
    for (const server of this.#servers) {
      server.readyAt ??= server.startedAt < this.#now - this.#step / 2 ? this.#now : null;
      server.healthy = server.readyAt !== null && uniform() < 0.97;
      if (server.readyAt !== null) this.#work(server, silent || uniform() < 0.05);
    }
    const had = this.#servers.length;
    const decision = this.#scaler.decide(this.#now, this.#load(silent));
    this.#follow(decision.desired);
    return { ...decision, had };
  }

  #work(server: Server, mute: boolean): void {
    const share = Math.min(1, this.#level * (0.8 + 0.4 * this.#chance.next()));
    server.totals.busyMs += share * SLOTS * this.#step;
    server.totals.finished += Math.round((share * SLOTS * this.#step) / 120);
    const queued = Math.floor(20 * this.#level ** 4);
    if (mute) return;
    const said = { ...emptyReport(), ...server.totals, busy: Math.round(share * SLOTS), queued };
    const spare = this.#settings.overwrite === true ? server.previous : null;
    server.previous = server.report;
    server.previousAt = server.reportedAt;
    server.report = spare ?? emptyReport();
    copyReport({ ...said, slots: SLOTS, latencyMs: 120 }, server.report);
    server.reportedAt = this.#now;
  }

  #follow(size: number): void {
    while (this.#servers.length < size)
      this.#servers.push({
        id: this.#nextId++,
        startedAt: this.#now,
        readyAt: null,
        healthy: false,
        totals: { busyMs: 0, finished: 0 },
        report: null,
        reportedAt: -Infinity,
        previous: null,
        previousAt: -Infinity,
      });
    this.#servers.length = size;
  }

  /** Where servers are silent the balancer's own numbers say: not enough. */
  #load(silent: boolean): Load {
    const ready = this.#servers.filter(({ readyAt }) => readyAt !== null).length;
    const busy = silent ? 1 : this.#level;
    const requestsPerSecond = 60 * busy * this.#servers.length;
    const inFlight = Math.floor(12 * busy * this.#servers.length);
    return {
      servers: this.#servers.length,
      ready,
      latencyMsMean: this.#chance.next() < 0.1 ? null : 3000 * this.#level ** 4,
      requestsPerSecond,
      errorRate: this.#chance.next() ** 4,
      active: inFlight,
      concurrencyMean: inFlight,
      waiting: Math.floor(10 * busy ** 4),
      queued: this.#chance.next() < 0.1 ? null : Math.floor(100 * this.#level ** 2),
      members: this.#servers.map((server): ServerLoad => ({
        ...server,
        phase: server.readyAt === null ? 'starting' : 'ready',
        inFlight: Math.floor(12 * busy),
      })),
    };
  }
}
