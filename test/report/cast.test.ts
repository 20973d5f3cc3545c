import { describe, expect, test } from 'vitest';
import { castOf } from '../../src/report/cast.ts';
import { makeResults } from './fixture.ts';

const leads = (results: ReturnType<typeof makeResults>): string[] =>
  castOf(results).leads.map(({ contender }) => contender.name);

describe('who leads in the charts', () => {
  test('is everyone while there are four or fewer', () => {
    expect(leads(makeResults({ contenders: 4 }))).toHaveLength(4);
  });

  test('is the baseline and the best of the others when there are more', () => {
    expect(leads(makeResults({ contenders: 5 }))).toEqual([
      'without breaker',
      'breaker and retry budget',
      'counter breaker',
      'failure-rate breaker',
    ]);
  });

  test('includes the best by the second judged metric, whom the answer names too', () => {
    const results = makeResults({ contenders: 6 });
    const fast = results.contenders.map((contender, index) =>
      index !== 3
        ? contender
        : {
            ...contender,
            runs: contender.runs.map((run) => ({
              ...run,
              metrics: { ...run.metrics, latencyMsP99: 9 },
            })),
          },
    );
    expect(leads({ ...results, contenders: fast })).toContain('outlier ejection');
  });

  test('keeps one colour a lead, and greys the rest', () => {
    const { all, charted } = castOf(makeResults({ contenders: 40 }));
    const colours = all.filter(({ lead }) => lead).map(({ colour }) => colour);
    expect(new Set(colours).size).toBe(4);
    expect(all.filter(({ colour }) => colour === 'var(--other)')).toHaveLength(36);
    expect(charted).toHaveLength(16);
  });

  test('names a cell of a matrix by its values', () => {
    const matrix = [
      { path: 'a.failures', values: ['2', '3'] },
      { path: 'a.recovery', values: ['5s', '9s'] },
    ];
    expect(castOf(makeResults({ matrix })).all.map(({ label }) => label)).toEqual([
      '2 · 5s',
      '2 · 9s',
      '3 · 5s',
      '3 · 9s',
    ]);
  });
});

describe('the order of the leaderboard', () => {
  test('puts unstable contenders last, unranked', () => {
    const { ranked } = castOf(makeResults({ contenders: 40 }));
    expect(ranked.at(-1)!.contender.stable).toBe(false);
    expect(ranked.at(-1)!.rank).toBeNull();
    const ranks = ranked.flatMap(({ rank }) => rank ?? []);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });
});
