/**
 * The Knative pod autoscaler's arithmetic, told the two averages: how many servers the stable and the panic window ask
 * for, when panic begins and ends, what the rates allow, and how much burst capacity is left. Knative serving
 * pkg/autoscaler/scaling/autoscaler.go (2026-08). Rates bound a step by the READY servers (at least 1), so that a fleet
 * that is slow to start may be asked for much more than it has. Its pathology: panic never scales in, and each tick
 * above the threshold begins its `stableWindow` anew, so one spike is paid for a minute (knative/serving 4344, 13284).
 */
import type { Millis } from '../../../core/units.ts';
import { SlidingMax } from './sliding-max.ts';

export interface KpaSpec {
  /** Of the metric, wanted for one server: `total` x utilisation. */
  readonly target: number;
  /** Of the metric, what one server can hold. */
  readonly total: number;
  /** Spare capacity wanted beyond the present load; Infinity: always more than there is. */
  readonly burst: number;
  readonly maxUp: number;
  readonly maxDown: number;
  readonly activationScale: number;
  /** Wanted / ready from which on it is a panic. */
  readonly panicThreshold: number;
  readonly stableWindow: Millis;
  /** 0 = none. */
  readonly scaleDownDelay: Millis;
  /** Does traffic reach it? If not, nothing slows a scale-in. */
  readonly reachable: boolean;
}

/** The metric, all servers together, averaged over each window. */
export interface KpaReading {
  readonly stable: number;
  readonly panic: number;
}

export interface KpaResult {
  readonly desired: number;
  /** Spare capacity beyond `burst`; below 0 the activator stays between clients and servers. */
  readonly excessBurstCapacity: number;
  readonly panicking: boolean;
}

/** Time between decisions. */
export const KPA_TICK: Millis = 2000;

/** When panic began or was last renewed, and the most servers it asked for. */
export interface PanicState {
  readonly since: Millis | null;
  readonly most: number;
}

export class KpaScaler {
  #spec: KpaSpec;
  readonly #delay: SlidingMax | null;
  #panicSince: Millis | null;
  #panicMost: number;

  constructor(spec: KpaSpec, panic: PanicState) {
    this.#spec = spec;
    this.#delay = spec.scaleDownDelay > 0 ? new SlidingMax(spec.scaleDownDelay, KPA_TICK) : null;
    this.#panicSince = panic.since;
    this.#panicMost = panic.most;
  }

  get panic(): PanicState {
    return { since: this.#panicSince, most: this.#panicMost };
  }

  update(spec: KpaSpec): void {
    this.#spec = spec;
  }

  /** Null when the servers or the metric are not known: nothing is to be changed. */
  scale(now: Millis, ready: number | null, reading: KpaReading | null): KpaResult | null {
    if (ready === null || reading === null) return null;
    const { target, panicThreshold } = this.#spec;
    const base = Math.max(1, ready);
    const wantedPanic = Math.ceil(reading.panic / target);
    const stable = this.#bounded(Math.ceil(reading.stable / target), base);
    const panic = this.#bounded(wantedPanic, base);
    this.#watchPanic(now, wantedPanic / base >= panicThreshold);
    let desired = stable;
    if (this.#panicSince !== null) {
      this.#panicMost = Math.max(this.#panicMost, stable, panic);
      desired = this.#panicMost;
    }
    if (this.#spec.reachable && this.#delay !== null) desired = this.#delay.record(now, desired);
    return {
      desired,
      excessBurstCapacity: this.#excessBurstCapacity(ready, reading.panic),
      panicking: this.#panicSince !== null,
    };
  }

  /** Within the rates; anything above zero is at least the activation scale. */
  #bounded(wanted: number, base: number): number {
    const { maxUp, maxDown, reachable, activationScale } = this.#spec;
    const most = Math.ceil(maxUp * base);
    const least = reachable ? Math.floor(base / maxDown) : 0;
    const bounded = Math.min(Math.max(wanted, least), most);
    return wanted > 0 && activationScale > 1 ? Math.max(bounded, activationScale) : bounded;
  }

  #watchPanic(now: Millis, over: boolean): void {
    if (over) this.#panicSince = now;
    else if (this.#panicSince !== null && this.#panicSince + this.#spec.stableWindow < now) {
      this.#panicSince = null;
      this.#panicMost = 0;
    }
  }

  #excessBurstCapacity(ready: number, panic: number): number {
    const { burst, total } = this.#spec;
    if (burst === 0) return 0;
    return burst === Infinity ? -1 : Math.floor(ready * total - burst - panic);
  }
}

/** A scaler that wakes up beside more than one server begins in panic: without a history it must not scale in. */
export const panicAtStart = (now: Millis, ready: number): PanicState => ({
  since: ready > 1 ? now : null,
  most: ready,
});
