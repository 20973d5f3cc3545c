/**
 * What a fleet can be told: the only way in. Each fact first settles the fleet's own timers due by its `now`, in due
 * order. After `abandon(call)` a world says nothing more of that call.
 */
import type { LoadReport } from '../core/load-report.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Request, ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';

/** Slot of a call in flight; used again once the call is settled or abandoned. */
export type CallId = number;

export interface Facts {
  /** The run begins: the servers the fleet was made with are up and checked. Said once, first. */
  opened(now: Millis): void;
  /** A client wants something. */
  arrived(now: Millis, request: Request): void;
  /** First byte of the reply: no retry from here. */
  began(now: Millis, call: CallId): void;
  /** Last byte, or failure. */
  answered(now: Millis, call: CallId, outcome: Outcome): void;
  /** The client went away. */
  left(now: Millis, request: Request): void;
  /** A session has ended: its pin may go. */
  closed(now: Millis, session: number): void;
  /** A health check ended. */
  probed(now: Millis, server: ServerId, ok: boolean): void;
  /** A server's load, as a scrape or an answer's header brings it; `report` is valid only during this call. */
  reported(now: Millis, server: ServerId, report: LoadReport): void;
  /** A server that was asked for is up. */
  started(now: Millis, server: ServerId): void;
  /** A server that was stopped is gone. A crash is not told: the fleet finds it by refused calls and failed checks. */
  exited(now: Millis, server: ServerId): void;
  /** The alarm. */
  woke(now: Millis): void;
}
