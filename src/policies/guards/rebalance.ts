/**
 * Rebalancing: affinities that have lasted long end where they weigh, so that a server added late gets its share of what
 * is pinned. Nothing is moved: the session is ended on its server, and its client, told that it is unknown, starts anew
 * elsewhere. Its pathology: clients that cannot, and sessions whose state was worth more than the balance.
 */
import type { Millis } from '../../core/units.ts';
import type { Guard } from './guard.ts';

export interface Rebalance {
  /** No sooner than this after the affinity began. */
  readonly after: Millis;
  /** Only on servers with more than this many times the mean. */
  readonly above: number;
}

/** Does an affinity of that age end, on a server that carries `own` where a fair share is `fair`? */
export const endsAffinity = (
  { after, above }: Rebalance,
  age: Millis,
  own: number,
  fair: number,
): boolean => age >= after && own > above * fair;

export const rebalance: Guard = {
  key: 'rebalance',
  summary: 'long affinities end where they weigh on one server',
  facts: {
    rule: 'session: a call of a session older than `after`, on a server with more than `above` times the mean of sessions a ready server, is answered `session-lost` without being sent, and the session ends; one a call. key: a key older than `after`, on a server with more than `above` times the mean of calls in flight, is picked for anew.',
    follows:
      'a rule of our own; in its place Envoy (max_connection_duration) and gRPC A9 (MAX_CONNECTION_AGE, 2017) end every connection of an age, wherever it is',
    good: 'fleets that scale out under long sessions, with clients that initialise anew (`sessions.recover`)',
    bad: 'the official clients, which do not; sessions with state, which is lost; with a mean of few sessions it ends some for chance',
    cost: 'O(1)',
  },
};
