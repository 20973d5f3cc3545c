import { afterEach, expect, test, vi } from 'vitest';
import { hasColor, widthOf } from '../../src/cli/console.ts';

const terminal = { isTTY: true, columns: 52, hasColors: () => true };

afterEach(() => void vi.unstubAllEnvs());

test('colours a terminal that has colours', () => {
  vi.stubEnv('NO_COLOR', undefined);
  vi.stubEnv('TERM', 'xterm-256color');
  expect(hasColor(terminal)).toBe(true);
});

test('does not colour with NO_COLOR, on a dumb terminal, or into a file', () => {
  vi.stubEnv('TERM', 'xterm-256color');
  vi.stubEnv('NO_COLOR', '1');
  expect(hasColor(terminal)).toBe(false);
  vi.stubEnv('NO_COLOR', undefined);
  expect(hasColor({ columns: 80 })).toBe(false);
  vi.stubEnv('TERM', 'dumb');
  expect(hasColor(terminal)).toBe(false);
});

test('an empty NO_COLOR is none', () => {
  vi.stubEnv('TERM', 'xterm-256color');
  vi.stubEnv('NO_COLOR', '');
  expect(hasColor(terminal)).toBe(true);
});

test('a terminal is as wide as it is, a file is a page wide', () => {
  expect(widthOf(terminal)).toBe(52);
  expect(widthOf({})).toBe(100);
});
