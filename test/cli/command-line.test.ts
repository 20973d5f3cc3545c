import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand, simCommand } from '../../src/cli/command-line.ts';

test('names every option that changes the numbers', () => {
  const options = {
    set: ['servers.count=8'],
    only: ['b'],
    seeds: '1,2',
    quick: true,
    independent: true,
  };
  expect(simCommand('scenarios/flaky.yaml', options)).toBe(
    'npm run sim -- scenarios/flaky.yaml --set servers.count=8 --only b --seeds 1,2 --quick --independent',
  );
});

test('names the manifests and the workload in them', () => {
  const options = { kubernetes: ['deploy/a.yaml', 'deploy/b.yaml'], workload: 'mcp' };
  const manifests = '--kubernetes deploy/a.yaml --kubernetes deploy/b.yaml --workload mcp';
  expect(simCommand('x.yaml', options)).toBe(`npm run sim -- x.yaml ${manifests}`);
  expect(runCommand('x.yaml', options, 'a', 2)).toBe(
    `npm run sim -- x.yaml ${manifests} --set 'seeds=[2]' --only a`,
  );
});

test('quotes what a shell would take apart', () => {
  expect(simCommand('my file.yaml', { only: ["it's $HOME"] })).toBe(
    String.raw`npm run sim -- 'my file.yaml' --only 'it'\''s $HOME'`,
  );
});

test('tells a path below the current folder without the folder', () => {
  expect(simCommand(join(process.cwd(), 'scenarios/flaky.yaml'), {})).toBe(
    'npm run sim -- scenarios/flaky.yaml',
  );
});

test('one run is reproduced by its contender and its seed', () => {
  expect(runCommand('flaky.yaml', { seeds: '10' }, 'with breaker', 7)).toBe(
    "npm run sim -- flaky.yaml --set 'seeds=[7]' --only 'with breaker'",
  );
});

test('an independent run keeps all contenders, as its streams depend on its place among them', () => {
  expect(runCommand('flaky.yaml', { independent: true }, 'with breaker', 7)).toBe(
    "npm run sim -- flaky.yaml --set 'seeds=[7]' --independent",
  );
});
