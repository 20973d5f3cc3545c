/**
 * The reference's best-practices table, row by row and then the deadline it takes for granted, and where a scenario's contenders depart from it. A departure is no
 * mistake (a study is often about departing), so `windtunnel validate` only mentions it.
 */
import { formatDuration } from '../core/units.ts';
import { reachOf } from '../policies/autoscaler/reach.ts';
import type { Contender, FaultEffect, PolicyChoice, Scenario, Setup } from './scenario.ts';

export interface Departure {
  /** What is departed from. */
  readonly aspect: string;
  /** What the contenders do instead. */
  readonly what: string;
  readonly contenders: readonly string[];
  readonly recommendation: string;
  readonly reason: string;
}

interface Practice {
  readonly aspect: string;
  readonly recommendation: string;
  readonly reason: string;
  /** What a setup does instead; null where it keeps to the practice. */
  departs(setup: Setup): string | null;
}

/** Faults after which a call may stay without an answer. */
const SILENCING: ReadonlySet<string> = new Set<FaultEffect['kind']>([
  'hang',
  'partition',
  'flap',
  'crash',
]);

const PRACTICES: readonly Practice[] = [
  {
    aspect: 'minimum instances',
    recommendation: 'at least 2',
    reason: 'with a single server its failure, or its deployment, is an outage',
    departs: ({ servers, autoscaler }) => {
      const least = Math.min(servers.count, reachOf(autoscaler.options)?.min ?? servers.count);
      return least >= 2 ? null : `as few as ${least}`;
    },
  },
  {
    aspect: 'instances at the start',
    recommendation: "within the autoscaler's min and max",
    reason:
      'a fleet outside them is resized at the first decision, and until then says nothing of it',
    departs: ({ servers, autoscaler }) => {
      const { atStart = 0, max = Infinity } = reachOf(autoscaler.options) ?? {};
      return servers.count >= atStart && servers.count <= max ? null : String(servers.count);
    },
  },
  {
    aspect: 'health check interval',
    recommendation: '30s in production, 10s in staging',
    reason:
      'slower checks leave clients on a dead server for longer, faster ones are load and react to a hiccup',
    departs: ({ health }) => {
      const interval = numberIn(health, 'interval');
      if (interval === null) return 'no health checks';
      return interval === 30_000 || interval === 10_000 ? null : formatDuration(interval);
    },
  },
  {
    aspect: 'unhealthy threshold',
    recommendation: '3 failed checks in a row',
    reason: 'fewer take a server out for one lost packet, more find an outage later',
    departs: ({ health }) => {
      const unhealthy = numberIn(health, 'unhealthy');
      return unhealthy === null || unhealthy === 3 ? null : String(unhealthy);
    },
  },
  {
    aspect: 'circuit breaker',
    recommendation: 'one for each server',
    reason: 'between two health checks it alone keeps calls off a server that fails them',
    departs: ({ breaker }) => (breaker.name === 'none' ? 'none' : null),
  },
  {
    aspect: 'circuit breaker timeout',
    recommendation: '30s to 60s',
    reason: 'sooner tries a server that has had no time to recover, later wastes one that has',
    departs: ({ breaker }) => {
      const recovery = numberIn(breaker, 'recovery');
      if (recovery === null || (recovery >= 30_000 && recovery <= 60_000)) return null;
      return formatDuration(recovery);
    },
  },
  {
    aspect: 'connection draining',
    recommendation: 'enabled',
    reason: 'a server that is stopped at once fails the calls and sessions it holds',
    departs: ({ drain }) => (drain > 0 ? null : 'off'),
  },
  {
    aspect: 'timeout',
    recommendation: 'a deadline for every attempt where servers fall silent',
    reason:
      'a call to a server that hangs, crashes or is cut off may never end, and what has not ended is in no error rate',
    departs: ({ traffic, faults }) =>
      traffic.timeout === null && faults.some(({ effect }) => SILENCING.has(effect.kind))
        ? 'none'
        : null,
  },
];

/** One for each practice and way of departing from it, in the table's order. */
export const departures = ({ contenders }: Scenario): readonly Departure[] =>
  PRACTICES.flatMap((practice) => {
    const { aspect, recommendation, reason } = practice;
    return [...waysOf(practice, contenders)].map(([what, names]) => ({
      aspect,
      what,
      contenders: names,
      recommendation,
      reason,
    }));
  });

const waysOf = (
  practice: Practice,
  contenders: readonly Contender[],
): ReadonlyMap<string, readonly string[]> => {
  const ways = new Map<string, string[]>();
  for (const { name, setup } of contenders) {
    const what = practice.departs(setup);
    if (what !== null) ways.set(what, [...(ways.get(what) ?? []), name]);
  }
  return ways;
};

const numberIn = ({ options }: PolicyChoice, key: string): number | null => {
  const value = options[key];
  return typeof value === 'number' ? value : null;
};
