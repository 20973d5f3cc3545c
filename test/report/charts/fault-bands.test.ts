import { expect, test } from 'vitest';
import { clockOf, timeChannel } from '../../../src/report/charts/clock.ts';
import { faultBands } from '../../../src/report/charts/fault-bands.ts';

const clock = clockOf(600_000);
const named = (faults: Parameters<typeof faultBands>[0]): string[] =>
  faultBands(faults, clock, timeChannel(clock)).layers.flatMap((layer) => {
    const { data } = layer as { data: { values: { text?: string }[] } };
    return data.values.flatMap(({ text }) => text ?? []);
  });
const fault = (label: string, from: number, to: number) => ({ label, from, to });

test('faults shorter than their names are named all the same', () => {
  const faults = [
    fault('errors 50% on s1', 90_000, 150_000),
    fault('slow 8x on s2', 180_000, 270_000),
    fault('crash on s3', 300_000, 315_000),
  ];
  expect(named(faults).toSorted()).toEqual(faults.map(({ label }) => label).toSorted());
});

test('a fault that comes back is named once', () => {
  expect(named([fault('crash', 0, 9000), fault('crash', 60_000, 69_000)])).toEqual(['crash']);
});

test('names take room above the panel only where there are any', () => {
  const top = (faults: Parameters<typeof faultBands>[0]): number =>
    faultBands(faults, clock, timeChannel(clock)).top;
  expect(top([])).toBeLessThan(top([fault('crash', 0, 9000)]));
});
