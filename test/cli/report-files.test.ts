import { describe, expect, test } from 'vitest';
import { placeFor } from '../../src/cli/report-files.ts';

describe('--out', () => {
  test.each([
    [undefined, 'reports/flaky'],
    ['x', 'x'],
    ['a/b', 'a/b'],
    ['a/b.html', 'a/b'],
    ['a/', 'a/flaky'],
    ['.', 'flaky'],
    ['.hidden', '.hidden'],
  ])('%s is a report at %s', (out, place) => {
    expect(placeFor(out, 'reports', 'flaky')).toBe(place);
  });

  test.each(['', '  ', '.json', 'reports/.html', 'nowhere/..'])('“%s” is refused', (out) => {
    expect(() => placeFor(out, 'reports', 'flaky')).toThrow(
      /^got .*; allowed: FOLDER\/NAME such as reports\/flaky, or a folder such as reports\/$/,
    );
  });
});
