/**
 * `GET /status`: the reference's `get_status` (strategy, servers with url, healthy, active_connections, weight,
 * last_health_check, last_error, healthy_count, total_count), and beside it what a person on call asks next.
 */
import { serverName } from '../../core/request.ts';
import type { Roster } from './roster.ts';
import type { SessionNames } from './session-names.ts';

export interface Status {
  /** As the reference names it: `round_robin`. */
  readonly strategy: string;
  readonly servers: readonly ServerStatus[];
  readonly healthy_count: number;
  readonly total_count: number;
  /** Legacy sessions that are pinned. */
  readonly sessions: number;
  /** The gateway takes no new work: it is shutting down. */
  readonly draining: boolean;
}

export interface ServerStatus {
  readonly name: string;
  /** Null while it starts. */
  readonly url: string | null;
  readonly healthy: boolean;
  readonly active_connections: number;
  readonly weight: number;
  /** ISO 8601; null before the first. */
  readonly last_health_check: string | null;
  readonly last_error: string | null;
  readonly state: 'starting' | 'ready' | 'draining';
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly sessions: number;
  readonly streams: number;
}

/** Servers that are gone are left out. */
export const statusOf = (
  strategy: string,
  roster: Roster,
  sessions: SessionNames,
  draining: boolean,
): Status => {
  const pinned = sessions.countByServer();
  const servers = roster.all.flatMap((listed): ServerStatus[] => {
    const { id, phase, upstream, breaker, weight, healthy, checkedAt, lastError } = listed;
    if (phase === 'gone') return [];
    return [
      {
        name: serverName(id),
        url: upstream?.url.href ?? null,
        healthy: healthy && phase !== 'starting',
        active_connections: upstream?.inFlight ?? 0,
        weight,
        last_health_check: checkedAt === null ? null : new Date(checkedAt).toISOString(),
        last_error: lastError,
        state: phase,
        breaker,
        sessions: pinned.get(id) ?? 0,
        streams: upstream?.streams ?? 0,
      },
    ];
  });
  return {
    strategy: strategy.replaceAll('-', '_'),
    servers,
    healthy_count: servers.filter(({ healthy }) => healthy).length,
    total_count: servers.length,
    sessions: sessions.size,
    draining,
  };
};
