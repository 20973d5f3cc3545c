/**
 * Three whole runs, pinned: a digest of all that a run yields (figures to nine digits, every note), with a few figures
 * beside it that say what moved when it changes. A change of behaviour on purpose is accepted with
 * `npx vitest run test/golden -u`, and the reason belongs in docs/changelog.md. Math functions may differ in their last bits
 * between major versions of Node, hence the rounding.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/results/results.ts';
import { simulate } from '../sim/lab.ts';
import { GOLDEN } from './scenarios.ts';

describe.each(Object.entries(GOLDEN))('the golden run `%s`', (_, lab) => {
  const record = simulate(lab);

  it('is what it was', () => {
    const { completed, failed, retries, timeouts, rejected, breakerOpens, ejections } =
      record.metrics;
    expect({
      figures: { completed, failed, retries, timeouts, rejected, breakerOpens, ejections },
      notes: record.notesTotal,
      digest: digestOf(record),
    }).toMatchSnapshot();
  });

  it('is the same a second time in one process', () => {
    expect(digestOf(simulate(lab))).toBe(digestOf(record));
  });

  it('is another one under another seed', () => {
    expect(digestOf(simulate({ ...lab, seed: 2 }))).not.toBe(digestOf(record));
  });

  it('passes through what it is there for', () => {
    expect(record.metrics.requests).toBeGreaterThan(800);
    expect(record.notesTotal).toBeGreaterThan(10);
    expect(record.metrics.failed).toBeGreaterThan(0);
  });
});

function digestOf(record: RunRecord): string {
  const { metrics, notes, failures, series, tools, servers, sessions, strips, faults } = record;
  const yielded = { metrics, notes, failures, series, tools, servers, sessions, strips, faults };
  const text = JSON.stringify(yielded, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
