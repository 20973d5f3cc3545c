/** How trouble is written: `{ at: 60s, for: 120s, servers: 2, errors: 50% }`. One effect a fault. */
import { z } from 'zod';
import {
  butAllowed,
  formatDuration,
  orNone,
  zCount,
  zDuration,
  zFactor,
  zShare,
} from '../core/units.ts';
import { refuse } from './explain.ts';
import type { FaultEffect } from './scenario.ts';

const share = () => zShare({ positive: true });
const positive = () => zDuration({ positive: true });
const slower = () => zFactor({ min: 1 });
const yes = () => z.literal(true, { error: butAllowed('true') });

/** Effects by key, with what they do. */
export const EFFECTS = {
  errors: share().describe('HTTP 500 at once, no slot taken'),
  toolErrors: share().describe('a tool error, after the work'),
  throttled: share().describe('HTTP 429 at once, no slot taken'),
  slow: slower().describe('work takes so much longer'),
  crash: yes().describe(
    'process and sessions gone, connections refused; back after `for` + startup',
  ),
  hang: yes().describe('accepts, never answers'),
  refuse: yes().describe('no new connections; running calls finish'),
  partition: yes().describe('nothing passes, work goes on'),
  flap: z
    .strictObject({ up: positive(), down: positive() })
    .describe('down, up, down, ...: begins down'),
  leak: z
    .strictObject({ slower: slower(), over: positive() })
    .describe('ever slower until it crashes'),
  metrics: z
    .enum(['nothing', 'zero', 'stale'])
    .describe('its reports of load do not come, say zero, or say what they said before'),
} as const;

type EffectName = keyof typeof EFFECTS;
const EFFECT_NAMES = Object.keys(EFFECTS) as readonly EffectName[];

const SERVERS = '2 (the first two), [1, 4], 30%, all, or the name of a group';

/** Which servers, still as written: validated against the servers of each contender. */
export type WrittenTargets = number | string | readonly number[];

const targets = z.union(
  [zCount({ min: 1 }), z.string().min(1), z.array(zCount({ min: 1 })).min(1)],
  {
    error: butAllowed(SERVERS),
  },
);

const fault = z
  .strictObject({
    at: zDuration(),
    for: orNone(positive()).prefault('none').describe('none: to the end of the run'),
    every: orNone(positive()).prefault('none').describe('repeats so often'),
    servers: targets.describe(SERVERS),
    health: z
      .literal('ok', { error: butAllowed('ok') })
      .optional()
      .describe('GET /health answers ok all the same: a grey failure'),
    ...z.strictObject(EFFECTS).partial().shape,
  })
  .transform((written, context) => {
    const { at, every, servers, health } = written;
    const names = EFFECT_NAMES.filter((name) => written[name] !== undefined);
    const [name] = names;
    if (names.length !== 1 || name === undefined) {
      const got =
        names.length === 0 ? 'no effect' : `${names.length} effects (${names.join(', ')})`;
      refuse(context, `got ${got}; allowed: one of ${EFFECT_NAMES.join(', ')}`);
      return z.NEVER;
    }
    if (every !== null && (written.for === null || written.for >= every)) {
      const lasts = written.for === null ? 'to the end' : formatDuration(written.for);
      const message = `got \`${formatDuration(every)}\` for a fault that lasts ${lasts}; allowed: longer than its \`for\`, which is needed`;
      refuse(context, message, ['every']);
    }
    return {
      at,
      for: written.for,
      every,
      servers,
      healthOk: health === 'ok',
      effect: effectOf(name, written),
    };
  });

export type WrittenFault = z.output<typeof fault>;

export const zFaults = z.array(fault);

type Effects = { readonly [name in EffectName]?: z.output<(typeof EFFECTS)[name]> | undefined };

const effectOf = (name: EffectName, written: Effects): FaultEffect => {
  switch (name) {
    case 'errors':
    case 'toolErrors':
    case 'throttled':
      return { kind: name, share: written[name] ?? 0 };
    case 'slow':
      return { kind: name, factor: written.slow ?? 1 };
    case 'flap':
      return { kind: name, ...(written.flap ?? { up: 0, down: 0 }) };
    case 'metrics':
      return { kind: name, shows: written.metrics ?? 'nothing' };
    case 'leak':
      return { kind: name, ...(written.leak ?? { slower: 1, over: 0 }) };
    case 'crash':
    case 'hang':
    case 'refuse':
    case 'partition':
      return { kind: name };
  }
};
