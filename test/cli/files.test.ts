import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expectWritable, writeWhole } from '../../src/cli/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'windtunnel-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('trying whether a file can be written leaves nothing behind', () => {
  expectWritable(join(folder, 'a', 'b', 'c.json'));
  expect(readdirSync(folder)).toEqual([]);
});

test('missing folders are made with the file', () => {
  const file = join(folder, 'x', 'y', 'z.json');
  writeWhole([{ file, text: 'whole' }]);
  expect(readFileSync(file, 'utf8')).toBe('whole');
});

test('a file where a folder is to be is told', () => {
  const file = join(folder, 'plain');
  writeFileSync(file, '');
  expect(() => expectWritable(join(file, 'r.json'))).toThrow(`${file} is a file, not a folder`);
});

test.runIf(existsSync('/proc/self'))('a folder that can never be made is told at once', () => {
  expect(() => expectWritable('/proc/windtunnel/report.json')).toThrow(
    /it cannot be made here|permission denied/,
  );
  expect(() => writeWhole([{ file: '/proc/windtunnel/r.json', text: '' }])).toThrow(
    /it cannot be made here|permission denied/,
  );
});
