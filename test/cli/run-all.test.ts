import { expect, test } from 'vitest';
import type { Pool } from '../../src/cli/pool.ts';
import { runAll } from '../../src/cli/run-all.ts';
import type { Job, Reply } from '../../src/cli/simulate.ts';
import type { RunRecord } from '../../src/results/results.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

/** Only what `runAll` reads. */
const scenario = {
  seeds: [5, 3, 8],
  contenders: [{ name: 'a' }, { name: 'b' }],
} as unknown as Scenario;

const recordOf = ({ contender, seed }: Job): Reply => ({
  record: { contender, seed } as RunRecord,
});

/** A pool that answers after `turns(job)` turns of the event loop. */
const poolOf = (
  workers: number,
  asked: Job[],
  turns: (job: Job) => number,
  answer: (job: Job) => Reply = recordOf,
): Pool => ({
  workers,
  run: async (job) => {
    asked.push(job);
    for (let turn = turns(job); turn > 0; turn--) await Promise.resolve();
    return answer(job);
  },
  close: () => Promise.resolve(),
});

const seedsOf = (records: readonly (readonly RunRecord[])[]): number[][] =>
  records.map((runs) => runs.map(({ seed }) => seed));

test('hands out a seed to every contender before the next seed', async () => {
  const asked: Job[] = [];
  await runAll(
    scenario,
    poolOf(1, asked, () => 1),
    new AbortController().signal,
    () => {},
  );
  expect(asked.map(({ contender, seed }) => [seed, contender])).toEqual([
    [5, 0],
    [5, 1],
    [3, 0],
    [3, 1],
    [8, 0],
    [8, 1],
  ]);
});

test.each([1, 2, 5, 20])('%i workers give the records in the same order', async (workers) => {
  const slowFirst = (job: Job): number => (job.seed === 5 ? 50 : job.contender * 7);
  const pool = poolOf(workers, [], slowFirst);
  const runs = await runAll(scenario, pool, new AbortController().signal, () => {});
  expect(seedsOf(runs.records)).toEqual([
    [5, 3, 8],
    [5, 3, 8],
  ]);
  expect(runs).toMatchObject({ complete: true, wholeSeeds: 3, breach: null });
});

test('hands out nothing more once it is stopped, and counts whole seeds only', async () => {
  const asked: Job[] = [];
  const controller = new AbortController();
  let finished = 0;
  let isClosed = false;
  const runs = await runAll(
    scenario,
    { ...poolOf(1, asked, () => 1), close: () => Promise.resolve(void (isClosed = true)) },
    controller.signal,
    () => {
      if (++finished === 3) controller.abort();
    },
  );
  expect(asked).toHaveLength(3);
  expect(isClosed).toBe(true);
  expect(runs).toMatchObject({ complete: false, wholeSeeds: 1, breach: null });
  expect(seedsOf(runs.records)).toEqual([[5, 3], [5]]);
});

test('a run that is ended by the stop is no failure', async () => {
  const controller = new AbortController();
  const pool: Pool = {
    workers: 1,
    run: () => {
      controller.abort();
      return Promise.reject(new Error('thread ended'));
    },
    close: () => Promise.resolve(),
  };
  const runs = await runAll(scenario, pool, controller.signal, () => {});
  expect(runs).toMatchObject({ complete: false, wholeSeeds: 0 });
});

test('stops at the first breach and hands it over', async () => {
  const asked: Job[] = [];
  const breach = { contender: 1, seed: 5, message: 'fleet: lost a call', stack: '', event: 42 };
  const pool = poolOf(
    1,
    asked,
    () => 1,
    (job) => (job.contender === 1 ? { breach } : recordOf(job)),
  );
  const runs = await runAll(scenario, pool, new AbortController().signal, () => {});
  expect(runs.breach).toEqual(breach);
  expect(asked).toHaveLength(2);
});

test('a thread that fails for another reason is an error', async () => {
  const pool: Pool = {
    workers: 1,
    run: () => Promise.reject(new Error('out of memory')),
    close: () => Promise.resolve(),
  };
  await expect(runAll(scenario, pool, new AbortController().signal, () => {})).rejects.toThrow(
    'out of memory',
  );
});
