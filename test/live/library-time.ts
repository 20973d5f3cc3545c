/** Time that a test moves by hand: alarms ring in their order as it passes them. */
import type { Timekeeper } from '../../src/live/library/timekeeper.ts';

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

export class HandMovedTime implements Timekeeper {
  #now = 0;
  #alarms: Alarm[] = [];

  now(): number {
    return this.#now;
  }

  get alarms(): number {
    return this.#alarms.length;
  }

  after(delay: number, ring: () => void): () => void {
    const alarm = { at: this.#now + Math.max(0, delay), ring };
    this.#alarms.push(alarm);
    return () => void (this.#alarms = this.#alarms.filter((other) => other !== alarm));
  }

  /** Passes `ms`; after each alarm whatever it set off is let happen. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#alarms.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#alarms = this.#alarms.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.ring();
      await settled();
    }
    this.#now = until;
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
