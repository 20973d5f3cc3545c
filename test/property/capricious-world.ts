/**
 * A world that does as it likes within the contract of the door: it answers calls in any order with any outcome, starts
 * servers late, breaks off sessions, and may wake the fleet late, as a real clock does. It asserts at every intention what
 * no fleet may ever want, and keeps a journal of the facts it told and a log of the intentions it heard.
 */
import { invariant } from '../../src/core/invariant.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Request, ServerId } from '../../src/core/request.ts';
import { NEVER, type Millis } from '../../src/core/units.ts';
import type { Facts } from '../../src/fleet/facts.ts';
import type { Call, FleetNote, Intentions } from '../../src/fleet/intentions.ts';
import type { WatchedPolicies } from './watched-fleet.ts';

/** A fact as data, for the journal; a request in it is a copy, as the fleet writes into the one it is told. */
export interface ToldFact {
  readonly now: Millis;
  readonly fact: keyof Facts;
  readonly about: readonly unknown[];
}

interface OpenCall extends Pick<Call, 'id' | 'server' | 'request' | 'attempt' | 'sentAt'> {
  begun: boolean;
}

/** Writes intentions down, a line each. */
export class IntentionLog implements Intentions {
  readonly lines: string[] = [];

  send(now: Millis, { id, request, attempt, server }: Call): void {
    this.#add(now, `send ${id} ${nameOf(request)} attempt ${attempt} to ${server}`);
  }

  abandon(now: Millis, { id }: Call, because: string): void {
    this.#add(now, `abandon ${id}: ${because}`);
  }

  withhold(now: Millis, request: Request, because: string): void {
    this.#add(now, `withhold ${nameOf(request)}: ${because}`);
  }

  probe(now: Millis, server: ServerId): void {
    this.#add(now, `probe ${server}`);
  }

  ask(now: Millis, server: ServerId): void {
    this.#add(now, `ask ${server}`);
  }

  start(now: Millis, server: ServerId): void {
    this.#add(now, `start ${server}`);
  }

  stop(now: Millis, server: ServerId): void {
    this.#add(now, `stop ${server}`);
  }

  wakeAt(now: Millis, at: Millis): void {
    this.#add(now, `wake at ${at}`);
  }

  reply(now: Millis, request: Request, outcome: Outcome): void {
    this.#add(now, `reply ${nameOf(request)}: ${outcome}`);
  }

  note({ at, text, because }: FleetNote): void {
    this.#add(at, `note ${text}: ${because}`);
  }

  #add(now: Millis, what: string): void {
    this.lines.push(`${now} ${what}`);
  }
}

export class CapriciousWorld implements Intentions {
  facts!: Facts;
  now: Millis = 0;
  alarm: Millis = NEVER;
  readonly calls: OpenCall[] = [];
  /** Requests without a reply. */
  readonly open = new Set<Request>();
  /** Checks to be answered: server and deadline. */
  readonly probes: { readonly server: ServerId; readonly until: Millis }[] = [];
  readonly starting: ServerId[] = [];
  readonly exiting: ServerId[] = [];
  /** Sessions whose handshake was answered, and by whom. */
  readonly sessions = new Map<number, ServerId>();
  readonly journal: ToldFact[] = [];
  readonly heard = new IntentionLog();
  readonly #draining = new Set<ServerId>();
  readonly #gone = new Set<ServerId>();
  readonly #policies: WatchedPolicies;
  readonly #affinity: boolean;

  constructor(policies: WatchedPolicies) {
    this.#policies = policies;
    this.#affinity = policies.options.affinity === 'session';
  }

  /** Tells the fleet a fact at the present instant. */
  tell<Fact extends keyof Facts>(fact: Fact, ...about: Rest<Parameters<Facts[Fact]>>): void {
    this.journal.push({ now: this.now, fact, about: about.map(copied) });
    (this.facts[fact] as (now: Millis, ...about: unknown[]) => void)(this.now, ...about);
  }

  arrive(request: Request): void {
    this.open.add(request);
    this.tell('arrived', request);
  }

  /** Takes a call out and answers it. */
  answer(call: OpenCall, outcome: Outcome): void {
    this.calls.splice(this.calls.indexOf(call), 1);
    const { request, server } = call;
    if (request.kind === 'initialize' && outcome === 'ok')
      this.sessions.set(request.session, server);
    this.tell('answered', call.id, outcome);
  }

  send(now: Millis, call: Call): void {
    const { id, server, request, attempt, sentAt } = call;
    this.heard.send(now, call);
    invariant(this.open.has(request), 'a call of a request that was replied to');
    invariant(!this.calls.some((other) => other.id === id), 'a call slot was used twice');
    const { hedging, limit, panic } = this.#policies.options;
    const beside = this.calls.filter((other) => other.request === request);
    invariant(beside.length < (hedging?.attempts ?? 1), 'too many attempts at once');
    invariant(beside.length === 0 || request.safe, 'a hedge of a call that is not safe');
    invariant(!beside.some((other) => other.server === server), 'a hedge to the same server');
    const there = this.calls.filter((other) => other.server === server).length;
    invariant(there < (limit?.make().limit() ?? Infinity), 'a call beyond the limit');
    invariant(!this.#gone.has(server), 'a call for a server that is gone');
    invariant(!this.starting.includes(server), 'a call for a server that is not up');
    const healthy = this.#policies.healths[server]!.healthy(now);
    invariant(panic > 0 || healthy, 'a call for a server that is down');
    const pinned = this.#affinity && this.sessions.get(request.session) === server;
    invariant(pinned || !this.#draining.has(server), 'new work for a server that drains');
    this.calls.push({ id, server, request, attempt, sentAt, begun: false });
  }

  abandon(now: Millis, call: Call, because: string): void {
    this.heard.abandon(now, call, because);
    const index = this.calls.findIndex((other) => other.id === call.id);
    invariant(index >= 0 || this.#beingAnswered(call), 'gave up on a call that is not there');
    if (index >= 0) this.calls.splice(index, 1);
  }

  withhold(now: Millis, request: Request, because: string): void {
    this.heard.withhold(now, request, because);
    invariant(this.open.has(request), 'withheld a request that was replied to');
  }

  probe(now: Millis, server: ServerId, timeout: Millis): void {
    this.heard.probe(now, server);
    invariant(!this.#gone.has(server), 'a check of a server that is gone');
    invariant(!this.probes.some((other) => other.server === server), 'two checks at once');
    this.probes.push({ server, until: now + timeout });
  }

  ask(now: Millis, server: ServerId): void {
    this.heard.ask(now, server);
    invariant(!this.#gone.has(server), 'asked a server that is gone');
  }

  start(now: Millis, server: ServerId): void {
    this.heard.start(now, server);
    this.starting.push(server);
  }

  stop(now: Millis, server: ServerId): void {
    this.heard.stop(now, server);
    invariant(!this.#gone.has(server), 'stopped twice');
    this.#gone.add(server);
    this.exiting.push(server);
    const index = this.starting.indexOf(server);
    if (index >= 0) this.starting.splice(index, 1);
  }

  wakeAt(now: Millis, at: Millis): void {
    this.heard.wakeAt(now, at);
    this.alarm = at;
  }

  reply(now: Millis, request: Request, outcome: Outcome): void {
    this.heard.reply(now, request, outcome);
    invariant(this.open.delete(request), 'replied twice, or to nobody');
    invariant(
      !this.calls.some((call) => call.request === request),
      'replied with a call in flight',
    );
  }

  note(note: FleetNote): void {
    this.heard.note(note);
    if (note.state === 'draining') this.#draining.add(note.server!);
  }

  /** The earliest thing that an outsider knows the fleet must not sleep through. */
  earliestDue(): Millis {
    const { timeout } = this.#policies.options;
    const deadlines = this.calls.map(({ sentAt }) => sentAt + timeout);
    const circuits = this.#policies.breakers.map((breaker, server) =>
      this.#gone.has(server) ? NEVER : breaker.wakeAt(this.now),
    );
    return Math.min(NEVER, ...deadlines, ...circuits);
  }

  /** Answered this very moment: its deadline came first. */
  #beingAnswered({ id }: Call): boolean {
    const last = this.journal.at(-1)!;
    return last.fact === 'answered' && last.about[0] === id;
  }
}

type Rest<Told extends readonly unknown[]> = Told extends readonly [unknown, ...infer About]
  ? About
  : [];

export const isRequest = (about: unknown): about is Request =>
  typeof about === 'object' && about !== null && 'arrival' in about;

const copied = (about: unknown): unknown => (isRequest(about) ? { ...about, account: -1 } : about);

const nameOf = ({ arrival, call, session }: Request): string => `${arrival}.${call}/${session}`;
