import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCases, type ConformanceCase } from './cases.ts';
import { outcomeOf, tally } from './conformance.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const cases = readCases(path('../fixtures/cases'));

describe('conformance', () => {
  it('holds for every case that a policy of ours is about', () => {
    const outcomes = cases.map(outcomeOf);
    expect(outcomes.filter(({ kind }) => kind === 'failed')).toEqual([]);
    const groups = new Set(
      outcomes.filter(({ kind }) => kind === 'passed').map(({ of }) => of.group),
    );
    expect([...groups].sort()).toEqual(['activeHealthCheck', 'leastRequest', 'referenceScore']);
  });

  it('counts every case, and gives a reason for each it leaves out', () => {
    const outcomes = cases.map(outcomeOf);
    expect(cases.length).toBeGreaterThan(200);
    for (const { kind, because } of outcomes)
      if (kind === 'not implemented') expect(because).toMatch(/^not in the registry yet: ./);
  });

  it('fails a case whose facts are otherwise, or that it cannot read', () => {
    const wrong: Readonly<Record<string, Partial<Record<string, unknown>>>> = {
      activeHealthCheck: { fall: 2 },
      referenceScore: { expectedScore: 0.5 },
      leastRequest: { expectedHost: 99 },
    };
    for (const [group, change] of Object.entries(wrong)) {
      const of = cases.find((one) => one.group === group && outcomeOf(one).kind === 'passed')!;
      const changed: ConformanceCase = { ...of, row: { ...of.row, ...change } };
      expect([group, outcomeOf(changed).kind]).toEqual([group, 'failed']);
      expect(outcomeOf({ ...of, row: {} }).kind).toBe('failed');
    }
  });

  it('is a command that ends with the totals, and exits with 1 when a case fails', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cases-'));
    const rows = (...expected: number[]) => ({
      groups: [
        {
          group: 'referenceScore',
          cases: expected.map((expectedScore) => ({
            latencySec: 1,
            errorRate: 0,
            active: 0,
            queue: 0,
            expectedScore,
          })),
        },
        { group: 'prequal', cases: [{ id: 'a' }] },
      ],
    });
    const run = () =>
      spawnSync(process.execPath, ['--import', 'tsx', path('main.ts')], {
        env: { ...process.env, WINDTUNNEL_CASES: folder },
        encoding: 'utf8',
      });
    try {
      writeFileSync(join(folder, 'mine.json'), JSON.stringify(rows(0.3, 0.7)));
      const { status, stdout } = run();
      expect(stdout).toContain('FAILED 2: score 0.3, expected 0.7');
      expect(stdout.trim().split('\n').at(-1)).toBe('1 passed, 1 failed, 1 not implemented');
      expect(status).toBe(1);
      writeFileSync(join(folder, 'mine.json'), JSON.stringify(rows(0.3)));
      expect(run().status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells totals in words', () => {
    expect(tally([])).toBe('0 passed, 0 failed, 0 not implemented');
  });
});
