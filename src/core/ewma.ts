/**
 * An exponentially weighted average over unevenly spaced time (Eckner, "Algorithms for unevenly spaced time series"): a
 * value `dt` old keeps the share e^(-dt/tau) of its weight. Shaped as linkerd2-proxy's `linkerd/ewma` @29637b6 is: the
 * first sample counts whole, a sample that is not newer than the last is dropped, and reading changes nothing.
 * `add` forgets evenly; `addPeak` jumps up at once and forgets only downwards (Finagle's PeakEwma).
 */
import type { Millis } from './units.ts';

export class Ewma {
  readonly #tau: Millis;
  #value: number;
  /** Of the newest sample. */
  #at: Millis;

  /** `tau` > 0 ms: after it a value counts for 1/e. `initial` is a value that the first sample is averaged with. */
  constructor(tau: Millis, initial = NaN, at: Millis = 0) {
    this.#tau = tau;
    this.#value = initial;
    this.#at = at;
  }

  /** Has it any value, initial or sampled? */
  get known(): boolean {
    return !Number.isNaN(this.#value);
  }

  /** As of the newest sample; 0 when there is none. */
  get value(): number {
    return this.known ? this.#value : 0;
  }

  /** What the average is at `now` if nothing (zero) came since the newest sample; 0 when there is none. */
  at(now: Millis): number {
    if (now <= this.#at) return this.value;
    return this.value * this.#kept(now);
  }

  add(now: Millis, sample: number): void {
    if (!this.known) this.#set(now, sample);
    else if (now > this.#at) {
      const kept = this.#kept(now);
      this.#set(now, this.#value * kept + sample * (1 - kept));
    }
  }

  /** A sample above what is left of the average replaces it. */
  addPeak(now: Millis, sample: number): void {
    if (sample > this.at(now)) this.#set(now, sample);
    else this.add(now, sample);
  }

  #kept(now: Millis): number {
    return Math.exp((this.#at - now) / this.#tau);
  }

  #set(now: Millis, value: number): void {
    this.#value = value;
    this.#at = now;
  }
}
