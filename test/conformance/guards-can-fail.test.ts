/** The rules of ejection, limits, budgets and panic refuse each of their rows when its expectation is another. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCases } from './case-file.ts';
import { RULES } from './rules.ts';

const CASES = fileURLToPath(new URL('../fixtures/cases', import.meta.url));
const GROUPS = [
  'outlierEnvoy',
  'outlierGrpcA50',
  'retryBudget',
  'concurrencyLimits',
  'panicAndPriority',
];

/** Every number within an expectation is another, every empty list has one, every word is its opposite. */
const spoilt = (value: unknown): unknown => {
  if (typeof value === 'number') return value >= 50 ? value - 7 : value + 7;
  if (value === 'all') return 'healthy';
  if (Array.isArray(value)) return value.length === 0 ? [0] : value.map(spoilt);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, spoilt(each)]));
};

const withAnother = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withAnother);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      /^(expected|uneject)/.test(key) ? spoilt(each) : withAnother(each),
    ]),
  );
};

/** `lb-breaker/retryBudget` without its file. */
function ruleName(group: string): string {
  return group.slice(group.indexOf('/') + 1);
}

const groups = readCases(CASES).filter(({ name }) => GROUPS.includes(ruleName(name)));

describe.each(groups)('$name', ({ name, cases }) => {
  test('passes as it stands, and fails with another expectation', () => {
    const rule = RULES.get(ruleName(name))!;
    for (const row of cases) {
      expect([row, rule.breach(row)]).toEqual([row, null]);
      const breach = rule.breach(withAnother(row));
      expect([row, breach]).not.toEqual([row, null]);
      expect(breach).not.toContain('not a case of this group');
    }
  });
});

test('there are five such groups', () => {
  expect(groups.map(({ name }) => ruleName(name)).sort()).toEqual([...GROUPS].sort());
});
