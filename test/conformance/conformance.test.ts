/** The suite passes on our cases, and is able to fail. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCases } from './case-file.ts';
import { conform, conformanceLines } from './conform.ts';

const CASES = fileURLToPath(new URL('../fixtures/cases', import.meta.url));
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'conformance-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
const group = (name: string, ...cases: readonly object[]): void =>
  write('cases.json', JSON.stringify({ groups: [{ group: name, cases }] }));

const SCORE = { latencySec: 2.7, errorRate: 0, active: 0, queue: 0 };
const RIGHT = { ...SCORE, id: 'latency', expectedScore: 0.81, decision: 'up' };

describe('on the cases of this repository', () => {
  const found = conform(CASES);

  test('no case fails, and some pass', () => {
    expect(found.verdicts.filter(({ breach }) => breach !== null)).toEqual([]);
    expect(found.passed).toBeGreaterThan(0);
  });

  test('every case is counted once: passed, failed or not implemented', () => {
    const cases = readCases(CASES).reduce((sum, { cases }) => sum + cases.length, 0);
    expect(found.passed + found.failed + found.notImplemented).toBe(cases);
  });

  test('every group without a rule has a reason of its own', () => {
    const unexplained = found.missing.filter(({ because }) => because.startsWith('this suite'));
    expect(unexplained).toEqual([]);
  });
});

describe('on other rows', () => {
  const breaches = () => conform(folder).verdicts.map(({ breach }) => breach);

  test('a wrong score fails, in the fourth decimal too', () => {
    group('referenceScore', RIGHT, { ...RIGHT, expectedScore: 0.8101 });
    expect(breaches()).toEqual([null, expect.stringContaining('expected 0.8101')]);
  });

  test('a wrong decision fails', () => {
    group('referenceScore', { ...RIGHT, decision: 'down' });
    expect(breaches()).toEqual(['expected down, got up']);
  });

  test('a wrong state after one check fails and says after which', () => {
    const row = { id: 'x', fall: 2, rise: 2, start: 'UP', checks: 'FFS' };
    group('activeHealthCheck', { ...row, stateAfterEach: ['UP', 'DOWN', 'UP'] });
    expect(breaches()).toEqual(['after check 3: expected UP, got DOWN']);
  });

  test('a server that starts down needs `rise` good checks', () => {
    const row = { id: 'x', fall: 2, rise: 3, start: 'DOWN', checks: 'SSS' };
    group('activeHealthCheck', { ...row, stateAfterEach: ['DOWN', 'DOWN', 'UP'] });
    expect(breaches()).toEqual([null]);
  });

  test('draws are taken modulo the hosts, and a tie stays with the first drawn', () => {
    group(
      'leastRequest',
      { id: 'modulo', active: [5, 3, 4], draws: [3, 7], expectedHost: 1 },
      { id: 'tie', active: [1, 1], draws: [1, 0], expectedHost: 1 },
      { id: 'three', active: [3, 2, 1], draws: [0, 1, 2], expectedHost: 2 },
      { id: 'wrong', active: [1, 1], draws: [1, 0], expectedHost: 0 },
    );
    expect(breaches()).toEqual([null, null, null, 'expected host 0, got 1']);
  });

  test('a row without its expectation fails instead of passing unseen', () => {
    group('referenceScore', { ...SCORE, id: 'no expectation' });
    expect(breaches()).toEqual([expect.stringContaining('not a case of this group')]);
  });

  test('rows and groups without a rule are counted, never passed', () => {
    group('unheardOf', { id: 'of others' });
    write('more.json', JSON.stringify({ title: 't', oddity: { cases: [{}, {}] } }));
    const lines = conformanceLines(conform(folder));
    expect(lines.at(-1)).toBe('0 passed, 0 failed, 3 not implemented');
    expect(lines[1]).toContain('more/oddity: 2 cases not implemented');
  });
});

describe('as a command', () => {
  const command = (cases: string) => {
    const env = { ...process.env, WINDTUNNEL_CASES: cases };
    const words = ['--import', import.meta.resolve('tsx'), MAIN];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { env });
    return { status, last: stdout.toString().trimEnd().split('\n').at(-1), error: String(stderr) };
  };

  test('exits with 0 when all pass and with 1 when one fails, the sum last', () => {
    group('referenceScore', RIGHT);
    expect(command(folder)).toMatchObject({
      status: 0,
      last: '1 passed, 0 failed, 0 not implemented',
    });
    group('referenceScore', RIGHT, { ...RIGHT, expectedScore: 1 });
    expect(command(folder)).toMatchObject({
      status: 1,
      last: '1 passed, 1 failed, 0 not implemented',
    });
  });

  test('exits with 2 and says why when there is nothing to read', () => {
    expect(command(folder)).toMatchObject({
      status: 2,
      error: expect.stringContaining('no JSON file') as string,
    });
    expect(command(join(folder, 'nowhere'))).toMatchObject({
      status: 2,
      error: expect.stringContaining('cannot read this folder') as string,
    });
    write('broken.json', '{ "groups": [');
    expect(command(folder)).toMatchObject({
      status: 2,
      error: expect.stringContaining('broken.json') as string,
    });
    write('broken.json', '{ "title": "nothing else" }');
    expect(command(folder)).toMatchObject({
      status: 2,
      error: expect.stringContaining('no cases') as string,
    });
  });
});
