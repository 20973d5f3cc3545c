/**
 * Where requests wait at the balancer that no server may take at the moment: all are full, or none is fit, or (scaled to
 * zero) none is there. First come, first served; those pinned to one server wait in a line of their own, so that they do
 * not hold up the rest (HAProxy's server queues beside its backend queue). Places are given up, not moved: an entry whose
 * request has gone elsewhere is recognised by its sequence and skipped.
 */
import { Lane } from '../core/lane.ts';
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { BacklogOptions } from './options.ts';

export class Backlog {
  /** Requests that wait. */
  size = 0;
  readonly options: BacklogOptions;
  readonly #anyone = new Lane();
  /** By server id. */
  readonly #pinned: Lane[] = [];

  constructor(options: BacklogOptions) {
    this.options = options;
  }

  get hasRoom(): boolean {
    return this.size < this.options.places;
  }

  /** `server`: the one it waits for, -1 for any. `sequence` names its place. */
  add(now: Millis, account: number, sequence: number, server: ServerId): void {
    this.#laneOf(server).push(now, sequence, account);
    this.size++;
  }

  /** A place that `add` gave is empty now: served, or out of patience. */
  leave(): void {
    this.size--;
  }

  /** The line for `server`, or for any with -1, its empty places skipped; null when nobody waits in it. */
  line(server: ServerId, waits: (account: number, sequence: number) => boolean): Lane | null {
    const lane = server < 0 ? this.#anyone : this.#pinned[server];
    if (lane === undefined) return null;
    while (lane.size > 0 && !waits(lane.item, lane.sequence)) lane.pop();
    return lane.size > 0 ? lane : null;
  }

  #laneOf(server: ServerId): Lane {
    if (server < 0) return this.#anyone;
    while (this.#pinned.length <= server) this.#pinned.push(new Lane());
    return this.#pinned[server]!;
  }
}
