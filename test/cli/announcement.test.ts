import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { announcement } from '../../src/cli/announcement.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

const scenario = { name: 'x', contenders: [{}], seeds: [1, 2] } as unknown as Scenario;

test('announces the size of the work in one line', () => {
  expect(announcement(scenario, 120_000.4, 2)).toEqual([
    'x: 1 contender x 2 seeds, about 120,000 requests, on 2 workers',
  ]);
});

test('announces hours of work before they begin, at the half a million requests a second on a core of README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain('about half a million requests a second on one core');
  const lines = announcement(scenario, 7.2e9, 2, 4);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^This will take about 2 h\. Ctrl-C/);
});

test('hopes for no more from workers than there are cores for', () => {
  expect(announcement(scenario, 7.2e9, 8, 2)[1]).toMatch(/^This will take about 2 h\. /);
});
