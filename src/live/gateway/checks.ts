/**
 * How servers are looked at over HTTP: health checks, and scrapes of their load, which are health checks that decide
 * nothing. What a check says of a server is written down beside it, and a check that cannot be right is complained of.
 */
import { serverName, type ServerId } from '../../core/request.ts';
import type { LoadReport } from '../../core/load-report.ts';
import type { Millis } from '../../core/units.ts';
import type { Distance } from './distance.ts';
import type { Log } from './log.ts';
import { probe, type ProbeKind, type ProbeResult } from './probe.ts';
import type { Listed, Roster } from './roster.ts';

export interface CheckOptions {
  readonly probe: ProbeKind;
  /** The network that lies between, beyond that of the machine; null for none. */
  readonly distance: Distance | null;
  readonly log: Log;
}

/** Where a server that is checked in another way may yet tell its load. */
const DEFAULT_HEALTH = '/health';
/** A report that takes longer is of the past. */
const SCRAPE_MS = 5000;

export class Checks {
  readonly #roster: Roster;
  readonly #options: CheckOptions;

  constructor(roster: Roster, options: CheckOptions) {
    this.#roster = roster;
    this.#options = options;
  }

  /** A health check; `done` is told once, after `timeout` at the latest. */
  check(server: ServerId, timeout: Millis, done: (result: ProbeResult) => void): void {
    const listed = this.#roster.all[server]!;
    this.#probe(listed, this.#options.probe, timeout, (result) => {
      this.#checked(listed, result);
      done(result);
    });
  }

  /** Asks for the load alone; `told` hears of it if it comes. */
  scrape(server: ServerId, told: (report: LoadReport) => void): void {
    const listed = this.#roster.all[server]!;
    const { probe: configured } = this.#options;
    const path = configured.startsWith('/') ? configured : DEFAULT_HEALTH;
    if (listed.upstream === null) return;
    this.#probe(listed, path, SCRAPE_MS, ({ report }) => {
      if (report !== null) told(report);
    });
  }

  /** Health checks as they would be made, for what they say about the configuration. */
  rehearse(timeout: Millis): void {
    for (const listed of this.#roster.all) {
      probe(listed.upstream!, this.#options.probe, timeout, (result) =>
        this.#checked(listed, result),
      );
    }
  }

  #probe(
    listed: Listed,
    kind: ProbeKind,
    timeout: Millis,
    done: (result: ProbeResult) => void,
  ): void {
    const { distance } = this.#options;
    if (distance === null) probe(listed.upstream!, kind, timeout, done);
    else distance.probe(() => listed.upstream!, kind, timeout, done);
  }

  #checked(listed: Listed, { ok, error, report, status }: ProbeResult): void {
    const { log, probe: kind } = this.#options;
    const first = listed.checkedAt === null;
    listed.checkedAt = Date.now();
    if (report !== null) listed.queued = report.queued;
    if (ok) return;
    listed.lastError = error;
    if (!first || (status !== 404 && status !== 405)) return;
    const url = listed.upstream!.url.href;
    log.warn(
      { server: serverName(listed.id), url, probe: kind, status },
      `${url} has no health check at ${kind}: it answers ${status}. It will be taken for down. ` +
        'Say `health: { probe: tcp }` or `health: { probe: discover }` (modern servers), or name its path',
    );
  }
}
