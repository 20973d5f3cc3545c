/**
 * Counts of ended calls by kind: a call failed or not, and was slow or not. A window adds and takes away whole tallies;
 * all the places of a ring lie in one typed array, `KINDS` numbers each.
 */
export type Kind = 0 | 1 | 2 | 3;
export const KINDS = 4;

const FAILED = 1;
const SLOW = 2;

export const kindOf = (failed: boolean, slow: boolean): Kind =>
  ((failed ? FAILED : 0) + (slow ? SLOW : 0)) as Kind;

export class Tally {
  readonly #counts = new Float64Array(KINDS);

  get total(): number {
    const counts = this.#counts;
    return counts[0]! + counts[1]! + counts[2]! + counts[3]!;
  }

  get failed(): number {
    return this.#counts[FAILED]! + this.#counts[FAILED + SLOW]!;
  }

  get slow(): number {
    return this.#counts[SLOW]! + this.#counts[FAILED + SLOW]!;
  }

  /** Both failed and slow. */
  get slowFailed(): number {
    return this.#counts[FAILED + SLOW]!;
  }

  add(kind: Kind, calls = 1): void {
    this.#counts[kind]! += calls;
  }

  clear(): void {
    this.#counts.fill(0);
  }
}
