/** Dice that show what a case says, whole numbers only, each taken modulo the number of faces. */
import type { Rng } from '../../src/core/rng.ts';

export class ToldDice implements Rng {
  readonly #draws: number[];

  constructor(draws: readonly number[]) {
    this.#draws = [...draws];
  }

  /** Draws not asked for yet. */
  get left(): number {
    return this.#draws.length;
  }

  next(): number {
    throw new Error('the case tells whole numbers only');
  }

  below(n: number): number {
    const draw = this.#draws.shift();
    if (draw === undefined) throw new Error('more draws than the case tells');
    return draw % n;
  }
}
