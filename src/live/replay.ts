/**
 * Feeds the facts of a journal to a fresh fleet, which keeps a journal of its own: the two must be the same, line by line.
 * Where they are not, the fleet depends on something besides its options and its facts, or has become another one.
 */
import type { Outcome } from '../core/outcome.ts';
import type { Request } from '../core/request.ts';
import type { LoadReport } from '../core/load-report.ts';
import type { CallId, Facts } from '../fleet/facts.ts';
import type { Intentions } from '../fleet/intentions.ts';
import { END_LINE, Journal } from './journal.ts';

export interface Difference {
  /** Line of the journal, from 1; the one after the last where the replay says more. */
  readonly line: number;
  /** What the journal says there; null when it says nothing more. */
  readonly recorded: string | null;
  /** What the replay says; null when it says nothing more. */
  readonly replayed: string | null;
}

/** A line that no journal has. */
export class BadJournal extends Error {
  override readonly name = 'BadJournal';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export class Replay {
  facts = 0;
  intentions = 0;
  /** The journal ended in good order. */
  whole = false;
  /** Line of the journal that was taken last; the head is line 1. */
  #line = 1;
  readonly #fleet: Facts;
  readonly #requests = new Map<number, Request>();
  /** What the fleet has stated and the journal has not confirmed yet. */
  readonly #stated: string[] = [];

  constructor(makeFleet: (out: Intentions) => Facts) {
    const journal = new Journal((line) => this.#stated.push(line));
    this.#fleet = journal.facts(makeFleet(journal.intentions(NOWHERE)));
  }

  /** Takes the next line; answers the first difference, if this is it. Throws BadJournal. */
  take(line: string): Difference | null {
    this.#line++;
    if (line === END_LINE) {
      this.whole = true;
      return this.#unsaid();
    }
    const entry = this.#parse(line);
    if (entry.t === 'fact') {
      const missing = this.#unsaid();
      if (missing !== null) return missing;
      this.facts++;
      this.#tell(entry);
      // What it wrote down of the fact itself.
      const [echo] = this.#stated.splice(0, 1);
      return echo === line ? null : this.#difference(line, echo ?? null);
    }
    this.intentions++;
    if (entry.kind === 'reply') this.#requests.delete(entry.n!);
    const stated = this.#stated.shift() ?? null;
    return stated === line ? null : this.#difference(line, stated);
  }

  #unsaid(): Difference | null {
    const [stated] = this.#stated;
    return stated === undefined ? null : this.#difference(null, stated);
  }

  #difference(recorded: string | null, replayed: string | null): Difference {
    return { line: this.#line, recorded, replayed };
  }

  #parse(line: string): Entry {
    try {
      const entry = JSON.parse(line) as Entry;
      if (entry.t === 'fact' || entry.t === 'intention') return entry;
    } catch {
      // Told below.
    }
    throw new BadJournal(this.#line, 'this is no line of a journal');
  }

  #request(n: number): Request {
    const request = this.#requests.get(n);
    if (request !== undefined) return request;
    throw new BadJournal(this.#line, `no request ${n} is in flight`);
  }

  #tell(entry: Entry): void {
    const { now } = entry;
    const fleet = this.#fleet;
    switch (entry.kind) {
      case 'opened':
        fleet.opened(now);
        break;
      case 'arrived': {
        const request: Request = { ...entry.request!, account: -1 };
        this.#requests.set(entry.n!, request);
        fleet.arrived(now, request);
        break;
      }
      case 'began':
        fleet.began(now, entry.call!);
        break;
      case 'answered':
        fleet.answered(now, entry.call!, entry.outcome!);
        break;
      case 'left':
        fleet.left(now, this.#request(entry.n!));
        break;
      case 'closed':
        fleet.closed(now, entry.session!);
        break;
      case 'probed':
        fleet.probed(now, entry.server!, entry.ok!);
        break;
      case 'reported':
        fleet.reported(now, entry.server!, entry.report!);
        break;
      case 'started':
        fleet.started(now, entry.server!);
        break;
      case 'exited':
        fleet.exited(now, entry.server!);
        break;
      case 'woke':
        fleet.woke(now);
        break;
      default:
        throw new BadJournal(this.#line, `there is no fact \`${entry.kind}\``);
    }
  }
}

/** A line of a journal: the fields that its kind has. */
interface Entry {
  readonly t: 'fact' | 'intention';
  readonly kind: string;
  readonly now: number;
  readonly n?: number;
  readonly request?: Omit<Request, 'account'>;
  readonly call?: CallId;
  readonly outcome?: Outcome;
  readonly session?: number;
  readonly server?: number;
  readonly ok?: boolean;
  readonly report?: LoadReport;
}

const NOWHERE: Intentions = {
  send: () => {},
  abandon: () => {},
  withhold: () => {},
  probe: () => {},
  ask: () => {},
  start: () => {},
  stop: () => {},
  wakeAt: () => {},
  reply: () => {},
  note: () => {},
};
