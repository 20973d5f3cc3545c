import { describe, expect, test } from 'vitest';
import { renderCsv } from '../../src/report/csv.ts';
import { makeResults } from './fixture.ts';

const named = (name: string): string => {
  const results = makeResults({ seeds: 1 });
  const [first] = results.contenders;
  return renderCsv({ ...results, contenders: [{ ...first!, name }] }).split('\r\n')[1]!;
};

describe('the CSV export', () => {
  test('has one line for each contender, seed and metric, in full precision', () => {
    const results = makeResults({ seeds: 3 });
    const lines = renderCsv(results).split('\r\n');
    const figures = results.contenders.flatMap(({ runs }) =>
      runs.map(({ metrics }) => Object.keys(metrics).length),
    );
    expect(lines[0]).toBe('contender,seed,metric,value');
    expect(lines).toHaveLength(2 + figures.reduce((sum, count) => sum + count, 0));
    expect(lines.at(-1)).toBe('');
    const rate = results.contenders[1]!.runs[2]!.metrics.errorRate!;
    expect(lines).toContain(`counter breaker,3,errorRate,${rate}`);
  });

  test('quotes commas, quotes and line breaks as RFC 4180 says', () => {
    expect(named('a,b')).toMatch(/^"a,b",1,/);
    expect(named('say "no"')).toMatch(/^"say ""no""",1,/);
    expect(named('two\nlines')).not.toMatch(/^two,/);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)'])('makes a formula of %j inert', (name) => {
    expect(named(name)).toMatch(/^"?'/);
  });
});
