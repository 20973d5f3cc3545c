/**
 * What an External metric shows of the fleet as a whole: the balancer's own numbers, and the queues of servers as far as
 * they are reported, as of the newest sync that is at least `lag` ago. Between two syncs nothing scrapes a balancer here,
 * so a metrics adapter that does is told of by `lag`; and a fault of servers' metrics does not touch what is not theirs.
 */
import type { Millis } from '../../../core/units.ts';
import type { Load } from '../autoscaler.ts';
import { totalOf } from '../server-load.ts';

export type TotalMetric = 'backlog' | 'concurrency' | 'arrivals';

type Reading = { readonly at: Millis } & Readonly<Record<TotalMetric, number | null>>;

export class TotalWatch {
  readonly #scrape: Millis;
  readonly #lag: Millis;
  /** Oldest first; of those that are old enough to be seen only the newest is kept. */
  readonly #readings: Reading[] = [];

  constructor({ scrape, lag }: { readonly scrape: Millis; readonly lag: Millis }) {
    this.#scrape = scrape;
    this.#lag = lag;
  }

  /** To be told at each sync. */
  note(now: Millis, { requestsPerSecond, concurrencyMean, waiting, members }: Load): void {
    const queued = totalOf(now, 'queued', members, this.#scrape);
    this.#readings.push({
      at: now,
      arrivals: requestsPerSecond,
      concurrency: concurrencyMean,
      backlog: queued === null ? null : queued + waiting,
    });
    const visible = this.#readings.findLastIndex(({ at }) => at <= now - this.#lag);
    if (visible > 0) this.#readings.splice(0, visible);
  }

  /** Null: nothing has been reported, or not long enough ago. */
  value(now: Millis, metric: TotalMetric): number | null {
    const [seen] = this.#readings;
    return seen === undefined || seen.at > now - this.#lag ? null : seen[metric];
  }
}
