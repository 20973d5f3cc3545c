/**
 * Requests and their attempts: an account a request, a call slot an attempt, both pooled. An attempt is settled once, by
 * its answer, its deadline or its client; a failure is tried again while attempts and the budget are left, if the request
 * is safe to repeat or the server has not touched it. A safe request may be hedged: a second attempt while the first is
 * under way, the first answer wins. What no server may take waits in the backlog, if there is one.
 */
import { invariant } from '../core/invariant.ts';
import { isFailure, type Failure, type Outcome } from '../core/outcome.ts';
import type { Request, ServerId } from '../core/request.ts';
import { NEVER, type Millis } from '../core/units.ts';
import { NOBODY } from '../policies/balancer/balancer.ts';
import { Account, CallSlot, NONE } from './account.ts';
import { Backlog } from './backlog.ts';
import type { CallId } from './facts.ts';
import type { Intentions } from './intentions.ts';
import type { Members } from './members.ts';
import type { FleetOptions } from './options.ts';
import type { Scaling } from './scaling.ts';
import type { Sessions } from './sessions.ts';
import { Targets, type Lack } from './targets.ts';
import { TIMER, type Timers } from './timers.ts';

export class Calls {
  /** Requests without a reply yet, and of them those that have been tried again. */
  inFlight = 0;
  #retrying = 0;
  readonly #options: FleetOptions;
  readonly #members: Members;
  readonly #sessions: Sessions;
  readonly #scaling: Scaling;
  readonly #timers: Timers;
  readonly #out: Intentions;
  readonly #targets: Targets;
  readonly #backlog: Backlog | null;
  /** Are servers tried before to be remembered? */
  readonly #remembers: boolean;
  readonly #slots: CallSlot[] = [];
  readonly #freeSlots: CallId[] = [];
  readonly #accounts: Account[] = [];
  readonly #freeAccounts: number[] = [];

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
    this.#targets = new Targets(options, members, sessions);
    this.#backlog = options.backlog && new Backlog(options.backlog);
    this.#remembers = options.attempts > 1 || options.hedging !== null;
  }

  /** Requests that wait at the balancer. */
  get waiting(): number {
    return this.#backlog?.size ?? 0;
  }

  /** Identity of the call now in a slot: it has changed if the call was settled meanwhile. */
  serial(call: CallId): number {
    return this.#slots[call]!.serial;
  }

  /** Does this deadline still count? */
  readonly isDue = (call: CallId, sequence: number): boolean =>
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
    account.open(request);
    request.account = id;
    this.inFlight++;
    this.#options.budget?.arrived(now);
    this.#attempt(now, id, account);
  }

  /** The first byte: of several attempts under way, this one has won. */
  begun(now: Millis, call: CallId): void {
    const account = this.#accounts[this.#slots[call]!.account]!;
    account.begun = true;
    this.#giveUp(now, account, call);
  }

  answered(now: Millis, call: CallId, outcome: Outcome): void {
    this.#settle(now, this.#slots[call]!, outcome);
  }

  expired(now: Millis, call: CallId, sequence: number): void {
    if (!this.isDue(call, sequence)) return;
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

  /** It is time to make another attempt beside those under way. */
  hedge(now: Millis, id: number, sequence: number): void {
    const account = this.#accounts[id]!;
    if (account.hedge !== sequence) return;
    account.hedge = NONE;
    if (account.begun || account.calls.length === 0 || !this.#mayTryAgain(now)) return;
    const target = this.#targets.choose(now, account.request, account.tried);
    if (typeof target === 'string' || account.tried.includes(target)) return;
    this.#spend(now, account);
    account.hedges++;
    this.#send(now, id, account, target);
  }

  /** It has waited at the balancer for as long as it may. */
  outOfPatience(now: Millis, id: number, sequence: number): void {
    const account = this.#accounts[id]!;
    if (account.waiting !== sequence) return;
    this.#stopWaiting(account);
    this.#withhold(now, id, account, 'shed');
  }

  /** Those that wait go to servers that may take them by now. */
  serveBacklog(now: Millis): void {
    if (this.#backlog === null) return;
    const { touched } = this.#members.eligibility;
    if (this.#backlog.size === 0) touched.length = 0;
    for (let server = touched.pop(); server !== undefined; server = touched.pop())
      this.#serveLine(now, this.#backlog, server);
    this.#serveLine(now, this.#backlog, NONE);
  }

  /** The client went away: its calls are given up, and nobody is to blame. */
  left(now: Millis, request: Request): void {
    const id = request.account;
    const account = this.#accounts[id];
    if (account?.request !== request) return;
    this.#giveUp(now, account, NONE);
    if (account.waiting !== NONE) this.#stopWaiting(account);
    this.#close(now, id, account, 'cancelled');
  }

  #attempt(now: Millis, id: number, account: Account): void {
    const target = this.#targets.choose(now, account.request, account.tried);
    if (typeof target === 'number') this.#send(now, id, account, target);
    else if (this.#mayWait(target)) this.#wait(now, id, account);
    else this.#withhold(now, id, account, target === 'full' ? 'shed' : target);
  }

  #send(now: Millis, id: number, account: Account, target: ServerId): void {
    const { request } = account;
    const members = this.#members;
    const member = members.all[target]!;
    invariant(
      member.phase === 'ready' || member.phase === 'draining',
      'fleet: a call for a server that is not up',
    );
    invariant(
      members.eligibility.takes(now, member, request.tool),
      'fleet: a call for a server that is down or open',
    );
    invariant(!member.full && !members.full, 'fleet: a call beyond the limit');
    const slot = this.#slots[this.#freeSlots.pop() ?? this.#newSlot()]!;
    slot.request = request;
    slot.member = member;
    slot.server = target;
    slot.attempt = account.attempts++;
    slot.sentAt = now;
    slot.account = id;
    slot.permit = members.sent(now, member, request.tool);
    slot.crowd = members.crowd(member);
    if (this.#options.timeout < NEVER)
      slot.deadline = this.#timers.deadline(now + this.#options.timeout, slot.id);
    account.calls.push(slot.id);
    if (this.#remembers) account.remember(target);
    this.#out.send(now, slot);
    if (this.#options.balancer.polls) this.#poll(now);
    if (this.#options.hedging !== null) this.#planHedge(now, id, account);
  }

  /** After a pick: whose load the balancer wants to hear of. */
  #poll(now: Millis): void {
    const { balancer } = this.#options;
    for (let server = balancer.poll(now); server !== NOBODY; server = balancer.poll(now))
      this.#out.ask(now, server);
  }

  #planHedge(now: Millis, id: number, account: Account): void {
    const { after, attempts } = this.#options.hedging!;
    const { request } = account;
    if (!request.safe || request.kind !== 'call' || this.#targets.isPinned(request)) return;
    if (account.calls.length < attempts)
      account.hedge = this.#timers.schedule(now + after, TIMER.hedge, id);
  }

  /** An attempt is not sent, for want of a server. */
  #withhold(now: Millis, id: number, account: Account, outcome: Failure): void {
    account.attempts++;
    this.#out.withhold(now, account.request, outcome);
    this.#conclude(now, id, account, outcome);
  }

  #mayWait(lack: Lack): boolean {
    return lack !== 'session-lost' && this.#backlog !== null && this.#backlog.hasRoom;
  }

  #wait(now: Millis, id: number, account: Account): void {
    const backlog = this.#backlog!;
    account.waiting = this.#timers.schedule(now + backlog.options.wait, TIMER.backlog, id);
    backlog.add(now, id, account.waiting, this.#targets.laneOf(account.request));
  }

  #stopWaiting(account: Account): void {
    account.waiting = NONE;
    this.#backlog!.leave();
  }

  readonly #waits = (account: number, sequence: number): boolean =>
    this.#accounts[account]!.waiting === sequence;

  /** Serves who waits for `server`, or for any with NONE, until the line is empty or no server may take its first. */
  #serveLine(now: Millis, backlog: Backlog, server: ServerId): void {
    const { codel } = backlog.options;
    for (
      let line = backlog.line(server, this.#waits);
      line !== null;
      line = backlog.line(server, this.#waits)
    ) {
      const id = line.item;
      const account = this.#accounts[id]!;
      const target = this.#targets.choose(now, account.request, account.tried);
      if (typeof target === 'string' && target !== 'session-lost') return;
      const waitedMs = now - line.at;
      line.pop();
      this.#stopWaiting(account);
      if (typeof target === 'string') this.#withhold(now, id, account, target);
      else if (codel?.drops(now, waitedMs, backlog.size) === true)
        this.#withhold(now, id, account, 'shed');
      else this.#send(now, id, account, target);
    }
  }

  #settle(now: Millis, slot: CallSlot, outcome: Outcome): void {
    const account = this.#accounts[slot.account]!;
    const id = slot.account;
    this.#end(now, account, slot, outcome);
    this.#conclude(now, id, account, outcome);
  }

  /** The attempt is over; the request may go on. */
  #end(now: Millis, account: Account, slot: CallSlot, outcome: Outcome): void {
    const { crowd, member, permit, sentAt, request, server } = slot;
    this.#release(slot);
    account.remove(slot.id);
    // Pinned first: a draining server that has just got a session is not idle.
    if (request.kind === 'initialize' && outcome === 'ok' && this.#options.affinity === 'session') {
      this.#sessions.pin(now, request.session, server);
    }
    this.#options.budget?.settled(now, outcome);
    this.#members.settled(now, member, request.tool, permit, outcome, now - sentAt, crowd);
  }

  /** Gives up the attempts under way but `winner`. */
  #giveUp(now: Millis, account: Account, winner: CallId): void {
    for (let k = account.calls.length - 1; k >= 0; k--) {
      const slot = this.#slots[account.calls[k]!]!;
      if (slot.id === winner) continue;
      this.#out.abandon(now, slot, 'cancelled');
      this.#end(now, account, slot, 'cancelled');
    }
  }

  /** After an attempt: another one, or the reply. */
  #conclude(now: Millis, id: number, account: Account, outcome: Outcome): void {
    const { request } = account;
    if (account.calls.length > 0) {
      // Another attempt is under way, and may still succeed.
      if (isFailure(outcome) || outcome === 'deferred') return;
      this.#giveUp(now, account, NONE);
    }
    const again =
      account.attempts - account.hedges < this.#options.attempts &&
      isFailure(outcome) &&
      outcome !== 'session-lost' &&
      !account.begun &&
      (request.safe || this.#options.untouched(outcome)) &&
      this.#mayTryAgain(now);
    account.hedge = NONE;
    if (!again) {
      this.#close(now, id, account, outcome);
      return;
    }
    this.#spend(now, account);
    const pause = this.#options.backoff(request.arrival, request.call, account.attempts);
    account.retry = this.#timers.schedule(now + pause, TIMER.retry, id);
  }

  #mayTryAgain(now: Millis): boolean {
    const { budget } = this.#options;
    return budget === null || budget.admits(now, this.inFlight, this.#retrying);
  }

  #spend(now: Millis, account: Account): void {
    this.#options.budget?.spent(now);
    if (!account.retried) this.#retrying++;
    account.retried = true;
  }

  #close(now: Millis, id: number, account: Account, outcome: Outcome): void {
    const { request } = account;
    account.retry = account.hedge = NONE;
    if (account.retried) this.#retrying--;
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
