/**
 * The fleet as the HPA's pod list and metrics API show it: servers on their way up are Pending, and a server that fails
 * its checks is not ready, since the decision that first saw it so. Samples are the newest reports that are at least
 * `lag` old; whoever has not been heard of for three scrapes has none.
 */
import type { Millis } from '../../../core/units.ts';
import type { ServerLoad } from '../autoscaler.ts';
import { isFresh, isServing, valueOf, type ServerMetric } from '../server-load.ts';
import { milli } from './metrics.ts';
import type { Pod, Sample, Samples } from './pods.ts';

interface Settings {
  readonly scrape: Millis;
  readonly lag: Millis;
  /** Share of a server's slots that is its request. */
  readonly request: number;
}

interface Reading {
  readonly at: Millis;
  readonly window: Millis;
  readonly values: Readonly<Record<ServerMetric, number | null>>;
}

interface Watched {
  ready: boolean;
  wasReady: boolean;
  readyChangedAt: Millis;
  /** Null until it has reported. */
  slots: number | null;
  /** Oldest first; of those that are old enough to be seen only the newest is kept. */
  readonly readings: Reading[];
}

export class PodWatch {
  readonly #settings: Settings;
  #watched = new Map<number, Watched>();
  /** Of the last server that told them: what a silent one is taken to have. */
  #slots = 1;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The pods as of now. Servers that are gone are forgotten. */
  pods(now: Millis, servers: readonly ServerLoad[]): Pod[] {
    const before = this.#watched;
    this.#watched = new Map();
    for (const server of servers) {
      const watched = before.get(server.id) ?? newlyWatched(now, server);
      this.#watched.set(server.id, watched);
      noteReadiness(now, server, watched);
      this.#noteReport(now, server, watched);
    }
    return servers.map((server) => this.#podOf(server, this.#watched.get(server.id)!));
  }

  /** Samples as of the last look at the pods. */
  samples(now: Millis, metric: ServerMetric): Samples {
    const { scrape, lag } = this.#settings;
    const samples = new Map<number, Sample>();
    for (const [id, { readings }] of this.#watched) {
      const [seen] = readings;
      const value = seen?.values[metric] ?? null;
      if (seen === undefined || value === null) continue;
      if (seen.at > now - lag || !isFresh(now - lag, seen.at, scrape)) continue;
      samples.set(id, { milli: milli(value), at: seen.at, window: seen.window });
    }
    return samples;
  }

  #podOf({ id, phase, startedAt }: ServerLoad, watched: Watched): Pod {
    return {
      id,
      phase: phase === 'starting' ? 'Pending' : 'Running',
      deleted: false,
      ready: watched.ready,
      startedAt,
      readyChangedAt: watched.readyChangedAt,
      requestMilli: milli((watched.slots ?? this.#slots) * this.#settings.request),
    };
  }

  #noteReport(now: Millis, server: ServerLoad, watched: Watched): void {
    const { report, reportedAt: at, previousAt } = server;
    const { readings } = watched;
    if (report !== null && at > (readings.at(-1)?.at ?? -Infinity)) {
      this.#slots = watched.slots = report.slots;
      const window = Number.isFinite(previousAt) ? at - previousAt : 0;
      readings.push({ at, window, values: valuesOf(server) });
    }
    const visible = readings.findLastIndex((reading) => reading.at <= now - this.#settings.lag);
    if (visible > 0) readings.splice(0, visible);
  }
}

const valuesOf = (server: ServerLoad): Reading['values'] => ({
  busy: valueOf('busy', server),
  inFlight: valueOf('inFlight', server),
  queued: valueOf('queued', server),
  requests: valueOf('requests', server),
});

const newlyWatched = (now: Millis, server: ServerLoad): Watched => {
  const ready = isServing(server);
  const unreadySince = server.phase === 'starting' ? server.startedAt : now;
  return {
    ready,
    wasReady: ready,
    readyChangedAt: ready ? (server.readyAt ?? now) : unreadySince,
    slots: null,
    readings: [],
  };
};

/** When it first became ready is known to the millisecond, later changes to the decision. */
const noteReadiness = (now: Millis, server: ServerLoad, watched: Watched): void => {
  const ready = isServing(server);
  if (ready === watched.ready) return;
  watched.readyChangedAt = ready && !watched.wasReady ? (server.readyAt ?? now) : now;
  watched.ready = ready;
  watched.wasReady ||= ready;
};
