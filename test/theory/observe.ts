/** One run of a system, watched: the project's own `run` with its fleet, policies and recorder, in a watched world. */
import type { Request } from '../../src/core/request.ts';
import type { RunRecord } from '../../src/results/results.ts';
import { run } from '../../src/run.ts';
import type { Inputs } from '../../src/scenario/scenario.ts';
import { scenarioOf, setupOf, type System } from './system.ts';
import { WatchedWorld, type Watching } from './watched-world.ts';

export interface Course {
  /** ms */
  readonly warmup: number;
  /** ms, warm-up included. */
  readonly duration: number;
  readonly seed: number;
  readonly inputs?: Inputs;
  readonly workOf?: (request: Request) => number;
  readonly watching?: Watching;
}

export interface Observation {
  readonly record: RunRecord;
  readonly world: WatchedWorld;
  /** ms between warm-up and duration. */
  readonly measuredMs: number;
}

export const observe = (system: System, course: Course): Observation => {
  const { warmup, duration, seed, inputs = {}, workOf, watching } = course;
  const scenario = scenarioOf(setupOf(system), warmup, duration);
  const worlds: WatchedWorld[] = [];
  const record = run({ scenario, inputs, contender: 0, seed, independent: false }, (options) => {
    const world = new WatchedWorld({ ...options, ...(workOf && { workOf }) }, watching);
    worlds.push(world);
    return world;
  });
  return { record, world: worlds[0]!, measuredMs: duration - warmup };
};
