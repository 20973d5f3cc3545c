/**
 * What the fleet keeps of a request and of each of its attempts. Both are pooled: an account is opened and closed, a slot
 * taken and freed, and whoever holds the number of an old one notices by its serial or its timers' sequences.
 */
import type { Request, ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Permit } from '../policies/breaker/breaker.ts';
import type { CallId } from './facts.ts';
import type { Call } from './intentions.ts';
import type { Member } from './member.ts';

export const NONE = -1;
/** Tried servers that a request remembers; with unlimited attempts the list must end somewhere. */
const REMEMBERED = 8;

export class CallSlot implements Call {
  request!: Request;
  /** The server it went to, as the fleet knows it. */
  member!: Member;
  server: ServerId = NONE;
  attempt = 0;
  sentAt: Millis = 0;
  account = NONE;
  permit: Permit = 0;
  /** Calls in flight in the scope of the limit when it was sent. */
  crowd = 0;
  /** Sequence of its deadline; NONE when it has none or is settled. */
  deadline = NONE;
  /** Grows each time the slot is freed. */
  serial = 0;
  readonly id: CallId;

  constructor(id: CallId) {
    this.id = id;
  }
}

export class Account {
  request!: Request;
  attempts = 0;
  /** Of its attempts, those made beside another. */
  hedges = 0;
  /** The reply has begun: no further attempt. */
  begun = false;
  /** It has been tried again, which a budget counts. */
  retried = false;
  /** Sequence of the timer of its next attempt, and of its next hedge; NONE when it waits for none. */
  retry = NONE;
  hedge = NONE;
  /** Its place in the backlog; NONE when it does not wait there. */
  waiting = NONE;
  /** Attempts under way: one, and the hedges beside it. */
  readonly calls: CallId[] = [];
  readonly tried: ServerId[] = [];

  /** A new request takes the account over. */
  open(request: Request): void {
    this.request = request;
    this.attempts = this.hedges = 0;
    this.begun = this.retried = false;
    if (this.tried.length > 0) this.tried.length = 0;
  }

  /** That attempt is over. */
  remove(call: CallId): void {
    const { calls } = this;
    const last = calls.pop()!;
    if (last !== call) calls[calls.indexOf(call)] = last;
  }

  /** Keeps the servers tried in order, the last tried last. */
  remember(server: ServerId): void {
    const { tried } = this;
    const before = tried.indexOf(server);
    if (before >= 0) tried.splice(before, 1);
    else if (tried.length === REMEMBERED) tried.shift();
    tried.push(server);
  }
}
