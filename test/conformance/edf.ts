/**
 * Envoy's earliest-deadline round robin: picks from a queue that starts after `seed` turns, a life of weight changes and
 * rebuilds, the spread of the first pick over seeds, and picks beside a server in slow start, whose weight is its factor.
 * A rebuild is a new balancer: ours never rebuilds.
 */
import { z } from 'zod';
import { EarliestDeadline } from '../../src/policies/balancer/edf.ts';
import { slowStartFactor } from '../../src/policies/guards/slow-start.ts';
import { ruleOf } from './rule.ts';
import { ToldDice } from './told-dice.ts';

const HOST = z.int().min(0);
const WEIGHTS = z.array(z.number().positive()).min(1);

const LIFE = z.object({
  seed: HOST.default(0),
  steps: z
    .array(z.object({ action: z.string(), weights: WEIGHTS, picks: z.array(HOST).min(1) }))
    .min(1),
});
const FIRST_PICKS = z.object({
  weights: WEIGHTS,
  seeds: z.array(HOST).min(1),
  firstPickCounts: z.array(HOST),
});
const PICKS = z.object({
  weights: WEIGHTS,
  picks: z.array(HOST).min(1),
  seed: HOST.default(0),
  /** Of host 1, the new one. */
  factor: z.number().positive().max(1).default(1),
  windowSec: z.number().positive().optional(),
  elapsedSec: z.number().min(0).optional(),
  aggression: z.number().default(1),
  minWeightPercent: z.number().default(10),
});

export const edfWeightedRoundRobin = ruleOf(z.union([LIFE, FIRST_PICKS, PICKS]), (row) => {
  if ('steps' in row) return breachOfLife(row);
  if ('firstPickCounts' in row) return breachOfFirstPicks(row);
  const { weights, picks, seed, factor, windowSec, elapsedSec, ...rule } = row;
  if (windowSec !== undefined && elapsedSec !== undefined) {
    const { aggression, minWeightPercent } = rule;
    const got = slowStartFactor(
      { as: 'envoy', window: windowSec * 1000, aggression, minWeight: minWeightPercent / 100 },
      elapsedSec * 1000,
    );
    if (Math.abs(got - factor) > 1e-6) return `factor: expected ${factor}, got ${got}`;
  }
  const slowed = weights.map((weight, host) => (host === 1 ? weight * factor : weight));
  return breachOfPicks(balancerOf(slowed, seed), picks);
});

const breachOfLife = ({ seed, steps }: z.output<typeof LIFE>): string | null => {
  let balancer: EarliestDeadline | null = null;
  for (const { action, weights, picks } of steps) {
    if (balancer !== null && /in place|no rebuild/i.test(action)) {
      for (const [host, weight] of weights.entries()) balancer.joined(0, host, weight);
    } else balancer = balancerOf(weights, seed);
    const breach = breachOfPicks(balancer, picks);
    if (breach !== null) return `${action}: ${breach}`;
  }
  return null;
};

const breachOfFirstPicks = (row: z.output<typeof FIRST_PICKS>): string | null => {
  const counts = row.weights.map(() => 0);
  for (const seed of row.seeds) counts[balancerOf(row.weights, seed).pick()]! += 1;
  const agrees = counts.every((count, host) => count === row.firstPickCounts[host]);
  return agrees ? null : `expected ${row.firstPickCounts.join()}, got ${counts.join()}`;
};

const breachOfPicks = (balancer: EarliestDeadline, picks: readonly number[]): string | null => {
  const got = picks.map(() => balancer.pick());
  return got.join() === picks.join() ? null : `expected ${picks.join()}, got ${got.join()}`;
};

const balancerOf = (weights: readonly number[], seed: number): EarliestDeadline => {
  const balancer = new EarliestDeadline(new ToldDice([seed]));
  for (const [host, weight] of weights.entries()) balancer.joined(0, host, weight);
  return balancer;
};
