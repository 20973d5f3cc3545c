/**
 * Weighted turns without a queue: the static stride scheduler of gRPC (grpc-java 1.5x, xds WeightedRoundRobinLoadBalancer).
 * Weights are scaled to 1..65535; a 32-bit sequence walks the items round by round, and an item sits out the rounds that its
 * weight does not fill. An item without a weight gets the mean (gRPC) or the median (Envoy) of the others. Clamped to
 * [0.1, 10] times the mean, a turn takes at most about ten steps on average; unclamped it takes max / mean.
 */
const MAX_WEIGHT = 0xffff;
const HALF = MAX_WEIGHT >> 1;
const MAX_RATIO = 10;
const MIN_RATIO = 0.1;

export interface StrideRule {
  /** What stands for a weight that is not known. */
  readonly unknown: 'mean' | 'median';
  /** Keep weights within [0.1, 10] times their mean. */
  readonly clamp: boolean;
}

export class StaticStride {
  readonly #weights: Uint16Array;
  #sequence: number;

  /** `weights`: at least one; 0 and below is unknown. `sequence`: where to begin, taken modulo 2^32. */
  constructor(weights: readonly number[], rule: StrideRule, sequence: number) {
    this.#weights = scaled(weights, rule);
    this.#sequence = sequence >>> 0;
  }

  /** The next step's number, 0 to 2^32 - 1: what a successor goes on from. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Index of the item whose turn it is. */
  next(): number {
    const weights = this.#weights;
    for (;;) {
      const step = this.#sequence;
      this.#sequence = (step + 1) >>> 0;
      const index = step % weights.length;
      const round = (step - index) / weights.length;
      const weight = weights[index]!;
      if ((weight * round + HALF * index) % MAX_WEIGHT >= MAX_WEIGHT - weight) return index;
    }
  }
}

const scaled = (weights: readonly number[], { unknown, clamp }: StrideRule): Uint16Array => {
  const known = weights.filter((weight) => weight > 0);
  if (known.length === 0) return new Uint16Array(weights.length).fill(MAX_WEIGHT);
  const mean = known.reduce((sum, weight) => sum + weight, 0) / known.length;
  const highest = known.reduce((most, weight) => Math.max(most, weight), 0);
  const max = clamp ? Math.min(highest, MAX_RATIO * mean) : highest;
  const scale = MAX_WEIGHT / max;
  const floor = clamp ? Math.ceil(scale * mean * MIN_RATIO) : 1;
  const stand = unknown === 'mean' ? mean : medianOf(known);
  return Uint16Array.from(weights, (weight) =>
    weight > 0
      ? Math.max(Math.round(scale * Math.min(weight, max)), floor)
      : Math.max(Math.round(scale * stand), 1),
  );
};

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
