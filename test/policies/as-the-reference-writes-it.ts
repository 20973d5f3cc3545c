/**
 * The policies as the reference document writes them, faults included, in TypeScript and told the time: what
 * reference-faults.test.ts holds ours against. Nothing but tests may use it.
 */
export class ReferenceRoundRobin {
  #index = 0;

  pick(healthy: readonly number[]): number {
    return healthy[this.#index++ % healthy.length]!;
  }
}

/** `min(healthy, key=active_connections)`: the first of equals. */
export const referenceLeastConnections = (
  healthy: readonly number[],
  active: (server: number) => number,
): number => healthy.reduce((least, server) => (active(server) < active(least) ? server : least));

export class ReferenceBreaker {
  #state: 'closed' | 'open' | 'half-open' = 'closed';
  #failures = 0;
  #lastFailureTime: number | null = null;
  readonly #halfOpenCalls = 0;
  readonly #failureThreshold = 5;
  readonly #recoveryMs = 30_000;
  readonly #halfOpenMaxCalls = 3;

  state(now: number): string {
    // `if self._last_failure_time and ...`: 0 is as false as None.
    const due = Boolean(this.#lastFailureTime) && now - this.#lastFailureTime! >= this.#recoveryMs;
    if (this.#state === 'open' && due) this.#state = 'half-open';
    return this.#state;
  }

  canExecute(now: number): boolean {
    const state = this.state(now);
    if (state === 'half-open') return this.#halfOpenCalls < this.#halfOpenMaxCalls;
    return state === 'closed';
  }

  recordSuccess(): void {
    if (this.#state === 'half-open') {
      this.#failures = 0;
      this.#state = 'closed';
    } else if (this.#state === 'closed') this.#failures = Math.max(0, this.#failures - 1);
  }

  recordFailure(now: number): void {
    this.#failures++;
    this.#lastFailureTime = now;
    if (this.#state === 'half-open') this.#state = 'open';
    else if (this.#state === 'closed' && this.#failures >= this.#failureThreshold)
      this.#state = 'open';
  }
}

export interface ReferenceMetrics {
  readonly latencyMs: number;
  readonly errorRate: number;
  readonly active: number;
  readonly queued: number;
}

export class ReferenceAutoScaler {
  #lastScaleTime: number | null = null;
  readonly #servers: () => number;

  constructor(servers: () => number) {
    this.#servers = servers;
  }

  evaluate(now: number, metrics: ReferenceMetrics): 'scale_up' | 'scale_down' | null {
    if (this.#lastScaleTime && now - this.#lastScaleTime < 300_000) return null;
    const utilisation =
      (metrics.latencyMs / 1000) * 0.3 +
      metrics.errorRate * 0.3 +
      (metrics.active / 100) * 0.2 +
      (metrics.queued / 50) * 0.2;
    if (utilisation > 0.8 && this.#servers() < 10) return this.#scaled(now, 'scale_up');
    if (utilisation < 0.3 && this.#servers() > 2) return this.#scaled(now, 'scale_down');
    return null;
  }

  #scaled<Action>(now: number, action: Action): Action {
    this.#lastScaleTime = now;
    return action;
  }
}
