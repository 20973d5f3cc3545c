/**
 * What the gateway measures of itself, for Prometheus: names and units by its conventions (seconds, `_total`), labels of few
 * values only. Counts are taken as things happen; gauges are read when somebody asks.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../../core/outcome.ts';
import { serverName } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { Call, FleetNote } from '../../fleet/intentions.ts';
import type { Exchange } from './exchange.ts';
import type { Watch } from './live-world.ts';
import { labelOf } from './methods.ts';
import type { Listed, Roster } from './roster.ts';
import type { SessionNames } from './session-names.ts';

/** From a cache hit to a long tool, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;

export class Meters implements Watch {
  readonly registry = new Registry();
  readonly #requests: Counter<'tool' | 'outcome'>;
  readonly #seconds: Histogram<'tool'>;
  readonly #attempts: Counter<'server'>;
  readonly #retries: Counter;
  readonly #scaled: Counter<'direction'>;
  readonly #tripped: Counter<'server'>;
  readonly #ejected: Counter<'server'>;

  constructor() {
    const registers = [this.registry];
    this.#requests = new Counter({
      name: 'windtunnel_requests_total',
      help: 'Requests answered, by tool (or method) and outcome.',
      labelNames: ['tool', 'outcome'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'windtunnel_request_duration_seconds',
      help: 'From the arrival of a request to the last byte of its answer, by tool (or method).',
      labelNames: ['tool'],
      buckets: BUCKETS,
      registers,
    });
    this.#attempts = new Counter({
      name: 'windtunnel_attempts_total',
      help: 'Calls sent to each server, retries included.',
      labelNames: ['server'],
      registers,
    });
    this.#retries = new Counter({
      name: 'windtunnel_retries_total',
      help: 'Calls that were another attempt of a request.',
      registers,
    });
    this.#scaled = new Counter({
      name: 'windtunnel_scale_events_total',
      help: 'Decisions of the autoscaler, by direction (up, down).',
      labelNames: ['direction'],
      registers,
    });
    this.#tripped = new Counter({
      name: 'windtunnel_breaker_opens_total',
      help: 'How often the breaker of a server opened.',
      labelNames: ['server'],
      registers,
    });
    this.#ejected = new Counter({
      name: 'windtunnel_ejections_total',
      help: 'How often a server was taken out: by health checks, or as an outlier.',
      labelNames: ['server'],
      registers,
    });
  }

  /** Adds the gauges of a gateway. */
  observe(roster: Roster, sessions: SessionNames): void {
    this.#gauge('windtunnel_in_flight', 'Calls at each server now.', roster, inFlightOf);
    this.#gauge('windtunnel_streams', 'Open streams at each server.', roster, streamsOf);
    this.#gauge('windtunnel_server_healthy', '1 if a server is healthy.', roster, healthyOf);
    this.#breakers(roster);
    new Gauge({
      name: 'windtunnel_sessions',
      help: 'Legacy sessions pinned to each server.',
      labelNames: ['server'],
      registers: [this.registry],
      collect() {
        const counts = sessions.countByServer();
        this.reset();
        for (const { id } of present(roster))
          this.set({ server: serverName(id) }, counts.get(id) ?? 0);
      },
    });
  }

  sent(call: Call): void {
    this.#attempts.inc({ server: serverName(call.server) });
    if (call.attempt > 0) this.#retries.inc();
  }

  replied({ label }: Exchange, outcome: Outcome, tookMs: Millis): void {
    this.#answered(label, outcome, tookMs);
  }

  /** A request of this method that went past the fleet. */
  passed(method: string, outcome: Outcome, tookMs: Millis): void {
    this.#answered(labelOf(method), outcome, tookMs);
  }

  #answered(tool: string, outcome: Outcome, tookMs: Millis): void {
    this.#requests.inc({ tool, outcome });
    this.#seconds.observe({ tool }, tookMs / 1000);
  }

  noted({ kind, server, state, scaled }: FleetNote): void {
    if (scaled !== undefined)
      this.#scaled.inc({ direction: scaled.to > scaled.from ? 'up' : 'down' });
    if (server === null) return;
    if (state === 'open') this.#tripped.inc({ server: serverName(server) });
    if (kind === 'health' && state === 'unhealthy')
      this.#ejected.inc({ server: serverName(server) });
  }

  #gauge(name: string, help: string, roster: Roster, valueOf: (listed: Listed) => number): void {
    new Gauge({
      name,
      help,
      labelNames: ['server'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const listed of present(roster))
          this.set({ server: serverName(listed.id) }, valueOf(listed));
      },
    });
  }

  #breakers(roster: Roster): void {
    new Gauge({
      name: 'windtunnel_breaker_state',
      help: '1 for the state that the breaker of a server is in, 0 for the others.',
      labelNames: ['server', 'state'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { id, breaker } of present(roster)) {
          for (const state of BREAKER_STATES)
            this.set({ server: serverName(id), state }, state === breaker ? 1 : 0);
        }
      },
    });
  }
}

const present = (roster: Roster): readonly Listed[] =>
  roster.all.filter(({ phase }) => phase !== 'gone');

const inFlightOf = ({ upstream }: Listed): number => upstream?.inFlight ?? 0;
const streamsOf = ({ upstream }: Listed): number => upstream?.streams ?? 0;
const healthyOf = ({ healthy, phase }: Listed): number => (healthy && phase !== 'starting' ? 1 : 0);
