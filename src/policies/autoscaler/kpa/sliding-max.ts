/**
 * The largest of the values recorded in the last `window`, by ticks of `granularity`: a value recorded in one tick counts
 * until the tick a window later. Descending-maxima queue, as Knative serving's pkg/autoscaler/aggregation/max (2026-08):
 * a value that a later one reaches can never be the maximum again and is dropped. Several values in one tick: the largest.
 */
import type { Millis } from '../../../core/units.ts';

interface Entry {
  readonly tick: number;
  readonly value: number;
}

export class SlidingMax {
  readonly #granularity: Millis;
  readonly #ticks: number;
  /** Ascending ticks, descending values. */
  readonly #entries: Entry[] = [];

  constructor(window: Millis, granularity: Millis) {
    this.#granularity = granularity;
    this.#ticks = Math.ceil(window / granularity);
  }

  /** Records `value` and answers the largest in the window. `now` must not go back. */
  record(now: Millis, value: number): number {
    const tick = Math.floor(now / this.#granularity);
    const entries = this.#entries;
    while (entries.length > 0 && entries.at(-1)!.value <= value) entries.pop();
    while (entries.length > 0 && tick - entries[0]!.tick >= this.#ticks) entries.shift();
    if (entries.at(-1)?.tick !== tick) entries.push({ tick, value });
    return entries[0]!.value;
  }
}
