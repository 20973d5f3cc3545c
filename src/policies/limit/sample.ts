/**
 * What a finished call tells of the scope's capacity, as concurrency-limits' gRPC and servlet integrations sort it: an
 * answer is a sample of the time a call takes, a timeout or a refusal for load is a drop, all else tells nothing (an
 * error that comes at once would look like a fast server). How long a drop took is no sample: a 503 takes no time.
 */
import type { Outcome } from '../../core/outcome.ts';

export type Told = 'answered' | 'dropped' | 'nothing';

export const toldBy = (outcome: Outcome): Told =>
  outcome === 'ok' || outcome === 'tool-error'
    ? 'answered'
    : DROPS.has(outcome)
      ? 'dropped'
      : 'nothing';

const DROPS: ReadonlySet<string> = new Set(['timeout', 'overloaded', 'throttled']);
