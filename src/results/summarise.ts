/**
 * From the records of all runs to the results file: per contender means with intervals, percentiles, bands and tables,
 * then comparisons, warnings and the answer. When a run was interrupted only seeds that every contender finished count, or
 * the means would compare different weather. All figures are rounded first and compared then, so whoever recomputes
 * the statistics from the file gets the file's statistics.
 */
import { METRIC_NAMES } from '../core/metrics.ts';
import type { Contender, Scenario } from '../scenario/scenario.ts';
import { answerOf } from './answer/answer.ts';
import { compareContenders } from './compare.ts';
import { mergeSeries } from './merge-series.ts';
import { lagRows, lagWarnings, type RunLag } from './lag.ts';
import { latencyPercentiles } from './percentiles.ts';
import {
  RESULTS_FORMAT,
  RESULTS_VERSION,
  type ContenderResults,
  type Environment,
  type Results,
  type Run,
  type RunRecord,
} from './results.ts';
import { rounded } from './rounded.ts';
import { mergeFailures, mergeServers, mergeSessions, mergeTools } from './rows.ts';
import { isSilent, silenceWarnings, type Silence } from './silence.ts';
import { sloRows } from './slo.ts';
import { tInterval } from './statistics.ts';
import { twinRows } from './twin.ts';
import { qualified } from './validity.ts';
import { warningsOf } from './warnings.ts';

export interface RunsToSummarise {
  readonly scenario: Scenario;
  /** By contender, with their options as one would write them. */
  readonly policies: readonly ContenderResults['policies'][];
  /** By contender, in the scenario's order; seeds may be missing when the run was interrupted. */
  readonly records: readonly (readonly RunRecord[])[];
  readonly complete: boolean;
  readonly independent: boolean;
  readonly mode: Results['mode'];
  readonly source: Results['source'];
  readonly scenarioHash: string;
  readonly command: string;
  readonly environment: Environment;
  /** Live: by contender and run, how late the driver was. */
  readonly lags?: readonly (readonly RunLag[])[];
  /** A closed loop of load: by contender and run, how long its clients waited in vain. */
  readonly silences?: readonly (readonly Silence[])[];
  /** Live: the simulated twin, with the same contenders. */
  readonly twin?: Pick<Results, 'contenders'>;
}

/** A backlog that grew in a larger share of the runs than this makes the contender unstable. */
const TOLERATED_GROWTH = 0.1;

export const summarise = (input: RunsToSummarise): Results => {
  const { scenario, independent, complete, silences = [] } = input;
  const seeds = sharedSeeds(scenario, input.records);
  const chosen = scenario.contenders.map((_, index) => inOrder(input.records[index] ?? [], seeds));
  const contenders = scenario.contenders.map((contender, index) =>
    contenderResults(
      contender,
      input.policies[index] ?? {},
      chosen[index] ?? [],
      isSilent(silences[index] ?? []),
    ),
  );
  const comparisons = compareContenders(contenders, scenario, independent);
  const facts = {
    scenario,
    complete,
    independent,
    contenders,
    comparisons: rounded(comparisons, 'comparisons'),
  };
  const lag = input.lags && rounded(lagRows(contenders, input.lags), 'lag');
  return {
    format: RESULTS_FORMAT,
    version: RESULTS_VERSION,
    mode: input.mode,
    complete,
    scenario,
    source: input.source,
    scenarioHash: input.scenarioHash,
    command: input.command,
    independent,
    environment: input.environment,
    faults: chosen[0]?.[0]?.faults ?? [],
    contenders,
    comparisons: facts.comparisons,
    answer: qualified(answerOf(facts), { contenders, ...(lag && { lag }) }),
    warnings: [
      ...lagWarnings(lag ?? []),
      ...silenceWarnings(contenders, silences),
      ...warningsOf(facts),
    ],
    ...(lag && { lag }),
    ...(input.twin && { twin: rounded(twinRows(contenders, input.twin.contenders), 'twin') }),
  };
};

/** In the scenario's order. */
const sharedSeeds = (
  scenario: Scenario,
  records: readonly (readonly RunRecord[])[],
): readonly number[] => {
  const finished = records.map((runs) => new Set(runs.map(({ seed }) => seed)));
  return scenario.seeds.filter((seed) => finished.every((seeds) => seeds.has(seed)));
};

const inOrder = (runs: readonly RunRecord[], seeds: readonly number[]): RunRecord[] => {
  const bySeed = new Map(runs.map((run) => [run.seed, run]));
  return seeds.flatMap((seed) => bySeed.get(seed) ?? []);
};

const contenderResults = (
  { name, cell, setup }: Contender,
  policies: ContenderResults['policies'],
  records: readonly RunRecord[],
  silent: boolean,
): ContenderResults => {
  const runs = records.map(runOf);
  const growing = runs.filter(({ stable }) => !stable).length;
  return {
    name,
    policies,
    cell,
    runs,
    ...rounded(
      {
        metrics: estimates(runs),
        percentiles: latencyPercentiles(records.map(({ latency }) => latency)),
        series: mergeSeries(records.map(({ series }) => series)),
        failures: mergeFailures(records),
        tools: mergeTools(records),
        servers: mergeServers(records),
        sessions: mergeSessions(records),
        slo: sloRows(setup.slo, runs, silent),
      },
      name,
    ),
    strips: records[0]?.strips ?? [],
    stable: growing <= TOLERATED_GROWTH * runs.length,
  };
};

const runOf = ({ seed, metrics, notes, notesTotal, stable }: RunRecord): Run => ({
  seed,
  metrics: rounded(metrics, `metrics of seed ${seed}`),
  notes,
  notesTotal,
  stable,
});

/** Over the runs that have the metric; absent when none has. */
const estimates = (runs: readonly Run[]): ContenderResults['metrics'] =>
  Object.fromEntries(
    METRIC_NAMES.flatMap((metric) => {
      const values = runs.flatMap((run) => run.metrics[metric] ?? []);
      return values.length === 0 ? [] : [[metric, tInterval(values)] as const];
    }),
  );
