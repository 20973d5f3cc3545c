import { describe, expect, test } from 'vitest';
import { Histogram } from '../../src/core/histogram.ts';
import type { Metrics } from '../../src/core/metrics.ts';
import { compareContenders } from '../../src/results/compare.ts';
import type { RunRecord } from '../../src/results/results.ts';
import { invalidReason } from '../../src/results/validity.ts';
import { gaussians, record, scenario, summary, upTo } from './fixture.ts';

const noise = gaussians(1, 'noise', 20);
const metrics = (seed: number, errorRate: number): Metrics => ({
  errorRate: errorRate + 0.001 * noise[seed - 1]!,
  latencyMsP99: 400 + noise[seed - 1]! / 3,
});
const runs = (
  contender: number,
  errorRate: number,
  seeds = upTo(10),
  change: Partial<RunRecord> = {},
) => seeds.map((seed) => record(contender, seed, metrics(seed, errorRate), change));

const plan = scenario(['a', 'b']);

describe('summarising', () => {
  test('yields means with intervals, verdicts and an answer', () => {
    const results = summary(plan, [runs(0, 0.1), runs(1, 0.05)]);
    expect(results.contenders.map(({ name, runs: done }) => [name, done.length])).toEqual([
      ['a', 10],
      ['b', 10],
    ]);
    const { mean, low, high } = results.contenders[0]!.metrics.errorRate!;
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
    const judged = results.comparisons.filter((row) => row.judged);
    expect(judged.map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ['errorRate', 'better'],
      ['latencyMsP99', 'equivalent'],
    ]);
    expect(results.answer).toContain(
      '“b” is better than “a”: it cuts the error rate by 5 points or ',
    );
    expect(results.warnings).toEqual([
      'Latencies are those of completed requests, and error rates differ by up to 5 points: a contender that fails its slow requests looks faster.',
    ]);
  });

  test('the statistics can be recomputed from the file', () => {
    const results = summary(plan, [runs(0, 0.1), runs(1, 0.099)]);
    const again = compareContenders(results.contenders, results.scenario, results.independent);
    again.forEach((row, i) => {
      expect(row.verdict).toBe(results.comparisons[i]?.verdict);
      expect(row.difference.mean).toBeCloseTo(results.comparisons[i]!.difference.mean, 8);
    });
  });

  test('survives JSON unchanged, so nothing in it is undefined, NaN or infinite', () => {
    const latency = new Histogram();
    upTo(5000).forEach((i) => latency.record(i / 7));
    const series = { binMs: 10, at: [0, 10], values: { errorRate: [null, 1 / 3] } };
    const results = summary(plan, [
      runs(0, 0.1, upTo(10), { latency: latency.counts, series }),
      runs(1, 0.1),
    ]);
    expect(results.contenders[0]!.percentiles.length).toBeGreaterThan(15);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });

  test('an interrupted run counts only the seeds that every contender finished, in order', () => {
    const results = summary(plan, [runs(0, 0.1, [3, 1, 2]), runs(1, 0.05, [1, 3, 4])], {
      complete: false,
    });
    for (const contender of results.contenders)
      expect(contender.runs.map(({ seed }) => seed)).toEqual([1, 3]);
    expect(results.complete).toBe(false);
    expect(results.warnings[0]).toBe('Interrupted: every contender finished 2 of 10 seeds.');
    expect(results.warnings[1]).toBe(
      'Exploratory: 2 seeds a contender; verdicts need at least 10.',
    );
  });

  test('interrupted before any seed was finished by all, it still makes a file', () => {
    const results = summary(plan, [runs(0, 0.1, [1]), []], { complete: false });
    expect(results.contenders.map((contender) => contender.runs)).toEqual([[], []]);
    expect(results.comparisons).toEqual([]);
    expect(results.answer).toBe('No run was finished.');
    expect(invalidReason(results)).toBe('No run was finished.');
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });

  test('faults and strips are those of the first run', () => {
    const faults = [{ label: 'errors 50% on s1', from: 1, to: 2 }];
    const strips = [{ server: 's1', spans: [{ from: 0, to: 1, state: 'open' as const }] }];
    const results = summary(plan, [runs(0, 0.1, upTo(10), { faults, strips }), runs(1, 0.1)]);
    expect(results.faults).toEqual(faults);
    expect(results.contenders.map((contender) => contender.strips)).toEqual([strips, []]);
  });
});

describe('stability', () => {
  const growing = (count: number) => runs(1, 0.5).map((run, i) => ({ ...run, stable: i >= count }));

  test('one growing backlog in ten is told, and judged all the same', () => {
    const { contenders, warnings } = summary(plan, [runs(0, 0.1), growing(1)]);
    expect(contenders[1]?.stable).toBe(true);
    expect(warnings).toContain(
      '“b”: the backlog grew in 1 of 10 runs; look at those runs before trusting its means.',
    );
  });

  test('two in ten make the contender unstable, and its means are not judged', () => {
    const { contenders, comparisons, warnings } = summary(plan, [runs(0, 0.1), growing(2)]);
    expect(contenders[1]?.stable).toBe(false);
    expect(comparisons.some(({ verdict }) => verdict === 'worse')).toBe(false);
    expect(warnings[0]).toMatch(/^UNSTABLE: “b”: the backlog grew in 2 of 10 runs/);
  });
});

describe('warnings', () => {
  const thin = (contender: number, requests: number) =>
    upTo(10).map((seed) =>
      record(contender, seed, {
        ...metrics(seed, 0.1 + contender / 1000),
        arrived: requests,
        requests,
      }),
    );

  test('p99 is flagged below 10,000 requests a run, p99.9 below 100,000 if it is judged', () => {
    expect(summary(plan, [thin(0, 10_000), thin(1, 10_000)]).warnings).toEqual([]);
    expect(summary(plan, [thin(0, 9999), thin(1, 3412)]).warnings).toEqual([
      'p99 rests on fewer than 10,000 requests a run (as few as 3,412): make the runs longer.',
    ]);
    const deep = scenario(['a', 'b'], { judge: ['latencyMsP999'] });
    expect(summary(deep, [thin(0, 10_000), thin(1, 10_000)]).warnings).toContain(
      'p99.9 rests on fewer than 100,000 requests a run (as few as 10,000): make the runs longer.',
    );
  });

  test('contenders whose every run is the baseline’s are told, once, and no others', () => {
    const trio = scenario(['a', 'b', 'c']);
    const same = (contender: number) => runs(contender, 0.1);
    expect(summary(trio, [same(0), same(1), runs(2, 0.101)]).warnings).toEqual([
      '“b” runs exactly as “a” with every seed: nothing that sets it apart came into play.',
    ]);
    expect(summary(trio, [same(0), same(1), same(2)]).warnings).toEqual([
      '“b” and “c” run exactly as “a” with every seed: nothing that sets them apart came into play.',
    ]);
    expect(summary(trio, [same(0), runs(1, 0.102), runs(2, 0.101)]).warnings).toEqual([]);
  });

  test('a judged metric that a run lacks is told', () => {
    const detecting = scenario(['a', 'b'], { judge: ['detectionMsMean'] });
    expect(summary(detecting, [runs(0, 0.1), runs(1, 0.1)]).warnings).toContain(
      'Not every run of “a” and “b” has a detection time, so it is not judged there.',
    );
  });

  test('requests without an answer are told, and no objective on errors or latency is met', () => {
    const slo = [
      { metric: 'errorRate' as const, limit: 0.5 },
      { metric: 'serverSeconds' as const, limit: 10 },
    ];
    const silent = upTo(10).map((seed) =>
      record(1, seed, {
        ...metrics(seed, 0.1),
        arrived: 60_000,
        requests: 27_000,
        serverSeconds: 1,
      }),
    );
    const { contenders, warnings } = summary(scenario(['a', 'b'], { slo }), [runs(0, 0.1), silent]);
    expect(warnings[0]).toBe(
      '330,000 of 600,000 requests of “b” had no answer when their run ended: they are in no error rate and no latency.',
    );
    expect(contenders[0]!.slo[0]!.met).toBe(true);
    expect(contenders[1]!.slo.map(({ met }) => met)).toEqual([false, true]);
  });

  test('an article fits its metric', () => {
    const bare = upTo(10).map((seed) => record(0, seed, {}));
    const { warnings } = summary(scenario(['a'], { judge: ['errorRate'] }), [bare]);
    expect(warnings).toContain(
      'Not every run of “a” has an error rate, so it is not judged there.',
    );
  });

  test('the lack of common random numbers is told', () => {
    const { warnings } = summary(plan, [runs(0, 0.1), runs(1, 0.101)], { independent: true });
    expect(warnings).toEqual([
      'Common random numbers were off (--independent): intervals are wider than they need be.',
    ]);
  });
});

describe('an invalid run', () => {
  const dead = (contender: number) =>
    upTo(10).map((seed) => record(contender, seed, { completed: 0, errorRate: 1 }));

  test('is one in which no contender completed anything', () => {
    expect(invalidReason(summary(plan, [runs(0, 0.1), runs(1, 0.1)]))).toBeNull();
    expect(invalidReason(summary(plan, [dead(0), dead(1)]))).toBe(
      'No request was completed with any contender.',
    );
    expect(invalidReason(summary(scenario(['a']), [dead(0)]))).toBe('No request was completed.');
  });

  test('is none in which one of several completed nothing: that is a result, with a warning', () => {
    for (const [all, name] of [
      [[runs(0, 0.1), dead(1)], 'b'],
      [[dead(0), runs(1, 0.1)], 'a'],
    ] as const) {
      const results = summary(plan, all);
      expect(invalidReason(results)).toBeNull();
      expect(results.warnings).toContain(
        `No request was completed with “${name}” in any run: it has no latency at all.`,
      );
    }
  });

  test('or one of which no run was finished', () => {
    expect(invalidReason(summary(plan, [[], []]))).toBe('No run was finished.');
  });

  test('or one in which nothing arrived at all', () => {
    const idle = [0, 1].map((contender) =>
      upTo(10).map((seed) => record(contender, seed, { arrived: 0, requests: 0, completed: 0 })),
    );
    expect(invalidReason(summary(plan, idle))).toBe(
      'No request arrived between the warm-up and the end of the run.',
    );
  });
});

describe('warnings of what the figures leave out', () => {
  const runs = (contender: number, toolErrorRate: number) =>
    upTo(10).map((seed) =>
      record(contender, seed, { errorRate: 0, toolErrorRate, latencyMsP99: 400 + seed }),
    );

  test('tells of tool errors, which no table shows, unless they are judged', () => {
    const plan = scenario(['a', 'b']);
    const told = (rates: number[], change = {}) =>
      summary(
        { ...plan, ...change },
        rates.map((rate, index) => runs(index, rate)),
      ).warnings;
    expect(told([0.25, 0]).join()).toContain(
      'Tools answered 25 % of the requests of “a” with an error of their own (isError)',
    );
    expect(told([0.25, 0.1]).join()).toContain(
      'Tools answered up to 25 % of the requests of “a” and “b”',
    );
    expect(told([0, 0]).join()).not.toContain('isError');
    expect(told([0.25, 0], { judge: ['toolErrorRate'] }).join()).not.toContain('isError');
  });

  test('tells that legacy sessions have a request more than modern ones', () => {
    const plan = scenario(['old', 'new']);
    const inEra = (eras: readonly ('legacy' | 'modern')[]) => ({
      ...plan,
      contenders: plan.contenders.map((contender, index) => ({
        ...contender,
        setup: {
          ...contender.setup,
          traffic: {
            ...contender.setup.traffic,
            sessions: {
              era: eras[index]!,
              share: 1,
              recover: false,
              calls: { kind: 'constant' as const, value: 5 },
              think: { kind: 'constant' as const, value: 0 },
            },
          },
        },
      })),
    });
    const told = (eras: readonly ('legacy' | 'modern')[]) =>
      summary(inEra(eras), [runs(0, 0), runs(1, 0)]).warnings.join();
    expect(told(['legacy', 'modern'])).toContain('begins with an `initialize`');
    expect(told(['legacy', 'legacy'])).not.toContain('initialize');
    expect(told(['modern', 'modern'])).not.toContain('initialize');
  });
});
