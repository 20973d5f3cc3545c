/**
 * One run in the simulated world, on whichever thread. What goes wrong comes back as a value, because an error loses its
 * class and its fields on the way between threads, and a bug report needs to know which event it was.
 */
import type { RunRecord } from '../results/results.ts';
import { run } from '../run.ts';
import type { Inputs, Scenario } from '../scenario/scenario.ts';
import type { SimWorld } from '../sim/sim-world.ts';
import { CountingWorld } from './counting-world.ts';

/** What all runs share; sent to each worker once. */
export interface Experiment {
  readonly scenario: Scenario;
  readonly inputs: Inputs;
  readonly independent: boolean;
  /** One counter that all workers share: permille of runs simulated so far. */
  readonly progress: Int32Array;
}

export interface Job {
  /** Index into the scenario's contenders. */
  readonly contender: number;
  readonly seed: number;
}

/** A run that a bug of ours ended. */
export interface Breach extends Job {
  readonly message: string;
  readonly stack: string;
  /** Events handled so far; 0 when the world did not even begin. */
  readonly event: number;
}

export type Reply = { readonly record: RunRecord } | { readonly breach: Breach };

export const simulate = (experiment: Experiment, job: Job): Reply => {
  const { progress, ...shared } = experiment;
  const worlds: SimWorld[] = [];
  try {
    const record = run({ ...shared, ...job }, (options) => {
      const world = new CountingWorld(options, progress);
      worlds.push(world);
      return world;
    });
    return { record };
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    return { breach: { ...job, message, stack, event: worlds[0]?.events ?? 0 } };
  }
};
