/** One server as the fleet knows it: the phase of its life, its health and circuits, and what stands with it. */
import type { ServerId } from '../core/request.ts';
import { NEVER, type Millis } from '../core/units.ts';
import type { Breaker, BreakerState } from '../policies/breaker/breaker.ts';
import type { Health } from '../policies/health/health.ts';
import type { Limit } from '../policies/limit/limit.ts';
import type { ToolCircuit } from './tool-circuit.ts';

export type Phase = 'starting' | 'ready' | 'draining' | 'gone';

export class Member {
  // What every call reads comes first: of 10,000 servers each is a stranger to the processor's caches.
  phase: Phase = 'starting';
  /** Ready, healthy and admitted, as last seen. */
  fit = false;
  /** In the candidate set. */
  eligible = false;
  /** Healthy and not ejected, as last seen, to notice a change. */
  healthy = false;
  /** Ejected, as last seen. */
  ejected = false;
  /** State of its breaker, as last seen, to notice a change. */
  circuit: BreakerState = 'closed';
  inFlight = 0;
  readonly id: ServerId;
  readonly health: Health;
  /** The breaker of the server; null where each tool has its own. */
  readonly breaker: Breaker | null;
  /** Null = none, or one for the whole fleet. */
  readonly limit: Limit | null;
  /** Sessions pinned here. */
  sessions = 0;
  readonly weight: number;
  /** By tool + 1; made when first used. */
  readonly toolCircuits: ToolCircuit[] = [];
  /** When it was asked for, and when it first was ready; null until then. */
  startedAt: Millis = 0;
  readyAt: Millis | null = null;
  /** When it came up or got healthy again; -Infinity for those that were there at the beginning. */
  upSince: Millis = -Infinity;
  probing = false;
  probedAt: Millis = 0;
  /** The earliest wake that is scheduled. */
  wakeAt: Millis = NEVER;

  constructor(
    id: ServerId,
    weight: number,
    health: Health,
    breaker: Breaker | null,
    limit: Limit | null,
  ) {
    this.id = id;
    this.weight = weight;
    this.health = health;
    this.breaker = breaker;
    this.limit = limit;
  }

  /** Has it as many calls in flight as it may have? */
  get full(): boolean {
    return this.limit !== null && this.inFlight >= this.limit.limit();
  }
}
