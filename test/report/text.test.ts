import { describe, expect, test } from 'vitest';
import { columns, fitMiddle, wrap } from '../../src/report/terminal.ts';
import { distinct } from '../../src/report/row-labels.ts';
import { renderText } from '../../src/report/text.ts';
import { makeResults } from './fixture.ts';

const text = (width: number, options = {}, color = false): string =>
  renderText(makeResults(options), { width, color });

describe('the terminal report', () => {
  test.each([
    ['two contenders', {}],
    ['five contenders', { contenders: 5 }],
    ['forty contenders', { contenders: 40 }],
    ['hostile names', { contenders: 8, hostile: true }],
    ['an interrupted run', { complete: false, seeds: 4 }],
    ['one contender', { contenders: 1 }],
  ])('keeps every line within the width for %s', (_name, options) => {
    for (const width of [40, 60, 80, 120])
      for (const line of text(width, options).split('\n'))
        expect(columns(line), line).toBeLessThanOrEqual(width);
  });

  test('begins with the question and ends with the answer', () => {
    const lines = text(200).trimEnd().split('\n');
    const { scenario, answer } = makeResults();
    expect(lines[0]).toBe(scenario.question);
    expect(lines.at(-1)).toBe(answer);
  });

  test('shows rank, mean, interval and verdict of each judged metric', () => {
    const report = text(120);
    expect(report).toMatch(/ 1 {2}counter breaker +1\.21 % +499 ms/);
    expect(report).toMatch(/1\.09 to 1\.33 % +463 to 534 ms/);
    expect(report).toMatch(/−83\.1 % better +−58 % better/);
    expect(report).toContain('error rate*');
  });

  test('shows the same figures at 60 columns as at 120, in more blocks', () => {
    const figures = (report: string): string[] =>
      (report.match(/[\d,.]+ (?:ms|%|s)(?= |$)/gm) ?? []).sort();
    const board = (report: string): string => report.slice(0, report.indexOf('Ranked by'));
    expect(figures(board(text(60)))).toEqual(figures(board(text(120))));
  });

  test('tells a figure that is the same for all in a sentence, not in a table of its own', () => {
    const report = text(80);
    expect(report.match(/# {2}contender/g)).toHaveLength(2);
    expect(report.match(/server-seconds/g)).toHaveLength(1);
    expect(report.replace(/\s+/g, ' ')).toContain('The same for all: server-seconds 1,800 s.');
    expect(text(80, { contenders: 3 })).not.toContain('The same for all');
    expect(text(80, { contenders: 1 })).not.toContain('The same for all');
  });

  test('ticks each objective', () => {
    const report = text(120);
    expect(report).toContain('✓ p99 latency 499 ms (≤ 500 ms)');
    expect(report).toContain('✗ error rate 7.14 % (≤ 1 %)');
  });

  test('tells of many contenders only what they miss, and the limits once', () => {
    const report = text(120, { contenders: 5 });
    expect(report.replace(/\s+/g, ' ')).toMatch(
      /SLO: \d of 5 contenders meet all of p99 latency ≤ 500 ms, error rate ≤ 1 %\./,
    );
    expect(report).not.toContain('✓');
    expect(report).toMatch(/^SLO without breaker .*✗ error rate/m);
  });

  test('calls no two contenders alike, however narrow', () => {
    const matrix = [
      { path: 'health.interval', values: ['5s', '10s', '30s'] },
      { path: 'health.unhealthy', values: ['1', '2', '3'] },
    ];
    const narrow = text(40, { matrix });
    const names = narrow.match(/^ ?\d+ {2}\S.*? {2}/gm)!.map((row) => row.slice(4).trim());
    expect(new Set(names)).toContain('10s · 2');
    expect(names).toHaveLength(
      new Set(names).size * (narrow.match(/# {2}contender/g)?.length ?? 1),
    );
    expect(narrow.replace(/\s+/g, ' ')).toContain('Contenders are named by interval · unhealthy.');
    expect(text(160, { matrix })).not.toContain('are named by');
  });

  test('puts warnings before the figures', () => {
    const report = text(120, { complete: false, seeds: 4 });
    expect(report.match(/interrupted/gi)).toHaveLength(1);
    expect(report.indexOf('! The run was interrupted')).toBeGreaterThan(0);
    expect(report.indexOf('! The run was interrupted')).toBeLessThan(report.indexOf('error rate'));
  });

  test('ranks nobody with fewer than 10 seeds, and shows no interval of one', () => {
    const few = text(120, { seeds: 5 });
    expect(few).toMatch(/ – {2}counter breaker/);
    expect(few).toContain('not tested with 5 seeds');
    expect(text(200, { seeds: 1 })).toContain('There are no intervals: only one seed was run.');
  });

  test('says why a rank can hold a worse mean than the next, where one does', () => {
    const wide = 'share a rank, so a wide interval can stand above a better mean.';
    const results = makeResults({ contenders: 3 });
    const flat = (text: string): string => text.replace(/\s+/g, ' ');
    expect(flat(renderText(results, { width: 120, color: false }))).not.toContain(wide);
    // One run in ten fails nearly always: a mean of 9 %, above that of the baseline, that nobody can tell from the best.
    const [baseline, best, other] = results.contenders;
    const toss = {
      ...other!,
      runs: other!.runs.map((run, index) => ({
        ...run,
        metrics: { ...run.metrics, errorRate: index === 0 ? 0.9 : 0 },
      })),
      metrics: { ...other!.metrics, errorRate: { mean: 0.09, low: 0, high: 0.29 } },
    };
    const uneven = { ...results, contenders: [baseline!, best!, toss] };
    expect(flat(renderText(uneven, { width: 120, color: false }))).toContain(wide);
  });

  test('is coloured only when asked', () => {
    expect(text(80)).not.toContain('\u001B');
    expect(text(80, {}, true)).toContain('\u001B[32m');
  });

  test('lets no name move the cursor', () => {
    const results = makeResults();
    const [first, ...others] = results.contenders;
    const sly = {
      ...results,
      contenders: [{ ...first!, name: 'a\u001B[2Jb\rc\u202E' }, ...others],
    };
    expect(renderText(sly, { width: 80, color: false })).toContain('a[2Jb c');
  });
});

describe('wrapping', () => {
  test('breaks at spaces, and inside a word longer than the line', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
  });

  test('keeps a per cent sign with its figure, and words with a no-break space', () => {
    expect(wrap('about 95 % of it', 8)).toEqual(['about', '95 % of', 'it']);
    expect(wrap('abc d\u00A0e', 5)).toEqual(['abc', 'd\u00A0e']);
  });

  test('counts wide letters as two columns', () => {
    expect(columns('漢字')).toBe(4);
    expect(wrap('漢字漢字', 4)).toEqual(['漢字', '漢字']);
  });
});

describe('names that are cut', () => {
  test('lose their middle', () => {
    expect(fitMiddle('abcdefghij', 6, 0.6)).toBe('abc…ij');
    expect(fitMiddle('abcdef', 6, 0.6)).toBe('abcdef');
    expect(columns(fitMiddle('漢字漢字漢字', 6, 0.6))).toBeLessThanOrEqual(6);
  });

  test('stay distinct: by their beginning, their end, or a number', () => {
    for (const names of [
      ['least connections', 'least conversions'],
      ['a-long-way-to-1', 'a-long-way-to-2'],
      ['1-is-a-long-way', '2-is-a-long-way'],
      ['aaaaaaaaaa1aaaaaaaaaa', 'aaaaaaaaaa2aaaaaaaaaa'],
    ]) {
      const cut = distinct(names, 8);
      expect(new Set(cut).size).toBe(2);
      for (const name of cut) expect(columns(name)).toBeLessThanOrEqual(8);
    }
  });
});
