/**
 * Which outcomes count against a server. A lost session is the client's trouble and a tool error is the tool's answer:
 * by default neither says that the server is ill, and both show that it answers.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';

const CATEGORIES = ['transport', '5xx', 'overloaded', 'throttled', 'tool-errors'] as const;
export type Category = (typeof CATEGORIES)[number];

const OUTCOMES: Readonly<Record<Category, readonly Outcome[]>> = {
  transport: ['timeout', 'refused', 'reset'],
  '5xx': ['http-5xx'],
  overloaded: ['overloaded'],
  throttled: ['throttled'],
  'tool-errors': ['tool-error'],
};

export const zCounts = () =>
  z
    .array(z.enum(CATEGORIES))
    .default(['transport', '5xx', 'overloaded'])
    .describe(
      'what counts as a failure: transport (timeout, refused, reset), 5xx, overloaded (503), throttled (429), tool-errors',
    );

/** Does `outcome` count against the server, given the option `counts`? */
export const countsAgainst = (counts: readonly Category[]): ((outcome: Outcome) => boolean) => {
  const against = new Set<Outcome>(counts.flatMap((category) => OUTCOMES[category]));
  return (outcome) => outcome !== 'ok' && against.has(outcome);
};
