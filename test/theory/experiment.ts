/**
 * The words of this suite. A family of references knows how to make an experiment of an entry: a system to replicate,
 * and the quantities in which its replications have to agree with theory.
 */
import type { Figures } from './figures.ts';
import type { Entry } from './references.ts';

export interface Quantity {
  /** Name of the figure, and of the reference's value. */
  readonly name: string;
  readonly expected: number;
  /**
   * `equal`: within 4 standard errors. `near`: within `slack`, chance included. `at-most`: not above by more than 4
   * standard errors. `exact`: the very number, in every replication.
   */
  readonly rule: 'equal' | 'near' | 'at-most' | 'exact';
  /** What may differ besides chance, relative: half a histogram's bucket, a fleet that is not infinite. */
  readonly slack: number;
  /**
   * Its say in how long replications are: all that is affordable for a `key` figure, less for an `ordinary` one, and
   * nothing for an `extreme` one (far tails, second moments), which would cost more than all the rest.
   */
  readonly weight: 'key' | 'ordinary' | 'extreme';
  /** Figures of known expectation that explain part of this one's spread: see control-variates.ts. */
  readonly controls: readonly Control[];
}

export interface Control {
  readonly name: string;
  readonly expected: number;
}

export interface Experiment {
  /** What is simulated, where the entry alone does not say: "deterministic service". */
  readonly label: string;
  /** The first is the headline: without it to the wanted precision an entry has not been checked. */
  readonly quantities: readonly Quantity[];
  /** Offered load per slot. */
  readonly load: number;
  /** It settles soon at any load: requests are turned away or give up, or there are slots for all. */
  readonly bounded: boolean;
  /** Replications; 1 for a system without chance. */
  readonly replications: number;
  /** Length of a first try, in the reference's unit of time. */
  readonly pilot: number;
  /** Requests simulated in a replication of this length, warm-up included. */
  requests(length: number): number;
  /** One replication. Longer ones are more precise; the same seed gives the same figures. */
  replicate(length: number, seed: number): Figures;
}

export interface Family {
  readonly matches: RegExp;
  /** How the simulator stands in for the theory's system, for the reader of the table. */
  readonly modelledAs: string;
  /** Throws NotModelled for an entry that is beyond the simulator. */
  experiments(entry: Entry): readonly Experiment[];
}
