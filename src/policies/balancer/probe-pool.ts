/**
 * Prequal's pool of probe answers and its hot-cold lexicographic rule (Wydrowski et al., NSDI 2024, arXiv 2312.10172; as
 * in prequal-rs @57887a4, prequal-core/src/pool.rs): a probe is hot when its requests in flight (RIF) exceed a threshold.
 * The cold one of least latency is best; if all are hot, the one of least RIF. The worst is the hot one of most RIF, or
 * the slowest if none is hot. Some sixteen probes, so plain walks.
 */
import type { ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { Candidates } from './balancer.ts';

export interface Probe {
  readonly server: ServerId;
  readonly at: Millis;
  readonly latencyMs: Millis;
  /** Requests in flight: as reported, and one more for each use since. */
  rif: number;
  /** Calls it may still send; it leaves the pool at 0. */
  uses: number;
}

const NONE = -1;

export class ProbePool {
  readonly #capacity: number;
  readonly #probes: Probe[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#probes.length;
  }

  /** Whose probes are in it. */
  get servers(): ServerId[] {
    return this.#probes.map(({ server }) => server);
  }

  /** Takes the place of an older probe of the same server, or of the oldest when the pool is full. */
  add(probe: Probe): void {
    const older = this.#probes.findIndex(({ server }) => server === probe.server);
    if (older !== NONE) this.#remove(older);
    this.#probes.push(probe);
    if (this.#probes.length > this.#capacity) this.removeOldest();
  }

  /** Drops what is older than `maxAge` ms. */
  expire(now: Millis, maxAge: Millis): void {
    for (let index = this.#probes.length - 1; index >= 0; index--)
      if (now - this.#probes[index]!.at > maxAge) this.#remove(index);
  }

  /** The best probe of an allowed server by the hot-cold rule, or null. */
  best(threshold: number, allowed: Pick<Candidates, 'has'>): Probe | null {
    let best: Probe | null = null;
    for (const probe of this.#probes)
      if (allowed.has(probe.server) && (best === null || better(probe, best, threshold)))
        best = probe;
    return best;
  }

  /** A call goes where this probe says: one more in flight there, one use less. */
  use(probe: Probe): void {
    probe.rif += 1;
    probe.uses -= 1;
    if (probe.uses <= 0) this.#remove(this.#probes.indexOf(probe));
  }

  /** Drops what this server has told. */
  forget(server: ServerId): void {
    const index = this.#probes.findIndex((probe) => probe.server === server);
    if (index !== NONE) this.#remove(index);
  }

  removeOldest(): void {
    this.#removeWhere((probe, than) => probe.at < than.at);
  }

  removeWorst(threshold: number): void {
    this.#removeWhere((probe, than) => worse(probe, than, threshold));
  }

  #removeWhere(beats: (probe: Probe, than: Probe) => boolean): void {
    let chosen = 0;
    for (let index = 1; index < this.#probes.length; index++)
      if (beats(this.#probes[index]!, this.#probes[chosen]!)) chosen = index;
    if (this.#probes.length > 0) this.#remove(chosen);
  }

  /** The last takes the place. */
  #remove(index: number): void {
    const last = this.#probes.pop()!;
    if (index < this.#probes.length) this.#probes[index] = last;
  }
}

const better = (a: Probe, b: Probe, threshold: number): boolean => {
  const hot = a.rif > threshold;
  if (hot !== b.rif > threshold) return !hot;
  if (hot) return a.rif < b.rif || (a.rif === b.rif && a.latencyMs < b.latencyMs);
  return a.latencyMs < b.latencyMs || (a.latencyMs === b.latencyMs && a.rif < b.rif);
};

const worse = (a: Probe, b: Probe, threshold: number): boolean => {
  const hot = a.rif > threshold;
  if (hot !== b.rif > threshold) return hot;
  return hot ? a.rif > b.rif : a.latencyMs > b.latencyMs;
};
