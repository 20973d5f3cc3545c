/** A sequential stream of uniforms in [0, 1). */
export interface Rng {
  next(): number;
  /** Whole number in [0, n). */
  below(n: number): number;
}
