import { expect, test } from 'vitest';
import { bugReport } from '../../src/cli/bug-report.ts';
import { WHOLE_RUN } from '../../src/cli/counting-world.ts';
import { simulate, type Experiment } from '../../src/cli/simulate.ts';
import { InvariantError } from '../../src/core/invariant.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { FLAKY } from '../e2e/scenarios.ts';

const { scenario, inputs } = loadScenario({
  file: 'flaky.yaml',
  text: FLAKY,
  readFile: () => '',
});

const experiment = (): Experiment => ({
  scenario,
  inputs,
  independent: false,
  progress: new Int32Array(new SharedArrayBuffer(4)),
});

test('a finished run adds one whole run to the progress', () => {
  const shared = experiment();
  expect(simulate(shared, { contender: 0, seed: 1 })).toHaveProperty('record');
  expect(shared.progress[0]).toBe(WHOLE_RUN);
  simulate(shared, { contender: 1, seed: 1 });
  expect(shared.progress[0]).toBe(2 * WHOLE_RUN);
});

test('a breach is reported with contender, seed, event and the command that reproduces it', () => {
  const broken = experiment();
  // No counter for Atomics: the first tick of progress throws, in the midst of the run as a broken invariant does.
  const progress = new Proxy(broken.progress, {});
  const reply = simulate({ ...broken, progress }, { contender: 1, seed: 2 });
  if (!('breach' in reply)) throw new InvariantError('the run should have failed');
  expect(reply.breach).toMatchObject({ contender: 1, seed: 2 });
  expect(reply.breach.event).toBeGreaterThan(0);
  const report = bugReport(scenario, 'flaky.yaml', { seeds: '10' }, reply.breach);
  expect(report).toContain('scenario flaky, contender "with breaker", seed 2, event ');
  expect(report).toContain("npm run sim -- flaky.yaml --set 'seeds=[2]' --only 'with breaker'");
});
