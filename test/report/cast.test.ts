import { describe, expect, test } from 'vitest';
import { castOf } from '../../src/report/cast.ts';
import { makeResults } from './fixture.ts';

const leads = (results: ReturnType<typeof makeResults>): string[] =>
  castOf(results).leads.map(({ contender }) => contender.name);

describe('who leads in the charts', () => {
  test('is everyone while there are six or fewer', () => {
    expect(leads(makeResults({ contenders: 6 }))).toHaveLength(6);
  });

  test('is the baseline and the best of the others when there are more', () => {
    const cast = castOf(makeResults({ contenders: 12 }));
    const [first, ...others] = cast.leads;
    expect(first!.baseline).toBe(true);
    expect(others).toHaveLength(5);
    const worst = Math.max(...others.map(({ rank }) => rank ?? Infinity));
    const left = cast.ranked.filter(({ lead, rank }) => !lead && rank !== null);
    expect(left.length).toBeGreaterThan(0);
    for (const { rank } of left) expect(rank).toBeGreaterThanOrEqual(worst);
  });

  test('includes the best by the second judged metric, whom the answer names too', () => {
    const results = makeResults({ contenders: 12 });
    const fast = results.contenders.map((contender, index) =>
      index !== 11
        ? contender
        : {
            ...contender,
            runs: contender.runs.map((run) => ({
              ...run,
              metrics: { ...run.metrics, latencyMsP99: 9 },
            })),
          },
    );
    expect(leads({ ...results, contenders: fast })).toContain('contender number 12');
  });

  test('keeps one colour a lead, and greys the rest', () => {
    const { all, charted } = castOf(makeResults({ contenders: 40 }));
    const colours = all.filter(({ lead }) => lead).map(({ colour }) => colour);
    expect(new Set(colours).size).toBe(6);
    expect(all.filter(({ colour }) => colour === 'var(--other)')).toHaveLength(34);
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
