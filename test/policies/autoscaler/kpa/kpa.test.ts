import { describe, expect, it } from 'vitest';
import { kpa, Kpa, type KpaOptions } from '../../../../src/policies/autoscaler/kpa/kpa.ts';
import { load } from '../load.ts';

type Written = Readonly<Record<string, unknown>>;

/** A fleet that is always as large as it was last wanted, told a sample a second. */
class Fleet {
  readonly #scaler: Kpa;
  #now = 0;
  servers: number;
  because = '';

  constructor(servers: number, written: Written) {
    this.servers = servers;
    this.#scaler = new Kpa(kpa.options.parse(written) as unknown as KpaOptions);
  }

  /** `seconds` of `inFlight` requests. */
  lives(seconds: number, inFlight: number, ready?: number): number {
    for (let k = 0; k < seconds; k++) {
      this.#now += 1000;
      const { desired, because } = this.#scaler.decide(
        this.#now,
        load({
          servers: this.servers,
          ready: ready ?? this.servers,
          concurrencyMean: inFlight,
          requestsPerSecond: inFlight,
        }),
      );
      this.servers = desired;
      if (because !== 'between two decisions') this.because = because;
    }
    return this.servers;
  }
}

const TEN = { target: 10, utilisation: '100%' };

describe('the Knative autoscaler', () => {
  it('panics on a step within its panic window, and goes to the size asked for at once', () => {
    const fleet = new Fleet(1, TEN);
    expect(fleet.lives(60, 8)).toBe(1);
    expect(fleet.lives(2, 100)).toBe(4);
    expect(fleet.because).toBe('panic: 38.7 in flight over 6s, target 10 a server');
    expect(fleet.lives(4, 100)).toBe(10);
  });

  it('stays calm below the panic threshold and follows the minute', () => {
    const fleet = new Fleet(5, TEN);
    fleet.lives(70, 48);
    expect(fleet.lives(30, 72)).toBe(6);
    expect(fleet.because).toBe('stable: 60.0 in flight over 1m, target 10 a server');
    expect(fleet.lives(30, 72)).toBe(8);
  });

  it('keeps the peak for a stable window after the last tick of alarm, then halves at most', () => {
    const fleet = new Fleet(1, TEN);
    fleet.lives(60, 8);
    fleet.lives(10, 160);
    expect(fleet.servers).toBe(16);
    // The alarm was at 62 s alone: from 64 s on the fleet was within twice of what was wanted.
    expect(fleet.lives(52, 8)).toBe(16);
    expect(fleet.lives(2, 8)).toBe(8);
    expect(fleet.lives(2, 8)).toBe(4);
    expect(fleet.lives(4, 8)).toBe(1);
  });

  it('begins in panic beside more than one server: no scale-in without a history', () => {
    const fleet = new Fleet(4, TEN);
    expect(fleet.lives(63, 1)).toBe(4);
    expect(fleet.lives(1, 1)).toBe(2);
  });

  it('counts ready servers, so that it panics again for what is already on its way', () => {
    const fleet = new Fleet(1, { ...TEN, maxUp: '3x' });
    fleet.lives(60, 8, 1);
    expect(fleet.lives(10, 100, 1)).toBe(3);
    expect(fleet.because).toContain('panic');
  });

  it('waits with a scale-in for its delay, then again with each further halving', () => {
    const fleet = new Fleet(1, { ...TEN, scaleDownDelay: '5m', window: '6s' });
    fleet.lives(12, 40);
    expect(fleet.servers).toBe(4);
    expect(fleet.lives(298, 1)).toBe(4);
    expect(fleet.lives(4, 1)).toBe(2);
    expect(fleet.lives(296, 1)).toBe(2);
    expect(fleet.lives(2, 1)).toBe(1);
  });

  it('goes to zero after the stable window and the grace period, and back at the next second', () => {
    const fleet = new Fleet(1, { ...TEN, min: 0, burst: 0 });
    fleet.lives(30, 5);
    expect(fleet.lives(60 + 29, 0)).toBe(1);
    expect(fleet.lives(4, 0)).toBe(0);
    expect(fleet.lives(1, 1)).toBe(1);
  });

  it('has served its grace when no burst capacity was to spare all along', () => {
    const fleet = new Fleet(1, { ...TEN, min: 0, burst: 'always' });
    fleet.lives(30, 5);
    expect(fleet.lives(59, 0)).toBe(1);
    expect(fleet.lives(2, 0)).toBe(0);
  });

  it('keeps the last server for its retention', () => {
    const fleet = new Fleet(1, { ...TEN, min: 0, burst: 'always', retention: '2m' });
    fleet.lives(30, 5);
    expect(fleet.lives(60 + 119, 0)).toBe(1);
    expect(fleet.lives(3, 0)).toBe(0);
  });

  it('wakes to its activation scale', () => {
    const fleet = new Fleet(0, { ...TEN, min: 0, activationScale: 3 });
    fleet.lives(10, 0);
    expect(fleet.lives(2, 1)).toBe(3);
  });

  it('lets the newest second weigh most when told so', () => {
    const linear = new Fleet(1, { ...TEN, panicThreshold: '1000%' });
    const weighted = new Fleet(1, { ...TEN, panicThreshold: '1000%', average: 'weighted' });
    for (const fleet of [linear, weighted]) fleet.lives(60, 8);
    expect(linear.lives(10, 60)).toBe(2);
    expect(weighted.lives(10, 60)).toBe(6);
  });

  it('follows requests a second when told so, 140 a server', () => {
    expect(new Fleet(1, { metric: 'rps' }).lives(10, 500)).toBe(4);
  });

  it("has Knative's defaults, and refuses what cannot be", () => {
    expect(kpa.options.parse({})).toMatchObject({
      utilisation: 0.7,
      window: 60_000,
      panicWindow: 0.1,
      panicThreshold: 2,
      maxUp: 1000,
      maxDown: 2,
      burst: 211,
      grace: 30_000,
    });
    const refused = [{ min: 3, max: 2 }, { maxUp: '1x' }, { panicThreshold: '90%' }, { target: 0 }];
    for (const options of refused) expect(kpa.options.safeParse(options).success).toBe(false);
  });
});
