/**
 * Service laws by the names the references give them, as the simulator's own distributions. One unit of the reference's
 * time is one simulated second, so a rate per unit is a rate per second, and rounding to whole microseconds moves nothing
 * that can be seen.
 */
import { sampler, type Distribution } from '../../src/core/distributions.ts';
import { NotModelled } from './references.ts';

/** Milliseconds in one unit of the reference's time. */
export const UNIT = 1000;

export const constant = (value: number): Distribution => ({
  kind: 'constant',
  value: value * UNIT,
});

export const exponential = (mean: number): Distribution => ({
  kind: 'exponential',
  mean: mean * UNIT,
});

/** A gamma law of this squared coefficient of variation; an Erlang law where 1 / cv2 is whole. */
export const gammaOf = (mean: number, cv2: number): Distribution => ({
  kind: 'gamma',
  mean: mean * UNIT,
  cv: Math.sqrt(cv2),
});

/** Median of a law, ms. */
export const medianOf = (law: Distribution): number => sampler(law, {})(0.5);

/** What `service` says ("lognormal mean 1 cv2=4", "erlang2", "uniform(0,2)"), with this mean. */
export const serviceLaw = (service: string, mean: number, cv2: number | null): Distribution => {
  const squared = (): number => {
    const written = /cv2\s*=\s*([\d.]+)/.exec(service)?.[1];
    const value = written === undefined ? cv2 : Number(written);
    if (value === null) throw new NotModelled(`the cv2 of "${service}" is not given`);
    return value;
  };
  const cv = (): number => Math.sqrt(squared());
  const ms = mean * UNIT;
  if (/^(deterministic|constant)/.test(service)) return constant(mean);
  if (service.startsWith('exponential')) return exponential(mean);
  if (service.startsWith('uniform')) return uniformLaw(service);
  if (service.startsWith('erlang')) return gammaOf(mean, 1 / Number(/\d+/.exec(service)?.[0]));
  if (service.startsWith('gamma')) return gammaOf(mean, squared());
  if (service.startsWith('lognormal')) return { kind: 'lognormal', mean: ms, cv: cv() };
  if (/^hyperexponential2? balanced/.test(service))
    return { kind: 'hyperexponential', mean: ms, cv: cv() };
  throw new NotModelled(`the simulator has no service law "${service}"`);
};

const uniformLaw = (service: string): Distribution => {
  const [min, max] = service.match(/[\d.]+/g)?.map(Number) ?? [];
  if (min === undefined || max === undefined)
    throw new NotModelled(`the ends of "${service}" are not given`);
  return { kind: 'uniform', min: min * UNIT, max: max * UNIT };
};
