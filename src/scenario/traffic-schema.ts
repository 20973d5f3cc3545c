/** How demand is written: arrivals, sessions, tools, and how a client waits and tries again. */
import { z } from 'zod';
import { meanOf } from '../core/distributions.ts';
import {
  butAllowed,
  gotButAllowed,
  orNone,
  zCount,
  zDuration,
  zNumber,
  zShare,
} from '../core/units.ts';
import { hedging } from '../policies/guards/hedging.ts';
import { zArrivals } from './arrivals-schema.ts';
import { named, type Written } from './choice.ts';
import { zCounts, zDurations, type WrittenDistribution } from './distribution-schema.ts';
import { MAIN_KEY, refuse } from './explain.ts';
import { zHedging } from './guards-schema.ts';
import { zBudget } from './policies-schema.ts';
import type { Retries, Tool } from './scenario.ts';

export type WrittenTool = Omit<Tool, 'work'> & { readonly work: WrittenDistribution };

const era = () =>
  z
    .enum(['modern', 'legacy'])
    .describe(
      'modern (2026-07-28): any server may answer; legacy (2025-11-25 and before): sessions live on their server',
    );

const tool = z
  .strictObject({
    share: zShare().describe('of all calls; tools without a share split the rest').optional(),
    work: zDurations
      .prefault({ lognormal: { mean: '100ms', cv: 1 } })
      .describe('time in a slot at speed 1'),
    safe: z.boolean().prefault(true).describe('read-only or idempotent: may be retried'),
  })
  .register(MAIN_KEY, { mainKey: 'work' });

/** Shares that add up to this much less or more than 100 % are taken as rounding. */
const SHARE_TOLERANCE = 0.002;

/** The handshake of a session stands among the tools in every report, under its own name. */
const HANDSHAKE = 'initialize';

/** Fills omitted shares from the rest. Its findings are relative to `calls`. */
const shared = (
  tools: readonly (readonly [string, z.output<typeof tool>])[],
  context: z.RefinementCtx,
): readonly WrittenTool[] => {
  if (tools.some(([name]) => name === HANDSHAKE)) {
    const allowed = 'any other name: the handshake of a session is called so';
    refuse(context, gotButAllowed(HANDSHAKE, allowed), [HANDSHAKE], 'key');
  }
  const given = tools.reduce((sum, [, { share }]) => sum + (share ?? 0), 0);
  const omitted = tools.filter(([, { share }]) => share === undefined).length;
  const told = `the shares add up to ${Number((given * 100).toFixed(3))}%`;
  if (omitted === 0 && Math.abs(given - 1) > SHARE_TOLERANCE) {
    refuse(context, `${told}; allowed: 100%, or leave out a share to give it the rest`);
  }
  if (omitted > 0 && given >= 1) {
    refuse(context, `${told} and leave nothing for the tools without a share; allowed: below 100%`);
  }
  const rest = omitted > 0 ? (1 - given) / omitted : 0;
  const whole = omitted > 0 ? 1 : given;
  return tools.map(([name, { share = rest, work, safe }]) => ({
    name,
    share: share / whole,
    work,
    safe,
  }));
};

const calls: Written<readonly WrittenTool[]> = named('a tool', tool).transform(shared);

const MOST_ATTEMPTS = 1000;

const retries = z
  .strictObject({
    attempts: z
      .union([z.literal('unlimited'), zCount({ min: 1, max: MOST_ATTEMPTS })], {
        error: butAllowed(`a whole number from 1 to ${MOST_ATTEMPTS}, or unlimited`),
      })
      .describe('attempts in all, the first included'),
    backoff: zDurations.prefault('50ms').describe('wait before the next attempt'),
    budget: zBudget.prefault('none').describe('bounds what all retries together may add'),
  })
  .register(MAIN_KEY, { mainKey: 'attempts' })
  .transform(({ attempts, backoff, budget }, context) => {
    if (attempts !== 'unlimited') return { attempts, backoff, budget };
    if (backoff.kind !== 'empirical' && meanOf(backoff, {}) === 0) {
      const message = 'got `0`; allowed: above 0, as unlimited attempts without a pause never end';
      refuse(context, message, ['backoff']);
    }
    return { attempts: null, backoff, budget };
  });

/** One attempt, no other: what `retries: none` means. */
export const NO_RETRIES: Retries = { attempts: 1, backoff: { kind: 'constant', value: 0 } };

const sessions = z
  .strictObject({
    calls: zCounts.describe('tool calls in a session'),
    think: zDurations.describe('pause between a reply and the next call'),
    share: zShare()
      .prefault('100%')
      .describe('of arrivals that start a session; the rest are single requests'),
    era: era().optional().describe("traffic's era if absent"),
    recover: z.boolean().prefault(false).describe('initialise anew when the session is lost'),
  })
  .register(MAIN_KEY, { mainKey: 'calls' })
  .describe('arrivals are session starts');

const MOST_KEYS = 1_000_000;

const keys = z
  .strictObject({
    count: zCount({ min: 1, max: MOST_KEYS }).describe('clients or tenants'),
    skew: zNumber({ min: 0, max: 10 })
      .prefault(0)
      .describe('the k-th most frequent sends in proportion to k^-skew; 0: all alike'),
  })
  .register(MAIN_KEY, { mainKey: 'count' })
  .describe('what hashing and key affinity go by');

const traffic = z
  .strictObject({
    arrivals: zArrivals,
    era: era().prefault('modern'),
    timeout: orNone(zDuration({ positive: true }))
      .prefault('none')
      .describe("the client's deadline for one attempt"),
    retries: orNone(retries).prefault('none').describe('how a client tries again'),
    hedging: zHedging.prefault('none').describe(hedging.summary),
    sessions: orNone(sessions).prefault('none'),
    singles: z
      .strictObject({ era: era().optional() })
      .prefault({})
      .describe('single requests, when sessions are of another era'),
    keys: orNone(keys).prefault('none').describe('whom requests come from'),
    calls: calls.prefault({ call: {} }).describe('tools by name'),
  })
  .describe('demand');

export const TRAFFIC_KEYS = Object.keys(traffic.shape);
export type WrittenTraffic = z.output<typeof traffic>;
export const zTraffic: Written<WrittenTraffic> = traffic;
