/** One server as the library's balancers keep it: its policies, what was last seen of it, and how many calls it has. */
import type { Millis } from '../../core/units.ts';
import type { Breaker, BreakerState } from '../../policies/breaker/breaker.ts';
import type { Health } from '../../policies/health/health.ts';

export interface ServerStatus {
  readonly url: string;
  readonly healthy: boolean;
  readonly activeConnections: number;
  readonly weight: number;
  /** ISO 8601; null before the first check has ended. */
  readonly lastHealthCheck: string | null;
  /** Why its last check failed; null when that was good. */
  readonly lastError: string | null;
  /** Always closed without a breaker. */
  readonly circuit: BreakerState;
}

export class Seat {
  /** Leases out. */
  active = 0;
  lastError: string | null = null;
  lastHealthCheck: Date | null = null;
  /** When its last check began, in the balancer's time. */
  checkedAt: Millis = 0;
  readonly url: string;
  readonly weight: number;
  readonly health: Health;
  readonly breaker: Breaker;

  constructor(url: string, weight: number, health: Health, breaker: Breaker) {
    this.url = url;
    this.weight = weight;
    this.health = health;
    this.breaker = breaker;
  }

  /** The next check begins about then; one that should have ended already may do so at any moment. */
  nextCheckAt(now: Millis): Millis {
    return Math.max(now, this.checkedAt + this.health.every);
  }

  status(now: Millis): ServerStatus {
    return {
      url: this.url,
      healthy: this.health.healthy(now),
      activeConnections: this.active,
      weight: this.weight,
      lastHealthCheck: this.lastHealthCheck?.toISOString() ?? null,
      lastError: this.lastError,
      circuit: this.breaker.state(now),
    };
  }
}
