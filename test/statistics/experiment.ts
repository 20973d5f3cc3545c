/** Labs as contenders, run over seeds and summarised as `sim` does it: what the tests of this folder judge. */
import { summarise } from '../../src/results/summarise.ts';
import type { Results } from '../../src/results/results.ts';
import { run } from '../../src/run.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { scenarioOf, simulated, type Lab } from '../sim/lab.ts';

export interface Conditions {
  readonly seeds: readonly number[];
  /** Without common random numbers. */
  readonly independent?: boolean;
  readonly change?: Partial<Scenario>;
}

/** The first lab is the baseline; length and warm-up are its. */
export const experiment = (labs: readonly Lab[], conditions: Conditions): Results => {
  const { seeds, independent = false, change } = conditions;
  const scenario = { ...scenarioOf(labs, seeds), ...change };
  const records = labs.map((_, contender) =>
    seeds.map((seed) => run({ scenario, inputs: {}, contender, seed, independent }, simulated)),
  );
  return summarise({
    scenario,
    records,
    complete: true,
    independent,
    mode: 'sim',
    source: { file: 'lab', text: '' },
    policies: [],
    scenarioHash: 'sha256:0',
    command: 'test',
    environment: {
      windtunnel: '0',
      node: '0',
      platform: 'test',
      workers: 0,
      startedAt: '1970-01-01T00:00:00Z',
      tookMs: 0,
    },
  });
};

/** Seeds of the nth group of ten: 1..10, 11..20, ... */
export const tenSeeds = (group: number): number[] =>
  Array.from({ length: 10 }, (_, k) => group * 10 + k + 1);
