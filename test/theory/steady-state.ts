/**
 * The usual experiment: start empty, let five relaxation times pass unmeasured, then measure. (simulation.md's advice is
 * two; what is left of the empty start is then below a hundredth of it.) A first try covers twenty relaxation times; of
 * many servers, which are as many looks at once, less.
 */
import type { Fault } from '../../src/scenario/scenario.ts';
import { UNIT } from './laws.ts';
import type { Experiment, Quantity } from './experiment.ts';
import { steadyFigures, type Figures } from './figures.ts';
import { observe, type Observation } from './observe.ts';
import type { System } from './system.ts';
import { Works } from './works.ts';

export interface SteadyState {
  readonly label?: string;
  readonly system: System;
  readonly load: number;
  /** Arrivals per unit of time, in the long run. */
  readonly rate: number;
  /** How long the system takes to forget, in units of time. */
  readonly relaxation: number;
  readonly quantities: readonly Quantity[];
  /** Figures of the family's own. */
  readonly also?: (observation: Observation) => Figures;
  /** Keep account of each request's work, for the figures of works.ts. */
  readonly weighed?: boolean;
  /** What goes wrong, drawn for each replication; `duration` in ms. */
  readonly faults?: (seed: number, duration: number) => readonly Fault[];
}

const FORGET = 5;
const TRY = 20;
/** Requests a first try has at least: fewer say little about spread. */
const LEAST = 3000;

export const steadyState = (plan: SteadyState): Experiment => {
  const { system, rate, relaxation, quantities } = plan;
  const names = quantities.map((quantity) => quantity.name);
  const warmup = FORGET * relaxation;
  const servers = system.servers ?? 1;
  return {
    label: plan.label ?? '',
    quantities,
    load: plan.load,
    bounded:
      (system.queue !== undefined && system.retries === undefined) || system.patience !== undefined,
    replications: 30,
    pilot: Math.max((TRY / servers) * relaxation, relaxation, LEAST / rate),
    requests: (length) => (warmup + length) * rate,
    replicate: (length, seed) => {
      const duration = (warmup + length) * UNIT;
      const works = plan.weighed ? new Works(system, seed, warmup * UNIT) : null;
      const faults = plan.faults?.(seed, duration);
      const observation = observe(faults ? { ...system, faults } : system, {
        warmup: warmup * UNIT,
        duration,
        seed,
        ...works?.course,
      });
      return {
        ...steadyFigures(system, observation, names),
        ...works?.figures(length),
        ...plan.also?.(observation),
      };
    },
  };
};

/**
 * Relaxation time of a queue with `slots` slots, after Newell's diffusion: that of M/M/c (Morse), stretched by the
 * variability of arrivals and service. Never below a service time.
 */
export const relaxationOf = (rate: number, mu: number, slots = 1, variability = 1): number => {
  const gap = Math.sqrt(slots * mu) - Math.sqrt(rate);
  return Math.max(1 / mu, Math.max(variability, 0.5) / (gap * gap));
};
