import { expect, test } from 'vitest';
import { parseResults, resultsText } from '../../src/cli/results-json.ts';
import { ScenarioError } from '../../src/core/scenario-error.ts';
import { makeResults } from '../report/fixture.ts';

test('what is written is read back the same', () => {
  const results = makeResults();
  expect(parseResults('x.json', resultsText(results))).toEqual(JSON.parse(JSON.stringify(results)));
});

test('keeps names that are special to JavaScript', () => {
  const results = makeResults({ hostile: true });
  const again = parseResults('x.json', resultsText(results));
  expect(again.contenders.map(({ name }) => name)).toEqual(
    results.contenders.map(({ name }) => name),
  );
});

test('has a list of numbers on one line', () => {
  const lines = resultsText(makeResults()).split('\n');
  expect(lines.filter((line) => /^\s*-?\d/.test(line))).toEqual([]);
});

test('names what is damaged', () => {
  const { contenders, ...rest } = makeResults();
  const text = JSON.stringify({ ...rest, contenders: [{ ...contenders[0], name: 7 }] });
  expect(() => parseResults('x.json', text)).toThrow(ScenarioError);
  expect(() => parseResults('x.json', text)).toThrow(/damaged results file: contenders\.0\.name/);
});
