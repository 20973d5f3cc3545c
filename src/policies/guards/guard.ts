/**
 * A guard stands beside the policies: there is one of each, on or off, so it has no registry of kinds, but the same facts.
 * Its rule is in the file that tells them, or where the fleet carries it out; the rest is the fleet's bookkeeping.
 */
import type { PolicyFacts } from '../registry.ts';

export interface Guard {
  /** Where it stands in a scenario: `slowStart`, `traffic.hedging`. */
  readonly key: string;
  /** One sentence: what it does. */
  readonly summary: string;
  readonly facts: PolicyFacts;
}
