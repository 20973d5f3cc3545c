/** What all three ways of putting load on a target have in common. */
import type { Millis } from '../../core/units.ts';
import type { SessionTally } from '../../scenario/traffic.ts';
import type { Sample } from '../driver/samples.ts';

export interface LoadRun {
  /** How long it really lasted; less than asked for when it was stopped. */
  readonly lasted: Millis;
  /** Of a scenario's sessions; null when there are none. */
  readonly sessions: SessionTally | null;
  /** Why nothing follows from it; null when something does. */
  readonly invalid: string | null;
}

/** Told of each request when its end is known; millions of them, so nobody keeps them. */
export type Report = (sample: Sample) => void;

/** How load is made, in words, for the report. */
export type Engine = 'autocannon' | 'closed-loop' | 'open-loop';
