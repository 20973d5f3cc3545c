/**
 * Chance is a named stream. Two kinds:
 *
 * `Draws` is keyed and counter-based, after Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011): a
 * draw is a function of (seed, purpose, a, b, c) and of nothing else, so two contenders that ask in a different order,
 * or for a different number of things, still meet the same demand and the same weather. Their Threefry would do; four
 * finalisers of a 32-bit hash, keyed before each, cost a third of it and pass the tests that matter here.
 *
 * `sequential` is an ordinary stream for a policy's own dice: Baagoe's Alea by way of seedrandom. (seedrandom's default
 * generator, ARC4, is five times slower.)
 */
import seedrandom from 'seedrandom';

/** A sequential stream of uniforms in [0, 1). */
export interface Rng {
  next(): number;
  /** Whole number in [0, n). */
  below(n: number): number;
}

/** The stream called `name` of this seed; 32 bits of resolution. It is seeded at its first draw: most are never drawn from. */
export const sequential = (seed: number, name: string): Rng => new Sequential(`${name}/${seed}`);

class Sequential implements Rng {
  readonly #name: string;
  #alea: (() => number) | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  next(): number {
    this.#alea ??= seedrandom.alea(this.#name);
    return this.#alea();
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }
}

/** The keyed draws of one purpose ("work", "faults") in the run of one seed. */
export class Draws {
  readonly #first: number;
  readonly #high: number;
  readonly #low: number;

  constructor(seed: number, purpose: string) {
    const name = `${purpose}/${seed}`;
    this.#first = keyOf(name, 1);
    this.#high = keyOf(name, 2);
    this.#low = keyOf(name, 3);
  }

  /**
   * Uniform in the open interval (0, 1), in steps of 2^-52. `a`, `b` and `c` are whole numbers from 0 to 2^32 - 1; two
   * draws with the same three are the same draw.
   */
  uniform(a: number, b = 0, c = 0): number {
    const cell = Math.imul(b, 0x9e3779b1) + Math.imul(c, 0x85ebca77);
    const mixed = lowbias32(a ^ this.#first);
    const high = lowbias32(mixed ^ (this.#high + cell)) >>> 0;
    const low = murmur32(mixed ^ (this.#low - cell)) >>> 12;
    return (high * 0x100000 + low + 0.5) * 2 ** -52;
  }
}

/** Lane `lane` of a string's key: each character goes through the whole mixer, as keys are made once a run. */
const keyOf = (name: string, lane: number): number => {
  let key = lowbias32(lane);
  for (let i = 0; i < name.length; i++) key = lowbias32(key ^ name.charCodeAt(i)) + lane;
  return lowbias32(key);
};

/** Wellons' `lowbias32` (nullprogram.com/blog/2018/07/31, "Prospecting for hash functions"): a bijection of 32 bits. */
const lowbias32 = (word: number): number => {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
};

/** Appleby's `fmix32`, the finaliser of MurmurHash3: the low lane must not be the high lane again. */
const murmur32 = (word: number): number => {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
};
