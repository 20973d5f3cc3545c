/** How arrival processes are written: `poisson: 120/s`, `{ sine: { mean: 100/s, amplitude: 50/s, period: 10m } }`. */
import { z } from 'zod';
import {
  formatDuration,
  formatRate,
  orNone,
  zDuration,
  zFactor,
  zNumber,
  zRate,
} from '../core/units.ts';
import { choice, either, named, shortFor, type Written } from './choice.ts';
import { MAIN_KEY, refuse } from './explain.ts';
import { FILE_FIELDS, type FileColumn } from './file-column.ts';
import type { Arrivals } from './scenario.ts';

type Trace = Extract<Arrivals, { kind: 'trace' }>;

/** An arrival process whose trace is still in a file. */
export type WrittenArrivals =
  Exclude<Arrivals, { kind: 'trace' }> | (Pick<Trace, 'kind' | 'counts' | 'scale'> & FileColumn);

type Process = Written<WrittenArrivals>;

const positiveRate = () => zRate({ positive: true });

const steady = (kind: 'constant' | 'poisson', summary: string): Process =>
  shortFor(
    'rate',
    z
      .strictObject({ rate: positiveRate() })
      .describe(summary)
      .transform((process) => ({ kind, ...process })),
    positiveRate(),
  );

const state = z.strictObject({
  rate: zRate(),
  mean: zDuration({ positive: true }).describe('mean stay in this state'),
});

const step = z.strictObject({ at: zDuration(), rate: zRate() });

export const ARRIVALS: Readonly<Record<string, Process>> = {
  constant: steady('constant', 'evenly spaced'),
  poisson: steady('poisson', 'independent clients: exponential gaps'),
  gamma: z
    .strictObject({
      rate: positiveRate(),
      cv: zNumber({ max: 100 }).describe('of the gaps: 1 is Poisson, more is burstier'),
    })
    .describe('gamma-distributed gaps')
    .transform((process) => ({ kind: 'gamma', ...process })),
  ramp: z
    .strictObject({ from: zRate(), to: zRate(), over: zDuration({ positive: true }) })
    .describe('Poisson, its rate a straight line from one to the other and then level')
    .transform((process) => ({ kind: 'ramp', ...process })),
  steps: shortFor(
    'steps',
    z
      .strictObject({ steps: z.array(step).min(1) })
      .describe('Poisson, its rate set anew at each step; before the first step none')
      .transform(({ steps }, context) => {
        steps.forEach(({ at }, index) => {
          const before = steps[index - 1];
          if (before !== undefined && at <= before.at) {
            const [got, last] = [at, before.at].map(formatDuration);
            const message = `got \`${got}\` after \`${last}\`; allowed: steps that ascend`;
            refuse(context, message, ['steps', index, 'at']);
          }
        });
        return { kind: 'steps', steps };
      }),
    z.array(step).min(1),
  ),
  sine: z
    .strictObject({
      mean: positiveRate(),
      amplitude: zRate().describe('at most the mean'),
      period: zDuration({ positive: true }),
      phase: zDuration().prefault(0).describe('how far into the wave the run begins'),
    })
    .describe('Poisson, its rate a wave')
    .transform((process, context) => {
      if (process.amplitude > process.mean) {
        const [got, mean] = [process.amplitude, process.mean].map(formatRate);
        const message = `got \`${got}\`; allowed: at most the mean, which is ${mean}: the rate would fall below 0`;
        refuse(context, message, ['amplitude']);
      }
      return { kind: 'sine', ...process };
    }),
  bursts: either(
    z.array(state).min(1),
    named('a state { rate, mean }', state).transform((states) =>
      states.map(([, { rate, mean }]) => ({ rate, mean })),
    ),
  )
    .transform((states, context) => {
      if (states.every(({ rate }) => rate === 0)) {
        refuse(context, 'got no state with a rate above 0; allowed: at least one');
      }
      return { kind: 'bursts' as const, states };
    })
    .describe('Poisson, its rate that of a state; stays are exponential, states take turns (MMPP)'),
  trace: z
    .strictObject({
      ...FILE_FIELDS,
      counts: orNone(zDuration({ positive: true }))
        .prefault('none')
        .describe('the column holds counts per interval of this length, not timestamps'),
      scale: zFactor({ positive: true, max: 1000 })
        .prefault('1x')
        .describe('arrivals for each of the trace'),
    })
    .register(MAIN_KEY, { mainKey: 'file' })
    .describe('recorded arrivals')
    .transform((process) => ({ kind: 'trace', ...process })),
};

export const zArrivals: Process = choice({ noun: 'arrival process', table: ARRIVALS });
