/**
 * What a fleet can want: the only way out. A world must not call back into the fleet from inside these.
 */
import type { Failure, Outcome } from '../core/outcome.ts';
import type { Request, ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { CallId } from './facts.ts';

export interface Intentions {
  send(now: Millis, call: Call): void;
  /** Give up on a call, as its deadline has passed or its client has left: a modern server is told so, a legacy one goes on working. */
  abandon(now: Millis, call: Call, because: 'timeout' | 'cancelled'): void;
  /** An attempt that is not sent, for want of a server. Nothing to do: the client is told by `reply`, or tries again. */
  withhold(now: Millis, request: Request, because: Failure): void;
  /** Check a server's health; answered by `probed`, at the latest after `timeout`. */
  probe(now: Millis, server: ServerId, timeout: Millis): void;
  /** Ask a server for its load; answered by `reported`, or not at all. */
  ask(now: Millis, server: ServerId): void;
  /** Start a server under this new id. */
  start(now: Millis, server: ServerId): void;
  /** Stop it at once; what it still works on is lost. Answered by `exited`. */
  stop(now: Millis, server: ServerId): void;
  /** One alarm, for the earliest moment the fleet cares about; a later call replaces it. */
  wakeAt(now: Millis, at: Millis): void;
  /** Closes the account of a request. */
  reply(now: Millis, request: Request, outcome: Outcome): void;
  note(note: FleetNote): void;
}

/** One attempt of a request. Read-only outside the fleet, and valid until it is settled. */
export interface Call {
  readonly id: CallId;
  readonly request: Request;
  readonly server: ServerId;
  /** From 0. */
  readonly attempt: number;
  readonly sentAt: Millis;
}

/** Something decided, and why. */
export interface FleetNote {
  readonly at: Millis;
  readonly kind: 'breaker' | 'health' | 'scaling' | 'server' | 'session';
  readonly server: ServerId | null;
  readonly text: string;
  readonly because: string;
  /** What the server, or its circuit for `tool`, is from now on. */
  readonly state: ServerState | null;
  /** Of a circuit for one tool alone: its index; -1 for what is no tool. */
  readonly tool?: number;
  /** Of a change of size: servers before and after. */
  readonly scaled?: { readonly from: number; readonly to: number };
}

export type ServerState =
  'closed' | 'open' | 'half-open' | 'unhealthy' | 'healthy' | 'starting' | 'draining' | 'gone';
