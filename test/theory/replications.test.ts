/** Replications are made longer without forgetting what they had. */
import { describe, expect, it } from 'vitest';
import type { Experiment } from './experiment.ts';
import { equal } from './quantities.ts';
import { Replications } from './replications.ts';

const EXPERIMENT: Experiment = {
  label: '',
  quantities: [equal('meanSojourn', 5)],
  load: 0.5,
  bounded: false,
  replications: 30,
  pilot: 10,
  requests: (length) => 2 * length,
  replicate: () => ({}),
};

/** Figures that tell how long they were simulated, and with which seed. */
const told = () => {
  const stretches: [number, number][] = [];
  const replications = new Replications(
    EXPERIMENT,
    (length, seed) => {
      stretches.push([length, seed]);
      return Promise.resolve({ meanSojourn: length === 10 ? 1 : 5 });
    },
    1000,
  );
  return { stretches, replications };
};

describe('replications', () => {
  it('simulate what is missing, with seeds that were not used before', async () => {
    const { stretches, replications } = told();
    await replications.lengthen(10);
    await replications.lengthen(40);
    expect(stretches.slice(0, 30)).toEqual(seedsFrom(1000).map((seed) => [10, seed]));
    expect(stretches.slice(30)).toEqual(seedsFrom(1030).map((seed) => [30, seed]));
    expect(replications.length).toBe(40);
    expect(replications.requests).toBe(30 * 2 * 40);
  });

  it('weigh their stretches by length', async () => {
    const { replications } = told();
    await replications.lengthen(10);
    await replications.lengthen(40);
    expect(replications.judgements()[0]!.mean).toBeCloseTo(0.25 * 1 + 0.75 * 5, 12);
  });

  it('take no stretch shorter than a first try', async () => {
    const { stretches, replications } = told();
    await replications.lengthen(10);
    await replications.lengthen(11);
    expect(stretches.at(-1)![0]).toBe(10);
    expect(replications.length).toBe(20);
  });
});

const seedsFrom = (first: number): number[] => Array.from({ length: 30 }, (_, k) => first + k);
