import { describe, expect, test } from 'vitest';
import { Histogram } from '../../src/core/histogram.ts';
import { mergeSeries } from '../../src/results/merge-series.ts';
import { latencyPercentiles, TAIL_GRID } from '../../src/results/percentiles.ts';
import { remarkableScores } from '../../src/results/remarkable.ts';
import { rounded } from '../../src/results/rounded.ts';
import { mergeServers, mergeSessions, mergeTools } from '../../src/results/rows.ts';
import { sloRows } from '../../src/results/slo.ts';
import { contender, record, upTo } from './fixture.ts';

describe('bands over time', () => {
  const run = (errorRate: (number | null)[]) => ({
    binMs: 100,
    at: [0, 100, 200],
    values: { errorRate },
  });

  test('each bin has the mean and interval of the runs that saw something in it', () => {
    const { bands, at, binMs } = mergeSeries([run([0.1, 0.2, null]), run([0.3, null, null])]);
    expect([at, binMs]).toEqual([[0, 100, 200], 100]);
    expect(bands.errorRate?.mean).toEqual([0.2, 0.2, null]);
    expect(bands.errorRate?.low[0]).toBeCloseTo(0.2 - 12.7062 * 0.1, 4);
    expect(bands.errorRate?.low.slice(1)).toEqual([null, null]);
    expect(bands.errorRate?.high.slice(1)).toEqual([null, null]);
  });

  test('a series that no run has is absent, and no runs make no series', () => {
    expect(mergeSeries([run([1, 1, 1])]).bands.queued).toBeUndefined();
    expect(mergeSeries([])).toEqual({ binMs: 0, at: [], bands: {} });
  });

  test('unlike bins are a bug', () => {
    expect(() => mergeSeries([run([1, 1, 1]), { ...run([1]), at: [0] }])).toThrow('equal bins');
  });
});

describe('percentiles', () => {
  const histogram = (count: number, scale: number) => {
    const made = new Histogram();
    for (let i = 1; i <= count; i++) made.record((i / count) * scale);
    return made.counts;
  };

  test('the grid holds the quantiles that people ask for, in order', () => {
    expect(TAIL_GRID).toEqual(expect.arrayContaining([0.5, 0.1, 0.05, 0.01, 0.005, 0.001, 0.0001]));
    expect(TAIL_GRID).toEqual([...TAIL_GRID].sort((a, b) => b - a));
  });

  test('each is the mean of the runs, with their interval', () => {
    const points = latencyPercentiles([histogram(10_000, 100), histogram(10_000, 120)]);
    const median = points.find(({ q }) => q === 0.5);
    expect(median?.mean).toBeGreaterThan(54.4);
    expect(median?.mean).toBeLessThan(55.6);
    expect(median?.low).toBeLessThan(50);
  });

  test('they end where the smallest run has fewer than 10 requests beyond', () => {
    const last = latencyPercentiles([histogram(10_000, 100), histogram(1000, 100)]).at(-1);
    expect(last?.q).toBe(0.99);
    expect(latencyPercentiles([histogram(10_000, 100), new Histogram().counts])).toEqual([]);
    expect(latencyPercentiles([])).toEqual([]);
  });
});

describe('tables', () => {
  const tool = {
    name: 'search',
    requests: 10,
    errorRate: 0.1,
    toolErrorRate: 0,
    latencyMsMean: 5,
    latencyMsP50: 4,
    latencyMsP99: 9,
  };
  const server = {
    name: 's1',
    group: 'servers',
    attempts: 10,
    errorRate: 0,
    utilisation: 0.5,
    waitMsMean: 1,
    readySeconds: 60,
    breakerOpens: 0,
    ejections: 0,
  };

  test('tools are averaged over runs, and a latency over the runs that have one', () => {
    const silent = {
      ...tool,
      requests: 20,
      latencyMsMean: null,
      latencyMsP50: null,
      latencyMsP99: null,
    };
    expect(
      mergeTools([record(0, 1, {}, { tools: [tool] }), record(0, 2, {}, { tools: [silent] })]),
    ).toEqual([{ ...tool, requests: 15 }]);
  });

  test('a server of some runs only is averaged over those', () => {
    const late = { ...server, name: 's2', attempts: 4, utilisation: null, waitMsMean: null };
    const rows = mergeServers([
      record(0, 1, {}, { servers: [server] }),
      record(0, 2, {}, { servers: [{ ...server, attempts: 20 }, late] }),
    ]);
    expect(rows.map(({ name, attempts, utilisation }) => [name, attempts, utilisation])).toEqual([
      ['s1', 15, 0.5],
      ['s2', 4, null],
    ]);
  });

  test('the odd server out is the remarkable one, and its peers are not', () => {
    const fleet = [server, server, { ...server, errorRate: 0.5, ejections: 2 }, server];
    expect(remarkableScores(fleet)).toEqual([0, 0, 7, 0]);
  });

  test('sessions are averaged, and absent without sessions', () => {
    const sessions = { started: 10, lost: 2, recovered: 1, callsMean: null };
    expect(
      mergeSessions([
        record(0, 1, {}, { sessions }),
        record(0, 2, {}, { sessions: { ...sessions, lost: 4 } }),
      ]),
    ).toEqual({
      ...sessions,
      lost: 3,
    });
    expect(mergeSessions([record(0, 1, {})])).toBeNull();
  });
});

describe('objectives', () => {
  const runs = contender('a', { latencyMsP99: [400, 600], goodputRps: [90, 110] }).runs;

  test('the mean over runs must keep within the limit, from the right side', () => {
    expect(sloRows([{ metric: 'latencyMsP99', limit: 500 }], runs)).toEqual([
      { metric: 'latencyMsP99', limit: 500, mean: 500, met: true },
    ]);
    expect(sloRows([{ metric: 'latencyMsP99', limit: 499 }], runs)[0]?.met).toBe(false);
    expect(sloRows([{ metric: 'goodputRps', limit: 100 }], runs)[0]?.met).toBe(true);
    expect(sloRows([{ metric: 'goodputRps', limit: 101 }], runs)[0]?.met).toBe(false);
  });

  test('a metric that a run lacks is a miss, even when the other runs are well within', () => {
    expect(sloRows([{ metric: 'latencyMsP50', limit: 1 }], runs)[0]).toMatchObject({
      mean: null,
      met: false,
    });
    const [first, second] = runs;
    const partly = [first!, { ...second!, metrics: {} }];
    expect(sloRows([{ metric: 'latencyMsP99', limit: 500 }], partly)[0]).toMatchObject({
      mean: 400,
      met: false,
    });
  });

  test('errors and latencies are not vouched for where nobody had an answer for too long', () => {
    const limits = [
      { metric: 'latencyMsP99', limit: 500 },
      { metric: 'goodputRps', limit: 100 },
    ] as const;
    expect(sloRows(limits, runs, true).map(({ met }) => met)).toEqual([false, true]);
  });

  test('mishaps that were never counted did not happen; without runs nothing is met', () => {
    expect(sloRows([{ metric: 'sessionsLost', limit: 0 }], runs)[0]).toMatchObject({
      mean: null,
      met: true,
    });
    expect(sloRows([{ metric: 'sessionsLost', limit: 0 }], [])[0]?.met).toBe(false);
  });
});

describe('rounding', () => {
  test('keeps six significant digits of measures, and whole numbers whole', () => {
    expect(rounded({ a: 1.23456789, b: [123456789, null, 'x'], c: 0.000123456789 }, 'x')).toEqual({
      a: 1.23457,
      b: [123456789, null, 'x'],
      c: 0.000123457,
    });
  });

  test('is settled after one pass', () => {
    const once = rounded(
      upTo(50).map((i) => Math.sqrt(i) * 10 ** (i % 9)),
      'x',
    );
    expect(rounded(once, 'x')).toEqual(once);
  });

  test('lets no NaN and no infinity into the file, and says where it was', () => {
    expect(() => rounded({ metrics: { errorRate: NaN } }, 'run')).toThrow(
      'run.metrics.errorRate is NaN',
    );
    expect(() => rounded([Infinity], 'run')).toThrow('Infinity');
  });
});
