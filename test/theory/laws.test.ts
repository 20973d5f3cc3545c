/** Service laws are read as the references mean them. */
import { describe, expect, it } from 'vitest';
import { meanOf } from '../../src/core/distributions.ts';
import { serviceLaw, UNIT } from './laws.ts';
import { NotModelled } from './references.ts';

describe('a service law', () => {
  it.each([
    ['deterministic', { kind: 'constant', value: UNIT }],
    ['exponential', { kind: 'exponential', mean: UNIT }],
    ['uniform(0,2)', { kind: 'uniform', min: 0, max: 2 * UNIT }],
    ['erlang2', { kind: 'gamma', mean: UNIT, cv: Math.sqrt(1 / 2) }],
    ['erlang4', { kind: 'gamma', mean: UNIT, cv: 0.5 }],
    ['lognormal mean 1 cv2=4', { kind: 'lognormal', mean: UNIT, cv: 2 }],
    ['hyperexponential2 balanced cv2=4', { kind: 'hyperexponential', mean: UNIT, cv: 2 }],
  ])('"%s" is read', (service, law) => {
    expect(serviceLaw(service, 1, null)).toEqual(law);
    expect(meanOf(serviceLaw(service, 1, null), {})).toBeCloseTo(UNIT, 9);
  });

  it('takes a cv2 that only the entry gives', () => {
    expect(serviceLaw('gamma', 2, 0.25)).toEqual({ kind: 'gamma', mean: 2 * UNIT, cv: 0.5 });
  });

  it('that the simulator does not have is not modelled', () => {
    expect(() => serviceLaw('cauchy', 1, null)).toThrow(NotModelled);
  });
});
