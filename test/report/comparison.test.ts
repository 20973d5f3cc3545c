import { expect, test } from 'vitest';
import { renderComparison, type Labelled } from '../../src/report/comparison.ts';
import { columns } from '../../src/report/terminal.ts';
import { compareResults } from '../../src/results/compare.ts';
import { makeResults } from './fixture.ts';

const a: Labelled = { label: 'a.json', results: makeResults({ contenders: 3 }) };
const b: Labelled = { label: 'b.json', results: makeResults({ contenders: 3 }) };
const rows = compareResults(a.results, b.results);

test.each([40, 60, 80, 100, 160])('fits %i columns and keeps the verdicts', (width) => {
  const text = renderComparison(a, b, rows, { width, color: false });
  for (const line of text.split('\n')) expect(columns(line)).toBeLessThanOrEqual(width);
  expect(text.match(/equivalent$/gm)?.length).toBeGreaterThanOrEqual(6);
});

test('loses neither metric nor figures where it is narrow', () => {
  const narrow = renderComparison(a, b, rows, { width: 44, color: false });
  const wide = renderComparison(a, b, rows, { width: 200, color: false });
  for (const text of ['error rate*', 'p99 latency*']) expect(narrow).toContain(text);
  const figures = (text: string) => text.match(/\d[\d.,]*(?= ms)/g)?.length ?? 0;
  expect(figures(narrow)).toBeGreaterThan(0);
  expect(figures(narrow)).toBe(figures(wide));
});

test('tells several contenders by the count of their verdicts', () => {
  const text = renderComparison(a, b, rows, { width: 200, color: false });
  expect(text).toContain('worse in 0, equivalent in 6 and undecided in 0 of 6 judged comparisons.');
});

test('tells a single pair by name and file', () => {
  const one = { ...a, results: makeResults({ contenders: 1 }) };
  const other = { ...b, results: makeResults({ contenders: 1 }) };
  const pair = compareResults(one.results, other.results);
  const text = renderComparison(one, other, pair, { width: 200, color: false });
  expect(text).toMatch(/, b\.json” makes no difference to “.*, a\.json”/);
});

test('shows both means over the seeds that both have', () => {
  const one = { ...a, results: makeResults({ contenders: 1, seeds: 12 }) };
  const other = { ...b, results: makeResults({ contenders: 1, seeds: 5 }) };
  const pair = compareResults(one.results, other.results);
  const text = renderComparison(one, other, pair, { width: 200, color: false });
  expect(text.replace(/\s+/g, ' ')).toContain('over the 5 shared seeds');
  const [, first, then] = /error rate\*\s+([\d.]+ %)\s+([\d.]+ %)/.exec(text)!;
  expect(first).toBe(then);
});

test('is without escape sequences unless coloured', () => {
  const escape = '\u001B';
  expect(renderComparison(a, b, rows, { width: 100, color: false })).not.toContain(escape);
  expect(renderComparison(a, b, rows, { width: 100, color: true })).toContain(escape);
});

test('names the margin, and its floors for the metrics shown', () => {
  const text = renderComparison(a, b, rows, { width: 200, color: false });
  expect(text).toContain(
    'Margin: 5 %, but at least 0.1 points or 1 ms; a smaller difference does not matter.',
  );
});
