/**
 * CoDel for requests that wait at the balancer (RFC 8289, its packets read as requests): when the wait has been above
 * `target` for a whole `interval`, one is dropped, the next after interval, then interval / sqrt(2), interval / sqrt(3),
 * and so on, until a wait is below `target` again. A burst passes unharmed; only a queue that stands is cut.
 *
 * Its pathology: traffic that does not slow down when calls are dropped. The pace of the drops grows by degrees, so
 * far above the capacity the queue still grows for a long time; and with waits that are long by nature (tools of
 * seconds behind few slots) the defaults, made for packets, drop far too much.
 */
import { z } from 'zod';
import { zDuration, type Millis } from '../../core/units.ts';
import type { Guard } from './guard.ts';

export interface CoDelOptions {
  readonly target: Millis;
  readonly interval: Millis;
}

/** Options with the defaults of the RFC. */
export const zCoDel = () =>
  z.strictObject({
    target: zDuration({ positive: true }).prefault('5ms').describe('a wait below this is welcome'),
    interval: zDuration({ positive: true })
      .prefault('100ms')
      .describe('waits above `target` are borne for so long, then requests are dropped'),
  });

export class CoDel {
  readonly #target: Millis;
  readonly #interval: Millis;
  /** When the waits will have been above the target for a whole interval; null: they are below. */
  #standsFrom: Millis | null = null;
  #dropping = false;
  #nextDropAt: Millis = 0;
  /** Sets the pace: grows with each drop of a spell. */
  #count = 0;
  /** What the spell began with. */
  #firstCount = 0;

  constructor({ target, interval }: CoDelOptions) {
    this.#target = target;
    this.#interval = interval;
  }

  /**
   * Shall the request that is being taken from the queue at `now` be dropped instead of sent? It waited `waitedMs`, and
   * `behind` more wait. To be asked about each request taken, in order; after a drop about the next one.
   */
  drops(now: Millis, waitedMs: Millis, behind = 1): boolean {
    if (!this.#stands(now, waitedMs, behind)) {
      this.#dropping = false;
      return false;
    }
    if (!this.#dropping) {
      this.#begin(now);
      return true;
    }
    if (now < this.#nextDropAt) return false;
    this.#count++;
    this.#nextDropAt = this.#spaced(this.#nextDropAt);
    return true;
  }

  /** Has there been a queue for a whole interval? The last request of a queue is never a standing queue. */
  #stands(now: Millis, waitedMs: Millis, behind: number): boolean {
    if (waitedMs < this.#target || behind === 0) {
      this.#standsFrom = null;
      return false;
    }
    if (this.#standsFrom === null) {
      this.#standsFrom = now + this.#interval;
      return false;
    }
    return now >= this.#standsFrom;
  }

  /** A spell soon after the last one goes on at its pace. */
  #begin(now: Millis): void {
    const drops = this.#count - this.#firstCount;
    const soon = now - this.#nextDropAt < 16 * this.#interval;
    this.#dropping = true;
    this.#count = drops > 1 && soon ? drops : 1;
    this.#firstCount = this.#count;
    this.#nextDropAt = this.#spaced(now);
  }

  #spaced(from: Millis): Millis {
    return from + this.#interval / Math.sqrt(this.#count);
  }
}

export const codel: Guard = {
  key: 'backlog.codel',
  summary: 'drops calls while the wait stands above a target',
  facts: {
    rule: 'When a call is taken from the backlog and waits have been above `target` for a whole `interval`, it is dropped (shed), the next one an interval later, then interval / sqrt(2), interval / sqrt(3) and so on, until a wait is below `target` or nobody else waits. A spell within 16 intervals of the last one goes on at its pace.',
    follows: 'RFC 8289 (2018), packets read as calls, with its defaults of 5ms and 100ms',
    good: 'a queue that stands: it cuts the wait and lets bursts pass, whatever the rate',
    bad: 'far above the capacity its drops grow too slowly and the queue grows on; waits that are long by nature (tools of seconds) need a larger target and interval',
    cost: 'O(1)',
  },
};
