import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf, faultTimeline } from '../../src/scenario/faults.ts';
import type { Fault } from '../../src/scenario/scenario.ts';

const fault = (over: Partial<Fault>): Fault => ({
  at: 0,
  for: null,
  every: null,
  servers: 'all',
  healthOk: false,
  effect: { kind: 'hang' },
  label: 'hang on all servers',
  ...over,
});

/** `10 on`, `20 off` */
const told = (faults: readonly Fault[], duration: number): readonly string[] =>
  faultTimeline(faults, duration).map(({ at, on, fault }) => `${at} ${on ? 'on' : 'off'} ${fault}`);

describe('a fault', () => {
  it('begins at `at` and ends after `for`', () => {
    expect(told([fault({ at: 10, for: 20 })], 100)).toEqual(['10 on 0', '30 off 0']);
  });

  it('without `for` holds to the end', () => {
    expect(told([fault({ at: 10 })], 100)).toEqual(['10 on 0']);
  });

  it('says nothing at or after the end of the run', () => {
    expect(told([fault({ at: 90, for: 10 })], 100)).toEqual(['90 on 0']);
    expect(told([fault({ at: 90, for: 20 })], 100)).toEqual(['90 on 0']);
  });

  it('repeats every so often', () => {
    expect(told([fault({ at: 10, for: 5, every: 40 })], 100)).toEqual([
      '10 on 0',
      '15 off 0',
      '50 on 0',
      '55 off 0',
      '90 on 0',
      '95 off 0',
    ]);
  });

  it('that flaps begins down and ends up', () => {
    const flap = fault({ at: 10, for: 25, effect: { kind: 'flap', down: 4, up: 6 } });
    expect(told([flap], 100)).toEqual([
      '10 on 0',
      '14 off 0',
      '20 on 0',
      '24 off 0',
      '30 on 0',
      '34 off 0',
    ]);
  });

  it('that flaps is cut short by the end of its span', () => {
    const flap = fault({ at: 0, for: 12, effect: { kind: 'flap', down: 10, up: 1 } });
    expect(told([flap], 100)).toEqual(['0 on 0', '10 off 0', '11 on 0', '12 off 0']);
  });

  it('that ends makes way before the next begins', () => {
    const faults = [fault({ at: 20, for: 10 }), fault({ at: 10, for: 10 })];
    expect(told(faults, 100)).toEqual(['10 on 1', '20 off 1', '20 on 0', '30 off 0']);
  });
});

describe('a timeline', () => {
  const ms = (max: number) => fc.integer({ min: 1, max });
  const anyFault = fc
    .record({
      at: fc.integer({ min: 0, max: 999 }),
      for: fc.option(ms(300)),
      gap: fc.option(ms(300)),
      flap: fc.option(fc.record({ up: ms(50), down: ms(50) })),
    })
    .map(({ at, for: length, gap, flap }) =>
      fault({
        at,
        for: length,
        every: length === null || gap === null ? null : length + gap,
        effect: flap === null ? { kind: 'hang' } : { kind: 'flap', ...flap },
      }),
    );

  it('is sorted, within the run, and turns each fault on and off in turn', () => {
    fc.assert(
      fc.property(fc.array(anyFault, { maxLength: 4 }), (faults) => {
        const changes = faultTimeline(faults, 1000);
        const on = faults.map(() => false);
        changes.forEach((change, index) => {
          expect(change.at).toBeGreaterThanOrEqual(changes[index - 1]?.at ?? 0);
          expect(change.at).toBeLessThan(1000);
          expect(change.on).toBe(!on[change.fault]);
          on[change.fault] = change.on;
        });
      }),
    );
  });

  it('is never longer than foretold', () => {
    fc.assert(
      fc.property(anyFault, (one) => {
        expect(faultTimeline([one], 1000).length).toBeLessThanOrEqual(changesOf(one, 1000));
      }),
    );
  });
});
