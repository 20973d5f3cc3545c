/**
 * Netflix's concurrency limits after one sample or several. The row's id begins with the limit's name. `minRttMs` is
 * the shortest time seen before; `dropped` samples are timeouts; `decrease` replaces the step downwards: "x/2".
 */
import { z } from 'zod';
import { sequential } from '../../src/core/rng.ts';
import { aimd, AimdLimit, type AimdOptions } from '../../src/policies/limit/aimd.ts';
import {
  gradient2,
  Gradient2Limit,
  type Gradient2Options,
} from '../../src/policies/limit/gradient2.ts';
import type { Limit } from '../../src/policies/limit/limit.ts';
import { vegas, VegasLimit, type VegasOptions } from '../../src/policies/limit/vegas.ts';
import { isMap } from './ejected.ts';
import { ruleOf } from './rule.ts';

const STEP = /^x\s*([-*/])\s*(\d+(?:\.\d+)?)$/;

const SAMPLE = z.object({
  rttMs: z.number().min(0),
  inflight: z.int().min(0),
  dropped: z.boolean().default(false),
  didDrop: z.boolean().default(false),
  drop: z.boolean().default(false),
});
const ROW = z
  .object({
    id: z.string(),
    initialLimit: z.int().min(1),
    minLimit: z.int().min(0).default(1),
    maxConcurrency: z.int().min(1).optional(),
    maxLimit: z.int().min(1).optional(),
    minRttMs: z.number().positive().optional(),
    smoothing: z.number().optional(),
    backoffRatio: z.number().optional(),
    timeoutMs: z.number().optional(),
    decrease: z.string().regex(STEP).optional(),
    sample: SAMPLE.optional(),
    samples: z.array(SAMPLE).optional(),
    expectedLimit: z.int().optional(),
    expectedLimits: z.array(z.int()).optional(),
  })
  .refine((row) => {
    const samples = (row.samples ?? [row.sample]).filter((each) => each !== undefined).length;
    const limits = row.expectedLimits?.length ?? (row.expectedLimit === undefined ? 0 : samples);
    return samples > 0 && limits === samples;
  }, 'as many expected limits as samples');
type Row = z.output<typeof ROW>;

const KINDS = ['aimd', 'vegas', 'gradient2'] as const;

export const concurrencyLimits = ruleOf(
  ROW,
  (row) => {
    const limit = make(row);
    if (row.minRttMs !== undefined) limit.settled(0, 'ok', row.minRttMs, 0);
    const samples = row.samples ?? [row.sample!];
    const got = samples.map(({ rttMs, inflight, dropped, didDrop, drop }) => {
      limit.settled(0, dropped || didDrop || drop ? 'timeout' : 'ok', rttMs, inflight);
      return limit.limit();
    });
    const expected = row.expectedLimits ?? [row.expectedLimit!];
    const shown = row.expectedLimits === undefined ? got.slice(-1) : got;
    return shown.join() === expected.join()
      ? null
      : `expected ${expected.join(', ')}, got ${shown.join(', ')}`;
  },
  (row) => isMap(row) && KINDS.some((kind) => String(row.id).startsWith(kind)),
);

const make = (row: Row): Limit => {
  const max = row.maxLimit ?? row.maxConcurrency;
  const change = {
    initial: row.initialLimit,
    min: row.minLimit,
    ...(max !== undefined && { max }),
    ...(row.smoothing !== undefined && { smoothing: row.smoothing }),
  };
  if (row.id.startsWith('vegas')) {
    const options = { ...(vegas.options.parse({}) as unknown as VegasOptions), ...change };
    const rng = sequential(1, 'conformance');
    return new VegasLimit(options, rng, ...(row.decrease === undefined ? [] : [by(row.decrease)]));
  }
  if (row.id.startsWith('gradient2'))
    return new Gradient2Limit({
      ...(gradient2.options.parse({}) as unknown as Gradient2Options),
      ...change,
    });
  return new AimdLimit({
    ...(aimd.options.parse({}) as unknown as AimdOptions),
    ...change,
    ...(row.backoffRatio !== undefined && { backoff: row.backoffRatio }),
    ...(row.timeoutMs !== undefined && { timeout: row.timeoutMs }),
  });
};

const by = (text: string): ((limit: number) => number) => {
  const [, sign, digits] = STEP.exec(text)!;
  const operand = Number(digits);
  return (limit) =>
    sign === '/' ? limit / operand : sign === '*' ? limit * operand : limit - operand;
};
