/**
 * The last step down, to no server at all. Knative serving takes it in three (pkg/reconciler/autoscaling/kpa/scaler.go,
 * 2026-08): a revision active for less than the stable window keeps one pod; then it is inactive, and the activator is
 * put before it; the last pod goes when the activator has been there for the grace period and the pod has been kept for
 * the retention period. An activator that was there all along (no burst capacity to spare) has served its grace.
 */
import type { Millis } from '../../../core/units.ts';

export interface ScaleToZeroOptions {
  readonly window: Millis;
  readonly grace: Millis;
  readonly retention: Millis;
}

export class ScaleToZero {
  readonly #options: ScaleToZeroOptions;
  #activeSince: Millis;
  #inactiveSince: Millis | null = null;
  #activatorSince: Millis | null = null;

  constructor(options: ScaleToZeroOptions, now: Millis) {
    this.#options = options;
    this.#activeSince = now;
  }

  /** How many servers to have when `desired` are wanted and `servers` are there. */
  decide(now: Millis, desired: number, servers: number, excessBurstCapacity: number): number {
    if (desired > 0 && this.#inactiveSince !== null) {
      this.#inactiveSince = null;
      this.#activeSince = now;
    }
    const behindActivator = excessBurstCapacity < 0 || this.#inactiveSince !== null;
    if (!behindActivator) this.#activatorSince = null;
    else this.#activatorSince ??= now;
    if (desired > 0 || servers === 0) return desired;
    const { window, grace, retention } = this.#options;
    if (now - this.#activeSince < window) return 1;
    this.#inactiveSince ??= now;
    this.#activatorSince ??= now;
    const kept = now - this.#inactiveSince >= retention;
    return kept && now - this.#activatorSince >= grace ? 0 : servers;
  }
}
