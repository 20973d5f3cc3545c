/**
 * What the outside may know of the servers: their state as the fleet's notes tell it, what their health checks said, where
 * they are. It decides nothing about requests; only streams, which the fleet does not place, are placed by it.
 */
import type { ServerId } from '../../core/request.ts';
import type { FleetNote } from '../../fleet/intentions.ts';
import { fnv1a } from './fnv1a.ts';
import type { Upstream } from './upstream.ts';

export interface Listed {
  readonly id: ServerId;
  readonly weight: number;
  /** Null while it starts. */
  upstream: Upstream | null;
  phase: 'starting' | 'ready' | 'draining' | 'gone';
  healthy: boolean;
  breaker: 'closed' | 'open' | 'half-open';
  /** `Date.now()` of its last health check; null before the first. */
  checkedAt: number | null;
  /** What last went wrong, by a check or a call. */
  lastError: string | null;
  /** Calls that wait in its queue, as it last said itself. */
  queued: number;
}

export class Roster {
  readonly all: Listed[] = [];

  /** A server that is up at time 0 (`ready`), or that is being started. */
  add(id: ServerId, weight: number, ready: boolean): Listed {
    const listed: Listed = {
      id,
      weight,
      upstream: null,
      phase: ready ? 'ready' : 'starting',
      healthy: ready,
      breaker: 'closed',
      checkedAt: null,
      lastError: null,
      queued: 0,
    };
    this.all[id] = listed;
    return listed;
  }

  note({ kind, server, state, tool }: FleetNote): void {
    const listed = server === null ? undefined : this.all[server];
    // The circuit of one tool says nothing of the others.
    if (listed === undefined || state === null || tool !== undefined) return;
    switch (state) {
      case 'closed':
      case 'open':
      case 'half-open':
        listed.breaker = state;
        break;
      case 'healthy':
        listed.healthy = true;
        if (kind === 'server') listed.phase = 'ready';
        break;
      case 'unhealthy':
        listed.healthy = false;
        break;
      case 'starting':
      case 'draining':
      case 'gone':
        listed.phase = state;
    }
  }

  /** Servers that may be given something new. */
  get eligible(): readonly Listed[] {
    return this.all.filter(
      ({ phase, healthy, breaker, upstream }) =>
        phase === 'ready' && healthy && breaker !== 'open' && upstream !== null,
    );
  }

  /** Where the next stream goes: to the eligible server with the fewest. */
  forStream(): Listed | undefined {
    const { eligible } = this;
    return eligible.reduce<Listed | undefined>(
      (best, listed) =>
        best === undefined || listed.upstream!.streams < best.upstream!.streams ? listed : best,
      undefined,
    );
  }

  /** Where `key` belongs while the same servers are eligible (rendezvous hashing: Thaler and Ravishankar 1998). */
  forKey(key: string): Listed | undefined {
    let best: Listed | undefined;
    let highest = -1;
    for (const listed of this.eligible) {
      const score = fnv1a(`${listed.id}/${key}`);
      if (score > highest) [best, highest] = [listed, score];
    }
    return best;
  }
}
