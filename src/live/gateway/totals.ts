/** What a server has done, added up over the lives of its process: ms and counts, and the waits in its queue. */
import type { ServerTally } from '../../fake/fake-server.ts';
import type { Millis } from '../../core/units.ts';
import type { Tally } from './server-process.ts';

export class Totals {
  readonly tally: { -readonly [Key in keyof ServerTally]: number };
  /** Calls that got a slot, and how long they had waited for it: counts of core/histogram.ts, null before the first. */
  waits: number;
  waitedMs: Millis;
  counts: Uint32Array | null;

  constructor(from: Totals | null = null) {
    this.tally = { ...(from?.tally ?? { busyMs: 0, slotMs: 0, upMs: 0, came: 0, finished: 0 }) };
    this.waits = from?.waits ?? 0;
    this.waitedMs = from?.waitedMs ?? 0;
    this.counts = from?.counts?.slice() ?? null;
  }

  copy(): Totals {
    return new Totals(this);
  }

  add({ tally, waits }: Tally): void {
    for (const key of ['busyMs', 'slotMs', 'upMs', 'came', 'finished'] as const)
      this.tally[key] += tally[key];
    this.waits += waits.count;
    this.waitedMs += waits.sumMs;
    this.counts ??= new Uint32Array(waits.counts.length);
    waits.counts.forEach((count, bucket) => (this.counts![bucket]! += count));
  }

  /** Waits since an earlier reading. */
  since(before: Totals | undefined): Pick<Totals, 'waits' | 'waitedMs' | 'counts'> {
    return {
      waits: this.waits - (before?.waits ?? 0),
      waitedMs: this.waitedMs - (before?.waitedMs ?? 0),
      counts: this.counts?.map((count, bucket) => count - (before?.counts?.[bucket] ?? 0)) ?? null,
    };
  }

  plus(tally: Tally): Totals {
    const sum = this.copy();
    sum.add(tally);
    return sum;
  }
}
