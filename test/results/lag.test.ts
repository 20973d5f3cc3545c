import { expect, test } from 'vitest';
import { lagRows, lagWarnings } from '../../src/results/lag.ts';
import { invalidReason, qualified } from '../../src/results/validity.ts';
import { makeResults } from '../report/fixture.ts';

const { contenders } = makeResults();
const run = (p99: number) => ({ p50: 0.1, p99, max: 2 * p99, limit: 5 });

test('a contender’s row is its worst run', () => {
  const [row] = lagRows(contenders, [[run(1), run(3), run(2)]]);
  expect(row).toEqual({
    contender: contenders[0]!.name,
    p50: 0.1,
    p99: 3,
    max: 6,
    limit: 5,
    valid: true,
  });
});

test('one late run among many makes the contender’s results invalid, and says so', () => {
  const lag = lagRows(contenders, [[run(1)], [run(1), run(20), run(1)]]);
  expect(lag.map(({ valid }) => valid)).toEqual([true, false]);
  expect(lagWarnings(lag)).toHaveLength(1);
  expect(invalidReason({ contenders, lag })).toContain(contenders[1]!.name);
});

test('a driver that was in time leaves the run valid', () => {
  expect(invalidReason({ contenders, lag: lagRows(contenders, [[run(1)], [run(1)]]) })).toBeNull();
});

test('the answer of an invalid run begins with that, once; any other is left alone', () => {
  const late = { contenders, lag: lagRows(contenders, [[run(110)], [run(1)]]) };
  const told = qualified('Yes.', late);
  expect(told).toMatch(
    /^This run is invalid: the driver fell behind with “.*”: in the worst run it sent one request in a hundred 110 ms late or later \(lag p99\), .* Its figures, for what they are worth: Yes\.$/,
  );
  expect(qualified(told, late)).toBe(told);
  expect(qualified('Yes.', { contenders, lag: lagRows(contenders, [[run(1)], [run(1)]]) })).toBe(
    'Yes.',
  );
});
