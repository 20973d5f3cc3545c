import { describe, expect, test } from 'vitest';
import { answerOf } from '../../src/results/answer/answer.ts';
import type { ContenderResults, SloRow } from '../../src/results/results.ts';
import { around, contender, field, gaussians } from './fixture.ts';

/** Error rate in percent and p99 in ms, with the spread of each over runs. */
const fleet = (
  name: string,
  [errors, errorSpread]: readonly [number, number],
  [p99, p99Spread]: readonly [number, number],
  change: Partial<ContenderResults> = {},
  runs = 10,
) =>
  contender(
    name,
    {
      errorRate: around(errors / 100, errorSpread / 100, runs),
      latencyMsP99: around(p99, p99Spread, runs),
    },
    change,
  );

describe('two contenders', () => {
  const baseline = fleet('without breaker', [13.6, 0.1], [412, 3]);
  const against = (...figures: [readonly [number, number], readonly [number, number]]) =>
    answerOf(field([baseline, fleet('with breaker', ...figures)]));

  test('better on all counts: how much, absolutely and relatively, and how surely', () => {
    expect(against([7.5, 0.2], [300, 8])).toBe(
      '“with breaker” is better than “without breaker”: it cuts the error rate by 6.10 points or 44.9 % (95 % interval 6.01 to 6.19 points) and cuts the p99 latency by 112 ms or 27.2 % (95 % interval 108 to 116 ms).',
    );
  });

  test('a mixed result names the gain and its price', () => {
    expect(against([7.5, 0.2], [500, 8])).toBe(
      '“with breaker” cuts the error rate by 6.10 points or 44.9 % (95 % interval 6.01 to 6.19 points) against “without breaker”, at the price of a p99 latency higher by 88.0 ms or 21.4 % (95 % interval 84.2 to 91.8 ms).',
    );
  });

  test('better on one and equal on the other', () => {
    expect(against([7.5, 0.2], [413, 4])).toBe(
      '“with breaker” is better than “without breaker”: it cuts the error rate by 6.10 points or 44.9 % (95 % interval 6.01 to 6.19 points); equal within the margin of 5 % in p99 latency.',
    );
  });

  test('better on one and open on the other, with the seeds that would settle it', () => {
    expect(against([7.5, 0.2], [440, 100])).toMatch(
      /; undecided in p99 latency \+28 ms \(95 % interval −45 to \+101 ms\), which about \d+ seeds would settle\.$/,
    );
  });

  test('worse', () => {
    expect(against([17.5, 0.2], [412, 4])).toBe(
      '“with breaker” is worse than “without breaker”: it raises the error rate by 3.90 points or 28.7 % (95 % interval 3.81 to 3.99 points); equal within the margin of 5 % in p99 latency.',
    );
  });

  test('equal, and identical, are not the same sentence', () => {
    expect(against([13.61, 0.2], [413, 4])).toBe(
      '“with breaker” and “without breaker” are equal within the margin of 5 % in error rate and p99 latency.',
    );
    expect(against([13.6, 0.1], [412, 3])).toBe(
      '“with breaker” makes no difference to “without breaker”: equal in error rate and p99 latency, run by run.',
    );
  });

  test('equal within a floor names the floor, not the share it overrules', () => {
    const low = fleet('a', [0.034, 0.009], [412, 3]);
    expect(answerOf(field([low, fleet('b', [0.012, 0.005], [413, 4])]))).toBe(
      '“b” and “a” are equal within the margin of 0.1 points in error rate and of 5 % in p99 latency.',
    );
    expect(answerOf(field([low, fleet('b', [0.012, 0.005], [300, 8])]))).toMatch(
      /; equal within the margin of 0\.1 points in error rate\.$/,
    );
  });

  test('undecided', () => {
    expect(against([13.8, 1], [440, 100])).toBe(
      '“with breaker” against “without breaker”: undecided in error rate +0.20 points (95 % interval −0.61 to +1.01 points) and p99 latency +28 ms (95 % interval −59 to +115 ms), which about 137 seeds would settle.',
    );
  });

  test('an unstable side is named, with what the steady one does', () => {
    const growing = { ...baseline, stable: false };
    expect(answerOf(field([growing, fleet('with breaker', [7.5, 0.2], [500, 8])]))).toBe(
      '“with breaker” keeps up with error rate 7.5 % and p99 latency 500 ms, while “without breaker” is UNSTABLE: its backlog grows, so its means depend on how long the run was and are not judged.',
    );
    expect(
      answerOf(field([growing, fleet('with breaker', [7.5, 0.2], [500, 8], { stable: false })])),
    ).toBe(
      'Both “without breaker” and “with breaker” are UNSTABLE: their backlogs grow, so their means depend on how long the run was and are not judged.',
    );
  });

  test('few seeds show and do not decide', () => {
    const few = [4, 1].map((runs) =>
      answerOf(
        field([
          fleet('a', [13.6, 0.1], [412, 3], {}, runs),
          fleet('b', [7.6, 0.1], [500, 8], {}, runs),
        ]),
      ),
    );
    expect(few[0]).toBe(
      'Exploratory, with 4 seeds nothing is decided: “b” against “a” shows error rate −6 points (95 % interval −6 ± 0 points) and p99 latency +88.0 ms (95 % interval +78.8 to +97.2 ms); run at least 10 seeds.',
    );
    expect(few[1]).toBe(
      'Exploratory, with one seed nothing is decided: “b” against “a” shows error rate −6 points and p99 latency +83 ms; run at least 10 seeds.',
    );
  });

  test('few seeds without a difference show none so far, unless the runs are the same in all', () => {
    const one = contender('a', { errorRate: [0, 0, 0], retries: [1, 2, 3] });
    const other = contender('b', { errorRate: [0, 0, 0], retries: [1, 2, 4] });
    const judge = ['errorRate' as const];
    expect(answerOf(field([one, other], { judge }))).toBe(
      'Exploratory, with 3 seeds nothing is decided: “b” against “a” shows no difference so far in error rate; run at least 10 seeds.',
    );
    expect(answerOf(field([one, { ...one, name: 'b' }], { judge }))).toBe(
      '“b” makes no difference to “a”: equal in error rate, run by run.',
    );
    expect(answerOf(field([one, other, { ...other, name: 'c' }], { judge }))).toBe(
      'Exploratory, with 3 seeds nothing is decided: no difference so far in error rate (0 %); run at least 10 seeds.',
    );
  });

  test('without a judged metric in every run there is no answer, and that is the answer', () => {
    const other = ['a', 'b'].map((name) => contender(name, { retries: around(3, 1) }));
    expect(answerOf(field(other))).toBe(
      '“a” and “b” cannot be compared: no judged metric was measured in every run.',
    );
  });
});

describe('several contenders', () => {
  const roundRobin = fleet('round-robin', [2, 0.1], [412, 3]);
  const random = fleet('random', [3, 0.1], [600, 8]);
  const leastConnections = fleet('least-connections', [1.2, 0.1], [300, 4]);

  // The p99 row is the third that Holm rejects among four: 112 ms, standard error 1/3, t(9) at .05 / 2 = 2.685.
  test('one is best in everything', () => {
    expect(answerOf(field([roundRobin, random, leastConnections]))).toBe(
      '“least-connections” is best in error rate at 1.2 %, 0.8 points or 40 % below the baseline (95 % interval 0.8 ± 0 points) and p99 latency at 300 ms, 112 ms or 27.2 % below the baseline (95 % interval 111 to 113 ms).',
    );
  });

  test('the baseline may be the best', () => {
    expect(answerOf(field([leastConnections, roundRobin, random]))).toBe(
      'The baseline “least-connections” is best in error rate at 1.2 % and p99 latency at 300 ms.',
    );
  });

  test('different metrics may have different winners', () => {
    const frugal = fleet('frugal', [0.5, 0.1], [500, 4]);
    expect(answerOf(field([roundRobin, frugal, leastConnections]))).toMatch(
      /^“frugal” is best in error rate at 0\.5 %.*; “least-connections” is best in p99 latency at 300 ms/,
    );
  });

  test('a leader who cannot be told from another is not called best', () => {
    const twin = fleet('p2c', [1.21, 0.1], [301, 5]);
    expect(answerOf(field([roundRobin, random, leastConnections, twin]))).toMatch(
      /^“least-connections” leads in error rate .* and p99 latency .*, but with no difference that matters \(below 0\.1 points in error rate and 5 % in p99 latency\) to “p2c”\.$/,
    );
  });

  test('nobody stands out', () => {
    const same = ['x', 'y'].map((name, i) => fleet(name, [2.001 + i / 1000, 0.1], [413, 3]));
    expect(answerOf(field([roundRobin, ...same]))).toBe(
      'No difference that matters (below 5 %): the best means are those of the baseline “round-robin”, error rate at 2 % and p99 latency at 412 ms.',
    );
  });

  test('a difference that is real but below the margin is told as one that does not matter', () => {
    const rates = [0.034, 0.012, 0.02];
    const tiny = rates.map((rate, i) => fleet('abc'[i]!, [rate, 0.005], [412 - 40 * i, 3]));
    expect(answerOf(field(tiny))).toMatch(
      /^No difference that matters \(below 0\.1 points\): the best mean is that of “b”, error rate at 0\.012 %; “c” is best in p99 latency/,
    );
  });

  test('who may be worse by more than the margin is told apart from who is not', () => {
    const wide = fleet('wide', [1.25, 0.6], [300, 4]);
    const near = fleet('near', [1.21, 0.1], [300, 4]);
    expect(answerOf(field([roundRobin, random, leastConnections, near, wide]))).toMatch(
      /^“least-connections” leads in error rate at 1\.2 %.*, but with no difference that matters \(below 0\.1 points\) to “near”, and “wide” is not shown to be worse by more than 0\.1 points/,
    );
    expect(answerOf(field([roundRobin, fleet('x', [2.1, 1], [440, 100])]))).toContain('undecided');
    const unsure = ['x', 'y'].map((name) => fleet(name, [2.1, 1], [420, 100]));
    expect(answerOf(field([roundRobin, ...unsure]))).toMatch(
      /^No contender is shown to be worse by more than 5 % than the best, the baseline “round-robin”, in error rate at 2 % and p99 latency at 412 ms\.$/,
    );
  });

  test('an unstable contender is not ranked, however good it looks', () => {
    const lucky = fleet('lucky', [0.1, 0.1], [100, 3], { stable: false });
    const answer = answerOf(field([roundRobin, leastConnections, lucky]));
    expect(answer).toMatch(/^“least-connections” is best/);
    expect(answer).toMatch(/; “lucky” is UNSTABLE and not ranked\.$/);
  });

  test('when all are unstable nobody is ranked', () => {
    const all = [roundRobin, random, leastConnections].map((one) => ({ ...one, stable: false }));
    expect(answerOf(field(all))).toBe(
      'No contender can be ranked on a judged metric; “round-robin”, “random” and “least-connections” are UNSTABLE and not ranked.',
    );
  });

  test('few seeds crown nobody', () => {
    const few = [2, 1, 3].map((errors, i) => fleet('abc'[i]!, [errors, 0.1], [412 - i, 3], {}, 4));
    expect(answerOf(field(few))).toBe(
      'Exploratory, with 4 seeds nothing is decided: the best means so far are those of “b” in error rate (1 %) and “c” in p99 latency (410 ms); run at least 10 seeds.',
    );
  });
});

describe('a matrix', () => {
  const matrix = [
    { path: 'balancer', values: ['rr', 'lc'] },
    { path: 'breaker.counter.failures', values: ['3', '5', '10'] },
  ];
  const errors = [2, 1.8, 3, 1.2, 1, 2];
  const cells = errors.map((share, i) =>
    fleet(
      `${matrix[0]!.values[Math.floor(i / 3)]} ${matrix[1]!.values[i % 3]}`,
      [share, 0.05],
      [share * 200, 3],
      {
        cell: [Math.floor(i / 3), i % 3],
      },
    ),
  );

  test('names the best cell and what its neighbours do', () => {
    const answer = answerOf(field(cells, { matrix }));
    expect(answer).toMatch(
      /^“lc 5” is best in error rate at 1 %, 1 point or 50 % below the baseline/,
    );
    expect(answer).toMatch(
      /; of the 3 cells of the matrix one step from “lc 5” all are worse \(error rate 1\.2 to 2\.0 %\)\.$/,
    );
  });

  test('a plateau is told as one', () => {
    const noise = gaussians(4, 'noise', 10);
    const flat = cells.map((cell) => ({
      ...contender(cell.name, { errorRate: noise.map((z) => 0.02 + z / 1000) }),
      cell: cell.cell,
    }));
    expect(answerOf(field(flat, { matrix }))).toMatch(
      /of the 2 cells of the matrix one step from “rr 3” none is shown to be worse/,
    );
  });
});

describe('one contender', () => {
  const p99 = (mean: number, met: boolean): SloRow => ({
    metric: 'latencyMsP99',
    limit: 500,
    mean,
    met,
  });
  const errors = (mean: number, met: boolean): SloRow => ({
    metric: 'errorRate',
    limit: 0.01,
    mean,
    met,
  });
  const alone = (slo: SloRow[], change: Partial<ContenderResults> = {}) =>
    answerOf(field([fleet('baseline', [0.2, 0.1], [412, 3], { slo, ...change })]));

  test('tells its objectives, met and missed', () => {
    expect(alone([p99(412, true), errors(0.002, true)])).toBe(
      '“baseline” meets both objectives: p99 latency 412 ms (limit 500 ms) and error rate 0.2 % (limit 1 %).',
    );
    expect(alone([p99(612, false), errors(0.002, true)])).toBe(
      '“baseline” misses 1 of 2 objectives: p99 latency 612 ms (limit 500 ms); it meets error rate 0.2 % (limit 1 %).',
    );
    expect(alone([p99(612, false)])).toBe(
      '“baseline” misses its objective: p99 latency 612 ms (limit 500 ms).',
    );
  });

  test('says that a limit is a floor, and that a figure is missing', () => {
    const goodput: SloRow = { metric: 'goodputRps', limit: 100, mean: 118, met: true };
    const mean: SloRow = { metric: 'latencyMsMean', limit: 5, mean: null, met: false };
    const lost: SloRow = { metric: 'sessionsLost', limit: 5, mean: null, met: true };
    expect(alone([goodput, lost, mean])).toBe(
      '“baseline” misses 1 of 3 objectives: mean latency not measured (limit 5 ms); it meets goodput 118/s (at least 100/s) and number of lost sessions none (limit 5).',
    );
  });

  test('without objectives tells the judged figures with their intervals', () => {
    expect(alone([])).toBe(
      '“baseline”: error rate 0.200 % (95 % interval 0.125 to 0.275 %) and p99 latency 412 ms (95 % interval 410 to 414 ms).',
    );
  });

  test('an unstable one says so', () => {
    expect(alone([p99(612, false)], { stable: false })).toMatch(
      /, but its backlog grows: it is UNSTABLE\.$/,
    );
  });
});
