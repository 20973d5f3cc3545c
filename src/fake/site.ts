/** Where fake servers stand: what all servers of one world share. */
import { Draws } from '../core/rng.ts';
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Setup } from '../scenario/scenario.ts';
import { FirstComeFirstServed, type Clockwork, type Discipline } from './discipline.ts';
import type { Floor } from './floor.ts';
import type { JobId } from './jobs.ts';
import { Mishaps } from './mishaps.ts';
import { ProcessorSharing } from './processor-sharing.ts';

/** What a server asks of whoever steps it. */
export interface Host extends Clockwork {
  /** The job's process died: its client sees a reset. */
  reset(now: Millis, job: JobId): void;
  /** The job waited `waitedMs` for its slot. */
  waited(now: Millis, server: ServerId, waitedMs: Millis, job: JobId): void;
}

export interface Site {
  readonly floor: Floor;
  readonly discipline: Discipline;
  readonly host: Host;
  readonly mishaps: Mishaps;
}

/** `seed`: of the run; it draws the mishaps. */
export const siteOf = (
  floor: Floor,
  discipline: Setup['servers']['discipline'],
  host: Host,
  seed: number,
): Site => ({
  floor,
  discipline:
    discipline === 'fifo'
      ? new FirstComeFirstServed(floor, host)
      : new ProcessorSharing(floor, host),
  host,
  mishaps: new Mishaps(new Draws(seed, 'fault'), floor.jobs),
});
