import { afterAll, beforeAll, expect, test } from 'vitest';
import { FLAKY } from './scenarios.ts';
import { Folder } from './windtunnel.ts';

const folder = new Folder();
const TEN_SEEDS = ['--seeds', '10', '--only', 'without breaker'];

beforeAll(async () => {
  folder.write('flaky.yaml', FLAKY);
  const variants = [
    ['as-is', []],
    ['no-retries', ['--set', 'traffic.retries=none']],
    ['busier', ['--set', 'traffic.arrivals.poisson.rate=150/s']],
  ] as const;
  for (const [name, change] of variants) {
    const { code, stderr } = await folder.windtunnel([
      'sim',
      'flaky.yaml',
      ...TEN_SEEDS,
      ...change,
      '--out',
      name,
    ]);
    expect(code, stderr).toBe(0);
  }
});
afterAll(() => folder.remove());

test('compare --strict exits with 98 when the second is worse in a judged metric', async () => {
  const { code, stdout } = await folder.windtunnel([
    'compare',
    'as-is.json',
    'no-retries.json',
    '--strict',
  ]);
  expect(code, stdout).toBe(98);
  expect(stdout).toMatch(/error rate\*.*worse/);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'is worse than “without breaker, as-is.json”: it raises the error rate by',
  );
});

test('compare exits with 0 without --strict, and the other way round', async () => {
  const worse = await folder.windtunnel(['compare', 'as-is.json', 'no-retries.json']);
  expect(worse.code).toBe(0);
  const better = await folder.windtunnel(['compare', 'no-retries.json', 'as-is.json', '--strict']);
  expect(better.code).toBe(0);
});

test('compare refuses results of another demand, unless forced', async () => {
  const refused = await folder.windtunnel(['compare', 'as-is.json', 'busier.json']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(
    /^busier\.json {2}its demand or its world .* is not that of as-is\.json/,
  );
  const forced = await folder.windtunnel(['compare', 'as-is.json', 'busier.json', '--force']);
  expect(forced.code, forced.stderr).toBe(0);
  expect(forced.stderr).toContain('unlike scenarios');
});

test.each([
  ['garbage', 'no json', /not JSON/],
  ['foreign JSON', '{"format": "k6"}', /its format is `k6`/],
  ['another version', '{"format": "windtunnel/results", "version": 99}', /version `99`/],
  ['a list', '[1, 2]', /not a results file/],
  ['damaged results', '{"format": "windtunnel/results", "version": 1}', /damaged/],
])('report refuses %s and writes nothing', async (_, text, told) => {
  folder.write('bad.json', text);
  const before = folder.files();
  const { code, stderr } = await folder.windtunnel(['report', 'bad.json']);
  expect(code).toBe(2);
  expect(stderr).toMatch(told);
  expect(folder.files()).toEqual(before);
});

test('report refuses a results file that was cut short', async () => {
  folder.write('cut.json', folder.read('as-is.json').slice(0, 5000));
  const { code, stderr } = await folder.windtunnel(['report', 'cut.json']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^cut\.json {2}this is not JSON, or not all of it/);
});
