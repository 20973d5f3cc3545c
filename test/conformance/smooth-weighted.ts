/** nginx's smooth weighted round robin: the picks in order, and where a case tells them the current weights around each. */
import { z } from 'zod';
import { SmoothTurns } from '../../src/core/smooth-turns.ts';
import { SmoothWeighted } from '../../src/policies/balancer/smooth-weighted.ts';
import { ruleOf } from './rule.ts';

const NAME = z.union([z.string(), z.int()]).transform(String);
const BY_NAME = z.union([z.record(z.string(), z.number()), z.array(z.number())]).transform(entries);

const ROW = z.object({
  weights: BY_NAME,
  picks: z.array(NAME).min(1),
  currentWeightTable: z
    .array(z.object({ before: BY_NAME, picked: NAME, after: BY_NAME }))
    .optional(),
});

export const smoothWeightedRoundRobin = ruleOf(ROW, ({ weights, picks, currentWeightTable }) => {
  const names = [...weights.keys()];
  const balancer = new SmoothWeighted(1);
  const turns = new SmoothTurns();
  for (const [server, weight] of [...weights.values()].entries()) {
    balancer.joined(0, server, weight);
    turns.join(server, weight);
  }
  for (const [k, expected] of picks.entries()) {
    const picked = names[balancer.pick()];
    if (picked !== expected) return `pick ${k + 1}: expected ${expected}, got ${picked}`;
  }
  for (const [k, { before, picked, after }] of (currentWeightTable ?? []).entries()) {
    const risen = names.map((name, server) => turns.currentOf(server) + weights.get(name)!);
    if (!agrees(names, risen, before)) return `before pick ${k + 1}: got ${risen.join()}`;
    const got = names[turns.next()];
    if (got !== picked) return `pick ${k + 1} of the table: expected ${picked}, got ${got}`;
    const paid = names.map((_, server) => turns.currentOf(server));
    if (!agrees(names, paid, after)) return `after pick ${k + 1}: got ${paid.join()}`;
  }
  return null;
});

function entries(
  weights: Readonly<Record<string, number>> | readonly number[],
): Map<string, number> {
  return new Map(Object.entries(weights));
}

const agrees = (
  names: readonly string[],
  got: readonly number[],
  expected: ReadonlyMap<string, number>,
): boolean => names.every((name, server) => got[server] === expected.get(name));
