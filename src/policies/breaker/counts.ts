/**
 * Which outcomes count against a server. A lost session is the client's trouble and a tool error is the tool's answer:
 * by default neither says that the server is ill, and both show that it answers.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';

const CATEGORIES = ['transport', '5xx', 'overloaded', 'throttled', 'tool-errors'] as const;
export type Category = (typeof CATEGORIES)[number];

const CATEGORY_OF: Readonly<Partial<Record<Outcome, Category>>> = {
  timeout: 'transport',
  refused: 'transport',
  reset: 'transport',
  'http-5xx': '5xx',
  overloaded: 'overloaded',
  throttled: 'throttled',
  'tool-error': 'tool-errors',
};

export const zCounts = () =>
  z
    .array(z.enum(CATEGORIES))
    .default(['transport', '5xx', 'overloaded'])
    .describe(
      'what counts as a failure: transport (timeout, refused, reset), 5xx, overloaded (503), throttled (429), tool-errors',
    );

/** Does `outcome` count against the server, given the option `counts`? */
export const countsAgainst = (counts: readonly Category[], outcome: Outcome): boolean => {
  if (outcome === 'ok') return false;
  const category = CATEGORY_OF[outcome];
  return category !== undefined && counts.includes(category);
};
