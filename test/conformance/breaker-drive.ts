/** Drives a breaker as the fleet does: a call only where it admits one, each permit settled once. */
import type { Rng } from '../../src/core/rng.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Millis } from '../../src/core/units.ts';
import type { Breaker, Permit } from '../../src/policies/breaker/breaker.ts';

export const COUNTS = ['transport', '5xx', 'overloaded'] as const;

/** Dice that always fall the same way, for policies whose case leaves nothing to chance. */
export const loaded = (value: number): Rng => ({ next: () => value, below: (n) => value * n });

export class Drive {
  readonly #breaker: Breaker;
  readonly #out: Permit[] = [];
  now: Millis = 0;

  constructor(breaker: Breaker) {
    this.#breaker = breaker;
  }

  get state(): string {
    return this.#breaker.state(this.now);
  }

  get admits(): boolean {
    return this.#breaker.admits(this.now);
  }

  /** Sends a call, if one is admitted. */
  acquire(): boolean {
    const admitted = this.admits;
    if (admitted) this.#out.push(this.#breaker.sent(this.now));
    return admitted;
  }

  /** The oldest call in flight ends. */
  settle(outcome: Outcome, tookMs: Millis = 0): void {
    const permit = this.#out.shift();
    if (permit === undefined) throw new Error('no call is in flight');
    this.#breaker.settled(this.now, permit, outcome, tookMs);
  }

  /** A whole call, at once; false: it was rejected. */
  call(outcome: Outcome, tookMs: Millis = 0): boolean {
    const admitted = this.acquire();
    if (admitted) this.settle(outcome, tookMs);
    return admitted;
  }

  /** Fails calls until it is open; they are answered at this very moment. */
  trip(): void {
    for (let calls = 0; this.state !== 'open'; calls++) {
      if (this.#out.length === 0 && !this.acquire()) throw new Error('it admits nothing');
      this.settle('timeout');
      if (calls > 1e6) throw new Error('it does not open');
    }
  }

  /** Waits until it lets a call through. */
  recover(): void {
    const at = this.#breaker.wakeAt(this.now);
    if (this.state !== 'open' || at === Infinity) throw new Error('it is not going to recover');
    this.now = at;
  }
}

export const outcomeOf = (result: string): Outcome => (result.endsWith('F') ? 'timeout' : 'ok');

/** The first place where the two differ, or null. */
export const firstDifference = <T extends string | number | boolean>(
  got: readonly T[],
  expected: readonly (T | null)[],
  of: string,
): string | null => {
  for (const [index, want] of expected.entries()) {
    // null: the case says nothing of this one.
    if (want !== null && got[index] !== want)
      return `${of} ${index + 1}: expected ${String(want)}, got ${String(got[index])}`;
  }
  return null;
};
