import { afterAll, expect, test } from 'vitest';
import { FLAKY } from './scenarios.ts';
import { Folder } from './windtunnel.ts';

const folder = new Folder();
folder.write('flaky.yaml', FLAKY);
afterAll(() => folder.remove());

test('validate says that a scenario is sound, how big it is, and where it departs from best practice', async () => {
  const { code, stdout } = await folder.windtunnel(['validate', 'flaky.yaml']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^flaky\.yaml: ok, 2 contenders x 2 seeds, about 3,200 requests\n/);
  expect(stdout).toMatch(
    /circuit breaker: none with "without breaker"\n {2}recommended: .*\n {2}because /,
  );
});

test('validate tells all mistakes of a scenario at once', async () => {
  folder.write(
    'wrong.yaml',
    FLAKY.replace('count: 3', 'count: many').replace('timeout: 300ms', 'timeout: 300'),
  );
  const { code, stderr } = await folder.windtunnel(['validate', 'wrong.yaml']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/traffic\.timeout/);
  expect(stderr).toMatch(/servers\.count/);
});

test('validate --schema prints a JSON Schema of every top-level key', async () => {
  const { code, stdout } = await folder.windtunnel(['validate', '--schema']);
  expect(code).toBe(0);
  const { properties } = JSON.parse(stdout) as { properties: object };
  expect(Object.keys(properties)).toEqual(
    expect.arrayContaining(['question', 'traffic', 'servers', 'contenders']),
  );
});

test('list tells a policy with its options, defaults and what they mean', async () => {
  const { code, stdout } = await folder.windtunnel(['list', 'counter']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /failures +failures that open the circuit \(a whole number from 1; default 5\)/,
  );
  expect(stdout).toMatch(/recovery +.*default 30s/);
});

test('help lists the verbs and an example, and exits with 0', async () => {
  const { code, stdout } = await folder.windtunnel(['--help']);
  expect(code).toBe(0);
  for (const verb of ['sim', 'report', 'compare', 'validate', 'list'])
    expect(stdout).toMatch(new RegExp(`^ +${verb} `, 'm'));
  expect(stdout).toContain('windtunnel sim scenarios/flaky.yaml');
});

test('--version prints the version of the package', async () => {
  const { code, stdout } = await folder.windtunnel(['--version']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('a reader who closes the pipe early is no error', async () => {
  const { code, stderr } = await folder.windtunnel(['list'], { deaf: true });
  expect(code).toBe(0);
  expect(stderr).toBe('');
});
