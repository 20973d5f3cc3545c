/**
 * A journal of the door: every fact a fleet was told and every intention it stated, in order, one JSON object a line. The
 * first line says how the fleet was made; a last line `{"t":"end"}` says that nothing is missing. A fleet is a function
 * of its options and its facts, so whoever feeds the facts to a fresh one must get the same intentions: see replay.ts.
 */
import type { Failure, Outcome } from '../core/outcome.ts';
import type { Request, ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { LoadReport } from '../core/load-report.ts';
import type { CallId, Facts } from '../fleet/facts.ts';
import type { Call, FleetNote, Intentions } from '../fleet/intentions.ts';
import { PassingFacts, PassingIntentions } from '../fleet/passing.ts';
import type { Inputs, Setup } from '../scenario/scenario.ts';

export const JOURNAL_FORMAT = 'windtunnel/journal';
export const JOURNAL_VERSION = 1;

/** What a fresh fleet is made from. */
export interface JournalHead {
  /** The scenario's name. */
  readonly scenario: string;
  readonly contender: string;
  readonly setup: Setup;
  readonly inputs: Inputs;
  readonly seed: number;
}

/** Takes a line, without its end. */
export type WriteLine = (line: string) => void;

/** Infinity has no JSON; it travels as this text, which no setting has as a value. */
const INFINITY = 'Infinity';

export const headLine = (head: JournalHead): string =>
  JSON.stringify(
    { format: JOURNAL_FORMAT, version: JOURNAL_VERSION, ...head },
    (_key, value: unknown) => {
      if (value === Infinity) return INFINITY;
      return value instanceof Float64Array ? { floats: [...value] } : value;
    },
  );

/** Null when the line is no head of a journal that this version can read. */
export const parseHead = (line: string): JournalHead | null => {
  try {
    const head = JSON.parse(line, (_key, value: unknown) => {
      if (value === INFINITY) return Infinity;
      const floats = (value as { floats?: unknown } | null)?.floats;
      return Array.isArray(floats) ? Float64Array.from(floats as number[]) : value;
    }) as JournalHead & { readonly format?: unknown; readonly version?: unknown };
    const ours = head.format === JOURNAL_FORMAT && head.version === JOURNAL_VERSION;
    return ours && typeof head.seed === 'number' && typeof head.setup === 'object' ? head : null;
  } catch {
    return null;
  }
};

export const END_LINE = '{"t":"end"}';

export class Journal {
  readonly #write: WriteLine;
  readonly #numbers = new WeakMap<Request, number>();
  #requests = 0;

  constructor(write: WriteLine) {
    this.#write = write;
  }

  /** The door into a fleet, written down. */
  facts(fleet: Facts): Facts {
    return new JournaledFacts(this, fleet);
  }

  /** The door out to a world, written down. */
  intentions(world: Intentions): Intentions {
    return new JournaledIntentions(this, world);
  }

  fact(kind: keyof Facts, now: Millis, rest: object): void {
    this.#write(JSON.stringify({ t: 'fact', kind, now, ...rest }));
  }

  intention(kind: keyof Intentions, now: Millis, rest: object): void {
    this.#write(JSON.stringify({ t: 'intention', kind, now, ...rest }));
  }

  /** Requests are named by the order of their arrival: a client's own numbers may come twice. */
  number(request: Request): number {
    let number = this.#numbers.get(request);
    if (number === undefined) this.#numbers.set(request, (number = this.#requests++));
    return number;
  }
}

class JournaledFacts extends PassingFacts {
  readonly #journal: Journal;

  constructor(journal: Journal, fleet: Facts) {
    super(fleet);
    this.#journal = journal;
  }

  override opened(now: Millis): void {
    this.#journal.fact('opened', now, {});
    this.next.opened(now);
  }

  override arrived(now: Millis, request: Request): void {
    const { arrival, call, kind, tool, safe, era, session, key, at } = request;
    const plain = { arrival, call, kind, tool, safe, era, session, key, at };
    this.#journal.fact('arrived', now, { n: this.#journal.number(request), request: plain });
    this.next.arrived(now, request);
  }

  override began(now: Millis, call: CallId): void {
    this.#journal.fact('began', now, { call });
    this.next.began(now, call);
  }

  override answered(now: Millis, call: CallId, outcome: Outcome): void {
    this.#journal.fact('answered', now, { call, outcome });
    this.next.answered(now, call, outcome);
  }

  override left(now: Millis, request: Request): void {
    this.#journal.fact('left', now, { n: this.#journal.number(request) });
    this.next.left(now, request);
  }

  override closed(now: Millis, session: number): void {
    this.#journal.fact('closed', now, { session });
    this.next.closed(now, session);
  }

  override probed(now: Millis, server: ServerId, ok: boolean): void {
    this.#journal.fact('probed', now, { server, ok });
    this.next.probed(now, server, ok);
  }

  override reported(now: Millis, server: ServerId, report: LoadReport): void {
    this.#journal.fact('reported', now, { server, report });
    this.next.reported(now, server, report);
  }

  override started(now: Millis, server: ServerId): void {
    this.#journal.fact('started', now, { server });
    this.next.started(now, server);
  }

  override exited(now: Millis, server: ServerId): void {
    this.#journal.fact('exited', now, { server });
    this.next.exited(now, server);
  }

  override woke(now: Millis): void {
    this.#journal.fact('woke', now, {});
    this.next.woke(now);
  }
}

class JournaledIntentions extends PassingIntentions {
  readonly #journal: Journal;

  constructor(journal: Journal, world: Intentions) {
    super(world);
    this.#journal = journal;
  }

  override send(now: Millis, call: Call): void {
    const { id, server, attempt } = call;
    const n = this.#journal.number(call.request);
    this.#journal.intention('send', now, { call: id, server, attempt, n });
    this.next.send(now, call);
  }

  override abandon(now: Millis, call: Call, because: 'timeout' | 'cancelled'): void {
    this.#journal.intention('abandon', now, { call: call.id, because });
    this.next.abandon(now, call, because);
  }

  override withhold(now: Millis, request: Request, because: Failure): void {
    this.#journal.intention('withhold', now, { n: this.#journal.number(request), because });
    this.next.withhold(now, request, because);
  }

  override probe(now: Millis, server: ServerId, timeout: Millis): void {
    this.#journal.intention('probe', now, { server, timeout });
    this.next.probe(now, server, timeout);
  }

  override ask(now: Millis, server: ServerId): void {
    this.#journal.intention('ask', now, { server });
    this.next.ask(now, server);
  }

  override start(now: Millis, server: ServerId): void {
    this.#journal.intention('start', now, { server });
    this.next.start(now, server);
  }

  override stop(now: Millis, server: ServerId): void {
    this.#journal.intention('stop', now, { server });
    this.next.stop(now, server);
  }

  override wakeAt(now: Millis, at: Millis): void {
    this.#journal.intention('wakeAt', now, { at });
    this.next.wakeAt(now, at);
  }

  override reply(now: Millis, request: Request, outcome: Outcome): void {
    this.#journal.intention('reply', now, { n: this.#journal.number(request), outcome });
    this.next.reply(now, request, outcome);
  }

  override note(note: FleetNote): void {
    this.#journal.intention('note', note.at, { note });
    this.next.note(note);
  }
}
