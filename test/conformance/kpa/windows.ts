/** Knative's sample windows: buckets, plain and weighted averages, samples that come in any order. */
import { z } from 'zod';
import {
  BucketWindow,
  smoothingCoefficient,
} from '../../../src/policies/autoscaler/kpa/bucket-window.ts';
import { ruleOf, type Rule } from '../rule.ts';

/** [second, value] */
const RECORD = z.array(z.tuple([z.number(), z.number()]));
const SIZES = { windowSec: z.number().positive(), granularitySec: z.number().positive() };
const READS = z.object({
  ...SIZES,
  steps: z.array(z.object({ record: RECORD, readAtSec: z.number(), expected: z.number() })).min(1),
});

type Average = (window: BucketWindow, now: number) => number;

const readsOf = (average: Average): Rule =>
  ruleOf(READS, ({ windowSec, granularitySec, steps }) => {
    const window = new BucketWindow(windowSec * 1000, granularitySec * 1000);
    for (const [index, { record, readAtSec, expected }] of steps.entries()) {
      fill(window, record);
      const got = average(window, readAtSec * 1000);
      if (!(Math.abs(got - expected) <= 1e-9))
        return `read ${index + 1}: expected ${expected}, got ${got}`;
    }
    return null;
  });

export const kpaSimpleWindow = readsOf((window, now) => window.average(now));
export const kpaWeightedWindow = readsOf((window, now) => window.weightedAverage(now));

const fill = (window: BucketWindow, record: z.output<typeof RECORD>): void => {
  for (const [second, value] of record) window.record(second * 1000, value);
};

const UNORDERED = z.object({
  ...SIZES,
  record: RECORD.min(1),
  readAtSec: z.number(),
  expected: z.number(),
});

export const kpaDescendingRecord = ruleOf(UNORDERED, (row) => {
  const window = new BucketWindow(row.windowSec * 1000, row.granularitySec * 1000);
  fill(window, row.record);
  const got = window.average(row.readAtSec * 1000);
  return got === row.expected ? null : `expected ${row.expected}, got ${got}`;
});

const COEFFICIENT = z.object({
  buckets: z.int().min(1),
  expected: z.number(),
  tolerance: z.number().positive(),
});

export const kpaSmoothing = ruleOf(COEFFICIENT, ({ buckets, expected, tolerance }) => {
  const got = smoothingCoefficient(buckets);
  return Math.abs(got - expected) <= tolerance ? null : `expected ${expected}, got ${got}`;
});

const BUCKETS = z.object({
  granularitySec: z.number().positive(),
  record: RECORD.min(1),
  expectedBuckets: z.record(z.string().regex(/^\d+$/), z.number()),
});

export const kpaBucketing = ruleOf(BUCKETS, ({ granularitySec, record, expectedBuckets }) => {
  const window = new BucketWindow(120_000, granularitySec * 1000);
  fill(window, record);
  const last = Math.max(...record.map(([second]) => second));
  for (let second = 0; second <= last; second += granularitySec) {
    const expected = expectedBuckets[second] ?? 0;
    const got = window.sumAt(second * 1000);
    if (got !== expected) return `bucket ${second}: expected ${expected}, got ${got}`;
  }
  const beyond = Object.keys(expectedBuckets).find((second) => Number(second) > last);
  return beyond === undefined ? null : `bucket ${beyond} is after the last sample`;
});
