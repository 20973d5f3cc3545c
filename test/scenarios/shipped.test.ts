import { describe, expect, test } from 'vitest';
import { load, SHIPPED, textOf } from './shipped.ts';

test('at least twelve scenarios ship', () => {
  expect(SHIPPED.length).toBeGreaterThanOrEqual(12);
});

describe.each(SHIPPED)('scenarios/%s.yaml', (name) => {
  const { scenario, warnings } = load(name);

  test('loads without a warning', () => {
    expect(warnings).toEqual([]);
  });

  test('asks a question in its title', () => {
    expect(scenario.question).toContain('?');
  });

  test('has a field to compare, and enough seeds for a verdict', () => {
    expect(scenario.contenders.length).toBeGreaterThan(1);
    expect(scenario.seeds.length).toBeGreaterThanOrEqual(10);
  });

  test('helps editors and teaches people', () => {
    const lines = textOf(name).split('\n');
    expect(lines[0]).toBe('# yaml-language-server: $schema=../scenario.schema.json');
    expect(lines.slice(1).filter((line) => line.startsWith('#')).length).toBeGreaterThan(2);
    expect(lines.filter((line) => line.length > 125)).toEqual([]);
  });
});
