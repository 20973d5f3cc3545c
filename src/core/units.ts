/** Milliseconds, whole microseconds at the finest. Instants count from the start of the run. */
export type Millis = number;

/** "Never": an instant that no clock reaches. */
export const NEVER: Millis = Infinity;

/** Rounds to whole microseconds, so that sampled durations do not hang on the last bit of Math.log. */
export const toMicros = (ms: number): Millis => Math.round(ms * 1000) / 1000;
