/** What all three ways of putting load on a target have in common, and how the two closed loops end. */
import type { Millis } from '../../core/units.ts';
import type { SessionTally } from '../../scenario/traffic.ts';
import type { Clock } from '../clock.ts';
import type { Sample } from '../driver/samples.ts';

export interface LoadRun {
  /** How long it really lasted; less than asked for when it was stopped. */
  readonly lasted: Millis;
  /** Of a scenario's sessions, and of those that the target gave out; null when there are none. */
  readonly sessions: SessionTally | null;
  /** Why nothing follows from it; null when something does. */
  readonly invalid: string | null;
}

/** Told of each request when its end is known; millions of them, so nobody keeps them. */
export type Report = (sample: Sample) => void;

/** How load is made, in words, for the report. */
export type Engine = 'autocannon' | 'closed-loop' | 'open-loop';

/** Whoever presses Ctrl-C does not wait for a deadline; a call that is merely under way is answered by then. */
const PARTING_MS = 1000;
/** A deadline that is met by a timer is met a little late. */
const LATE_MS = 200;

/** How long what is in flight at the end of the load is followed; `stopped`: before its time. */
export const followFor = (timeout: Millis | null, duration: Millis, stopped: boolean): Millis => {
  const whole = timeout === null ? duration / 10 : timeout + LATE_MS;
  return stopped ? Math.min(PARTING_MS, whole) : whole;
};

/** Resolves when the run is as old as `duration`, or has been stopped. */
export const untilOver = (duration: Millis, clock: Clock, signal: AbortSignal): Promise<unknown> =>
  atMost(duration - clock.now(), never, signal);

/** Resolves when `done` does, after `ms`, or when `signal` is aborted, whichever comes first. */
export const atMost = (
  ms: Millis,
  done: Promise<unknown>,
  signal: AbortSignal | null,
): Promise<unknown> => {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const timer = setTimeout(end, Math.max(0, ms));
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  return Promise.race([ended, done]).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  });
};

const never = new Promise<never>(() => {});
