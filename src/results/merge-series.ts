/**
 * What happened over time, over runs: the bins of all runs are aligned (they depend on the scenario alone), so each bin has
 * a mean and a 95 % t interval of its own. A bin in which a run saw nothing (no completed request, hence no p99) is left out
 * of that bin's mean; where no run saw anything there is a gap, not a zero.
 */
import { invariant } from '../core/invariant.ts';
import { SERIES, type Band, type RunRecord, type Series, type SeriesName } from './results.ts';
import { tInterval } from './statistics.ts';

type RunSeries = RunRecord['series'];
type Values = readonly (number | null)[];

/** Bands of all runs of one contender; empty for no runs. */
export const mergeSeries = (runs: readonly RunSeries[]): Series => {
  const [first] = runs;
  if (first === undefined) return { binMs: 0, at: [], bands: {} };
  const { binMs, at } = first;
  invariant(
    runs.every((run) => run.binMs === binMs && run.at.length === at.length),
    'runs of one scenario have equal bins',
  );
  const bands = (Object.keys(SERIES) as SeriesName[]).flatMap((name) => {
    const values = runs.flatMap((run) => {
      const series = run.values[name];
      return series === undefined ? [] : [series];
    });
    return values.length === 0 ? [] : [[name, bandOf(values, at.length)] as const];
  });
  return { binMs, at, bands: Object.fromEntries(bands) };
};

const bandOf = (runs: readonly Values[], bins: number): Band => {
  const points = Array.from({ length: bins }, (_, bin) => {
    const seen = runs.flatMap((run) => run[bin] ?? []);
    return seen.length === 0 ? GAP : tInterval(seen);
  });
  return {
    mean: points.map(({ mean }) => mean),
    low: points.map(({ low }) => low),
    high: points.map(({ high }) => high),
  };
};

const GAP = { mean: null, low: null, high: null };
