import { expect, test } from 'vitest';
import { catalogue } from '../../src/cli/catalogue.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { AUTOSCALERS } from '../../src/policies/autoscaler/index.ts';
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import { BREAKERS } from '../../src/policies/breaker/index.ts';
import { BUDGETS } from '../../src/policies/budget/index.ts';
import { EJECTIONS } from '../../src/policies/ejection/index.ts';
import { GUARDS } from '../../src/policies/guards/index.ts';
import { HEALTHS } from '../../src/policies/health/index.ts';
import { LIMITS } from '../../src/policies/limit/index.ts';

const families = new Map(catalogue().map((family) => [family.name, family]));

test.each([
  ['balancers', BALANCERS],
  ['health', HEALTHS],
  ['ejections', EJECTIONS],
  ['breakers', BREAKERS],
  ['limits', LIMITS],
  ['budgets', BUDGETS],
  ['autoscalers', AUTOSCALERS],
] as const)(
  '%s: every entry of the registry is listed with its summary and all its options',
  (name, registry) => {
    const entries = families.get(name)!.entries;
    expect(entries.map((entry) => entry.name)).toEqual(Object.keys(registry));
    for (const entry of entries) {
      const { summary, options } = registry[entry.name]!;
      expect(entry.summary).toBe(summary);
      expect(entry.options.map((option) => option.name)).toEqual(
        expect.arrayContaining(Object.keys(options.shape)),
      );
      for (const option of entry.options)
        expect(option.meaning, `${entry.name}.${option.name}`).not.toBe('');
    }
  },
);

test('guards are listed under their keys, with what they do, what may be written and their options', () => {
  const { entries } = families.get('guards')!;
  expect(entries.map(({ name, summary }) => ({ name, summary }))).toEqual(
    GUARDS.map(({ key, summary }) => ({ name: key, summary })),
  );
  const named = (key: string) => entries.find(({ name }) => name === key)!;
  expect(named('affinity').short).toBe('value: none, session, key; default none');
  expect(named('panic').short).toBe('value: none, or a share such as 50%; default none');
  const withOptions = ['rebalance', 'slowStart', 'backlog', 'backlog.codel', 'traffic.hedging'];
  for (const key of withOptions) {
    expect(named(key).options.length, key).toBeGreaterThan(0);
    for (const { meaning } of named(key).options) expect(meaning).not.toBe('');
  }
});

test('every family has entries and says where it stands in a scenario', () => {
  expect([...families.keys()]).toEqual([
    'arrivals',
    'distributions',
    'session-lengths',
    'balancers',
    'health',
    'ejections',
    'breakers',
    'limits',
    'budgets',
    'autoscalers',
    'guards',
    'faults',
  ]);
  for (const { entries, key, summary } of families.values()) {
    expect(entries.length).toBeGreaterThan(0);
    expect(key).not.toBe('');
    expect(summary).not.toBe('');
  }
});

test('an option tells its default as one would write it', () => {
  const counter = families.get('breakers')!.entries.find(({ name }) => name === 'counter')!;
  const fallbacks = Object.fromEntries(
    counter.options.map(({ name, fallback }) => [name, fallback]),
  );
  expect(fallbacks).toMatchObject({
    failures: '5',
    recovery: '30s',
    halfOpenCalls: '3',
    window: '60s',
  });
});

test('the laws of session lengths are listed', () => {
  const names = families.get('session-lengths')!.entries.map(({ name }) => name);
  expect(names).toContain('geometric');
});

test('faults are listed one by one', () => {
  expect(families.get('faults')!.entries.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['errors', 'slow', 'crash', 'hang', 'partition', 'flap', 'leak']),
  );
});

test('the help of `list` names every family, in the order in which they are listed', () => {
  let help = '';
  const list = makeProgram(() => {}).commands.find((command) => command.name() === 'list')!;
  list.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  expect(help.replace(/\s+/g, ' ')).toContain(
    `What: ${[...families.keys(), 'metrics'].join(', ')},`,
  );
});
