/** Verdicts that have a colour in a terminal; the word is always there too. */
import type { Verdict } from '../results/results.ts';
import type { Tint } from './terminal.ts';

export const VERDICT_TINTS: { readonly [verdict in Verdict]?: Tint } = {
  better: 'green',
  worse: 'red',
};
