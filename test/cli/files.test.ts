import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { expectWritable, readText, writeWhole } from '../../src/cli/files.ts';

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

test.runIf(existsSync('/dev/zero'))('a device is neither read nor replaced', () => {
  expect(() => readText('/dev/zero')).toThrow('this is a device; allowed: a file');
  expect(() => expectWritable('/dev/null')).toThrow('this is a device; allowed: a file');
});

test.skipIf(process.platform === 'win32')('a socket is not read', async () => {
  const path = join(folder, 'socket');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    expect(() => readText(path)).toThrow('this is a socket; allowed: a file');
  } finally {
    server.close();
  }
});

test.skipIf(process.platform === 'win32')('a pipe is read to its end, which is told', () => {
  const pipe = join(folder, 'pipe');
  expect(spawnSync('sh', ['-c', 'mkfifo "$0"', pipe]).status).toBe(0);
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    spawn('sh', ['-c', 'printf whole > "$0"', pipe], { stdio: 'ignore' });
    expect(readText(pipe)).toBe('whole');
    expect(told.mock.calls.flat().join('')).toContain(`reading ${pipe}, a pipe, until its writer`);
  } finally {
    told.mockRestore();
  }
});

test('a path without a name is refused before anything is written', () => {
  expect(() => expectWritable('')).toThrow('got an empty path; allowed: the path of a file');
});
