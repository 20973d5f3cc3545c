/**
 * Envoy's least request. With draws (raw random integers, host = draw mod n, with replacement): put to p2c and to
 * weighted-least-request with those for dice. Without: a look at all hosts; what is pending was sent, so it counts.
 * With weights: steps of picks from one queue while the calls in flight stand as told.
 */
import { z } from 'zod';
import type { Balancer } from '../../src/policies/balancer/balancer.ts';
import { P2c } from '../../src/policies/balancer/p2c.ts';
import {
  effectiveBias,
  WeightedLeastRequest,
} from '../../src/policies/balancer/weighted-least-request.ts';
import { CandidateSet } from '../../src/fleet/candidate-set.ts';
import { request } from '../contracts/balancer-arena.ts';
import { ruleOf } from './rule.ts';
import { ToldDice } from './told-dice.ts';

const COUNT = z.int().min(0);
const CHOICE = z.object({
  /** Calls in flight, by host; those not yet connected in `pending`. */
  active: z.array(COUNT).min(1),
  pending: z.array(COUNT).optional(),
  draws: z.array(COUNT).min(1).optional(),
  expectedHost: COUNT,
});
const BIAS = z.object({ bias: z.number(), effectiveBias: z.number() });
const WEIGHTED = z.object({
  weights: z.array(z.number().positive()).min(2),
  bias: z.number().default(1),
  seed: COUNT.default(0),
  steps: z.array(z.object({ active: z.array(COUNT), picks: z.array(COUNT).min(1) })).min(1),
});

export const leastRequest = ruleOf(z.union([WEIGHTED, BIAS, CHOICE]), (row) => {
  if ('steps' in row) return breachOfSteps(row);
  if ('effectiveBias' in row) {
    const got = effectiveBias(row.bias);
    return got === row.effectiveBias ? null : `expected bias ${row.effectiveBias}, got ${got}`;
  }
  const calls = row.active.map((active, host) => active + (row.pending?.[host] ?? 0));
  const { draws, expectedHost } = row;
  if (draws === undefined) {
    const options = { choices: 2, scan: true, bias: 1 };
    return breachOfPick(new WeightedLeastRequest(options, new ToldDice([0])), calls, expectedHost);
  }
  const choices = draws.length;
  for (const make of [
    (dice: ToldDice) => new P2c({ choices, replacement: true }, dice),
    (dice: ToldDice) => new WeightedLeastRequest({ choices, scan: false, bias: 1 }, dice),
  ]) {
    const dice = new ToldDice(draws);
    const breach = breachOfPick(make(dice), calls, expectedHost);
    if (breach !== null) return breach;
    if (dice.left !== 0) return `${dice.left} of ${choices} draws were not used`;
  }
  return null;
});

const breachOfPick = (
  balancer: Balancer,
  calls: readonly number[],
  expected: number,
): string | null => {
  const candidates = new CandidateSet();
  for (const [host, count] of calls.entries()) {
    candidates.add(host);
    balancer.joined(0, host, 1);
    for (let call = 0; call < count; call++) balancer.sent(0, host);
  }
  const picked = balancer.pick(0, request(0, 0), candidates);
  return picked === expected ? null : `expected host ${expected}, got ${picked}`;
};

const breachOfSteps = ({
  weights,
  bias,
  seed,
  steps,
}: z.output<typeof WEIGHTED>): string | null => {
  const options = { choices: 2, scan: false, bias };
  const balancer = new WeightedLeastRequest(options, new ToldDice([seed]));
  const candidates = new CandidateSet();
  const active = weights.map(() => 0);
  for (const [host, weight] of weights.entries()) {
    candidates.add(host);
    balancer.joined(0, host, weight);
  }
  for (const [k, step] of steps.entries()) {
    for (const [host, wanted] of step.active.entries()) {
      for (; active[host]! < wanted; active[host]!++) balancer.sent(0, host);
      for (; active[host]! > wanted; active[host]!--) balancer.settled(0, host);
    }
    const got = step.picks.map(() => balancer.pick(0, request(0, 0), candidates));
    if (got.join() !== step.picks.join())
      return `step ${k + 1}: expected ${step.picks.join()}, got ${got.join()}`;
  }
  return null;
};
