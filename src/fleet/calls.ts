/**
 * Requests and their attempts: an account a request, a call slot an attempt, both pooled. An attempt is settled once, by
 * its answer, its deadline or its client; a failure is tried again while attempts are left, if the request is safe to
 * repeat or the server has not touched it. Another attempt goes to a server not tried before, if there is one.
 */
import { invariant } from '../core/invariant.ts';
import { isFailure, isUntouched, type Outcome } from '../core/outcome.ts';
import type { Request, ServerId } from '../core/request.ts';
import { NEVER, type Millis } from '../core/units.ts';
import { NOBODY } from '../policies/balancer/balancer.ts';
import type { Permit } from '../policies/breaker/breaker.ts';
import type { CallId } from './facts.ts';
import type { Call, Intentions } from './intentions.ts';
import type { Members } from './members.ts';
import type { FleetOptions } from './options.ts';
import type { Scaling } from './scaling.ts';
import type { Sessions } from './sessions.ts';
import { TIMER, type Timers } from './timers.ts';

const NONE = -1;
/** Tried servers that a request remembers; with unlimited attempts the list must end somewhere. */
const REMEMBERED = 8;

class CallSlot implements Call {
  request!: Request;
  server: ServerId = NONE;
  attempt = 0;
  sentAt: Millis = 0;
  account = NONE;
  permit: Permit = 0;
  /** Sequence of its deadline; NONE when it has none or is settled. */
  deadline = NONE;
  /** Grows each time the slot is freed. */
  serial = 0;
  readonly id: CallId;

  constructor(id: CallId) {
    this.id = id;
  }
}

class Account {
  request!: Request;
  attempts = 0;
  call = NONE;
  /** The reply has begun: no further attempt. */
  begun = false;
  /** Sequence of the timer of its next attempt; NONE when it waits for none. */
  retry = NONE;
  readonly tried: ServerId[] = [];
}

export class Calls {
  /** Requests without a reply yet. */
  inFlight = 0;
  readonly #options: FleetOptions;
  readonly #members: Members;
  readonly #sessions: Sessions;
  readonly #scaling: Scaling;
  readonly #timers: Timers;
  readonly #out: Intentions;
  readonly #slots: CallSlot[] = [];
  readonly #freeSlots: CallId[] = [];
  readonly #accounts: Account[] = [];
  readonly #freeAccounts: number[] = [];
  /** Scratch: servers out of the pick that is being made. */
  readonly #aside: ServerId[] = [];

  constructor(
    options: FleetOptions,
    members: Members,
    sessions: Sessions,
    scaling: Scaling,
    timers: Timers,
    out: Intentions,
  ) {
    this.#options = options;
    this.#members = members;
    this.#sessions = sessions;
    this.#scaling = scaling;
    this.#timers = timers;
    this.#out = out;
  }

  /** Identity of the call now in a slot: it has changed if the call was settled meanwhile. */
  serial(call: CallId): number {
    return this.#slots[call]!.serial;
  }

  /** Does this deadline still count? */
  readonly live = (call: CallId, sequence: number): boolean =>
    this.#slots[call]!.deadline === sequence;

  /** Time since the arrivals of requests without a reply, summed, by a walk over all accounts. */
  ages(now: Millis): Millis {
    let ages = 0;
    for (const [id, { request }] of this.#accounts.entries()) {
      if (request.account === id) ages += now - request.at;
    }
    return ages;
  }

  open(now: Millis, request: Request): void {
    const id = this.#freeAccounts.pop() ?? this.#accounts.push(new Account()) - 1;
    const account = this.#accounts[id]!;
    account.request = request;
    account.attempts = 0;
    account.begun = false;
    account.tried.length = 0;
    request.account = id;
    this.inFlight++;
    this.#attempt(now, id, account);
  }

  begun(call: CallId): void {
    this.#accounts[this.#slots[call]!.account]!.begun = true;
  }

  answered(now: Millis, call: CallId, outcome: Outcome): void {
    this.#settle(now, this.#slots[call]!, outcome);
  }

  expired(now: Millis, call: CallId, sequence: number): void {
    if (!this.live(call, sequence)) return;
    const slot = this.#slots[call]!;
    this.#out.abandon(now, slot, 'timeout');
    this.#settle(now, slot, 'timeout');
  }

  retry(now: Millis, account: number, sequence: number): void {
    const waiting = this.#accounts[account]!;
    if (waiting.retry !== sequence) return;
    waiting.retry = NONE;
    this.#attempt(now, account, waiting);
  }

  /** The client went away: its call is given up, and nobody is to blame. */
  left(now: Millis, request: Request): void {
    const account = this.#accounts[request.account];
    if (account?.request !== request) return;
    if (account.call !== NONE) {
      const slot = this.#slots[account.call]!;
      this.#out.abandon(now, slot, 'cancelled');
      this.#settle(now, slot, 'cancelled');
    } else this.#close(now, request.account, account, 'cancelled');
  }

  #attempt(now: Millis, id: number, account: Account): void {
    const { request } = account;
    const target = this.#choose(now, account);
    if (typeof target === 'string') {
      account.attempts++;
      this.#out.withhold(now, request, target);
      this.#conclude(now, id, account, target);
      return;
    }
    const member = this.#members.all[target]!;
    invariant(
      member.phase === 'ready' || member.phase === 'draining',
      'fleet: a call for a server that is not up',
    );
    invariant(member.takes(now), 'fleet: a call for a server that is down or open');
    const slot = this.#slots[this.#freeSlots.pop() ?? this.#newSlot()]!;
    slot.request = request;
    slot.server = target;
    slot.attempt = account.attempts++;
    slot.sentAt = now;
    slot.account = id;
    slot.permit = this.#members.sent(now, member);
    if (this.#options.timeout < NEVER)
      slot.deadline = this.#timers.deadline(now + this.#options.timeout, slot.id);
    account.call = slot.id;
    if (this.#options.attempts > 1) this.#remember(account, target);
    this.#out.send(now, slot);
    if (this.#options.balancer.polls) this.#poll(now);
  }

  /** A server, or why there is none. */
  #choose(now: Millis, account: Account): ServerId | 'no-server' | 'circuit-open' | 'session-lost' {
    const { request } = account;
    const pinned = request.session !== 0 && request.era === 'legacy' && request.kind === 'call';
    if (pinned && this.#options.affinity === 'session') return this.#holder(now, request.session);
    const { candidates } = this.#members;
    if (candidates.size === 0) return this.#members.healthyCount > 0 ? 'circuit-open' : 'no-server';
    if (account.tried.length > 0) return this.#untried(now, account);
    return this.#options.balancer.pick(now, request, candidates);
  }

  /** After a pick: whose load the balancer wants to hear of. */
  #poll(now: Millis): void {
    const { balancer } = this.#options;
    for (let server = balancer.poll(now); server !== NOBODY; server = balancer.poll(now))
      this.#out.ask(now, server);
  }

  /** The server of a pinned session, which may be draining: it keeps its sessions until its deadline. */
  #holder(now: Millis, session: number): ServerId | 'no-server' | 'circuit-open' | 'session-lost' {
    const server = this.#sessions.holder(session);
    if (server === undefined) return 'session-lost';
    const member = this.#members.all[server]!;
    if (!member.health.healthy(now)) return 'no-server';
    return member.breaker.admits(now) ? server : 'circuit-open';
  }

  /** Picks with the servers tried before set aside, the last tried first, as long as others are left. */
  #untried(now: Millis, account: Account): ServerId {
    const { candidates } = this.#members;
    const aside = this.#aside;
    aside.length = 0;
    for (let k = account.tried.length - 1; k >= 0 && candidates.size > 1; k--) {
      const server = account.tried[k]!;
      if (!candidates.has(server)) continue;
      this.#members.setAside(now, server);
      aside.push(server);
    }
    const target = this.#options.balancer.pick(now, account.request, candidates);
    for (const server of aside) this.#members.putBack(now, server);
    return target;
  }

  /** Keeps the servers tried in order, the last tried last. */
  #remember({ tried }: Account, server: ServerId): void {
    const before = tried.indexOf(server);
    if (before >= 0) tried.splice(before, 1);
    else if (tried.length === REMEMBERED) tried.shift();
    tried.push(server);
  }

  #settle(now: Millis, slot: CallSlot, outcome: Outcome): void {
    const account = this.#accounts[slot.account]!;
    const member = this.#members.all[slot.server]!;
    const { permit, sentAt, request, server } = slot;
    const id = slot.account;
    this.#release(slot);
    account.call = NONE;
    // Pinned first: a draining server that has just got a session is not idle.
    if (request.kind === 'initialize' && outcome === 'ok' && this.#options.affinity === 'session') {
      this.#sessions.pin(request.session, server);
    }
    this.#members.settled(now, member, permit, outcome, now - sentAt);
    this.#conclude(now, id, account, outcome);
  }

  /** After an attempt: another one, or the reply. */
  #conclude(now: Millis, id: number, account: Account, outcome: Outcome): void {
    const { request } = account;
    const again =
      account.attempts < this.#options.attempts &&
      isFailure(outcome) &&
      outcome !== 'session-lost' &&
      !account.begun &&
      (request.safe || isUntouched(outcome));
    if (again) {
      const pause = this.#options.backoff(request.arrival, request.call, account.attempts);
      account.retry = this.#timers.schedule(now + pause, TIMER.retry, id);
    } else this.#close(now, id, account, outcome);
  }

  #close(now: Millis, id: number, account: Account, outcome: Outcome): void {
    const { request } = account;
    account.retry = NONE;
    request.account = NONE;
    this.#freeAccounts.push(id);
    this.inFlight--;
    this.#scaling.settled(now, outcome, now - request.at);
    this.#out.reply(now, request, outcome);
  }

  #newSlot(): CallId {
    return this.#slots.push(new CallSlot(this.#slots.length)) - 1;
  }

  #release(slot: CallSlot): void {
    slot.deadline = NONE;
    slot.serial++;
    this.#freeSlots.push(slot.id);
  }
}
