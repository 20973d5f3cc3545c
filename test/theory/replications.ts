/**
 * The replications of one experiment, made longer stretch by stretch: each stretch starts afresh, with seeds of its own,
 * and a replication's figure is the mean of its stretches' figures, weighted by their length. So nothing that was
 * simulated is thrown away, and replications stay independent of each other.
 */
import { judge, type Judgement } from './acceptance.ts';
import type { Experiment } from './experiment.ts';
import type { Figures } from './figures.ts';

/** Computes the figures of one stretch of one replication. */
export type Replicate = (length: number, seed: number) => Promise<Figures>;

export class Replications {
  /** Of each, all stretches together. */
  length = 0;
  /** Of all stretches and replications together. */
  requests = 0;
  #figures: readonly Figures[] = [];
  readonly #experiment: Experiment;
  readonly #replicate: Replicate;
  #seed: number;

  /** `seed`: the first of theirs; each stretch takes as many as there are replications. */
  constructor(experiment: Experiment, replicate: Replicate, seed: number) {
    this.#experiment = experiment;
    this.#replicate = replicate;
    this.#seed = seed;
  }

  /** Of each of the experiment's quantities. */
  judgements(): readonly Judgement[] {
    return this.#experiment.quantities.map((quantity) => judge(quantity, this.#figures));
  }

  /** Makes them this long, or longer: no stretch is shorter than a first try. */
  async lengthen(to: number): Promise<void> {
    const { replications, pilot } = this.#experiment;
    const stretch = this.length === 0 ? to : Math.max(to - this.length, pilot);
    const seeds = Array.from({ length: replications }, (_, k) => this.#seed + k);
    const figures = await Promise.all(seeds.map((seed) => this.#replicate(stretch, seed)));
    const share = this.length / (this.length + stretch);
    this.#figures =
      this.length === 0 ? figures : figures.map((late, k) => blend(this.#figures[k]!, late, share));
    this.length += stretch;
    this.requests += this.#experiment.requests(stretch) * replications;
    this.#seed += replications;
  }
}

/** `share`: the weight of `early`, 0..1. */
const blend = (early: Figures, late: Figures, share: number): Figures =>
  Object.fromEntries(
    Object.entries(late).map(([name, value]) => [
      name,
      early[name] === value ? value : share * early[name]! + (1 - share) * value,
    ]),
  );
