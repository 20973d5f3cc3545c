/**
 * Peak EWMA by its parts: Envoy's cost of one more call, linkerd's average told sample by sample, and tower's load of a
 * server nobody has called yet.
 */
import { z } from 'zod';
import { Ewma } from '../../src/core/ewma.ts';
import { sequential } from '../../src/core/rng.ts';
import { PeakEwma, peakEwmaCost as cost } from '../../src/policies/balancer/peak-ewma.ts';
import { agrees, RANGE, within } from './agrees.ts';
import { ruleOf } from './rule.ts';

const COST_ROW = z.object({
  /** 0: no measurement. */
  rttMs: z.number().min(0),
  active: z.int().min(0),
  penalty: z.number(),
  defaultRttMs: z.number(),
  expected: z.number(),
});

export const peakEwmaCost = ruleOf(COST_ROW, (row) => {
  const got = cost(row.rttMs, row.active, row.defaultRttMs, row.penalty);
  return agrees(got, row.expected) ? null : `expected ${row.expected}, got ${got}`;
});

const EWMA_ROW = z
  .object({
    decaySec: z.number().positive(),
    initial: z.number().nullable(),
    ops: z.array(
      z.object({ op: z.enum(['add', 'addPeak']), value: z.number(), atSec: z.number().min(0) }),
    ),
    expected: z.number().optional(),
    range: RANGE.optional(),
  })
  .refine(({ expected, range }) => expected !== undefined || range !== undefined, {
    error: 'neither expected nor range',
  });

export const ewma = ruleOf(EWMA_ROW, ({ decaySec, initial, ops, expected, range }) => {
  const average = new Ewma(decaySec * 1000, initial ?? undefined);
  for (const { op, value, atSec } of ops) average[op](atSec * 1000, value);
  return mismatch(average.value, expected, range);
});

const LOAD_ROW = z.object({
  defaultRttMs: z.number().positive(),
  decayMs: z.number().positive(),
  checks: z
    .array(
      z
        .object({
          atMs: z.number().min(0),
          load: z.number().optional(),
          range: RANGE.optional(),
        })
        .refine(({ load, range }) => load !== undefined || range !== undefined, {
          error: 'neither load nor range',
        }),
    )
    .min(1),
});

export const peakEwmaLoad = ruleOf(LOAD_ROW, ({ defaultRttMs, decayMs, checks }) => {
  const options = { variant: 'linkerd', rtt: defaultRttMs, decay: decayMs } as const;
  const balancer = new PeakEwma(options, sequential(1, 'unused'));
  balancer.joined(0, 0);
  for (const { atMs, load, range } of checks) {
    const breach = mismatch(balancer.cost(atMs, 0), load, range);
    if (breach !== null) return `at ${atMs} ms: ${breach}`;
  }
  return null;
});

const mismatch = (
  got: number,
  expected: number | undefined,
  range: z.output<typeof RANGE> | undefined,
): string | null => {
  if (expected !== undefined && !agrees(got, expected)) return `expected ${expected}, got ${got}`;
  if (range !== undefined && !within(got, range))
    return `expected ${range.join(' to ')}, got ${got}`;
  return null;
};
