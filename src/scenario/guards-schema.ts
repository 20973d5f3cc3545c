/** How the fleet guards itself is written: panic, slow start, the backlog, rebalancing, hedging. */
import { z } from 'zod';
import { MAIN_KEY } from './explain.ts';
import { orNone, zCount, zDuration, zFactor, zNumber, zShare } from '../core/units.ts';
import type { SlowStart } from '../policies/guards/slow-start.ts';
import { codel, zCoDel } from '../policies/guards/codel.ts';

export const zPanic = orNone(zShare({ positive: true })).transform((share) => share ?? 0);

/** As Envoy writes it (minWeight, aggression), or HAProxy's sixteen linear steps. */
export const zSlowStart = orNone(
  z
    .strictObject({
      window: zDuration({ positive: true }).describe('time until a server gets its whole part'),
      as: z.enum(['envoy', 'haproxy']).prefault('envoy').describe('whose curve'),
      minWeight: zShare({ positive: true }).prefault('10%').describe('envoy: the least part'),
      aggression: zNumber({ exclusiveMin: 0 })
        .prefault(1)
        .describe('envoy: above 1 the part rises fast at first'),
    })
    .register(MAIN_KEY, { mainKey: 'window' })
    .transform(({ as, window, aggression, minWeight }): SlowStart =>
      as === 'haproxy' ? { as, window } : { as, window, aggression, minWeight },
    ),
);

export const zBacklog = orNone(
  z
    .strictObject({
      places: zCount({ min: 1, max: 1_000_000 })
        .prefault(1024)
        .describe('beyond them calls are shed'),
      wait: zDuration({ positive: true }).prefault('1s').describe('longest wait; then shed'),
      codel: orNone(zCoDel()).prefault('none').describe(codel.summary),
    })
    .register(MAIN_KEY, { mainKey: 'places' }),
);

export const zRebalance = orNone(
  z
    .strictObject({
      after: zDuration().prefault('10m').describe('no sooner than this after the affinity began'),
      above: zFactor()
        .prefault('1.5x')
        .describe('on servers with more than so many times the mean'),
    })
    .register(MAIN_KEY, { mainKey: 'after' }),
);

export const zHedging = orNone(
  z
    .strictObject({
      after: zDuration({ positive: true }).describe(
        'time without an answer until the next attempt',
      ),
      attempts: zCount({ min: 2, max: 10 })
        .prefault(2)
        .describe('attempts under way at once, at most'),
    })
    .register(MAIN_KEY, { mainKey: 'after' }),
);
