import { describe, expect, it } from 'vitest';
import { Ewma } from '../../src/core/ewma.ts';

const TAU = 10_000;

describe('an average over uneven time', () => {
  it('has no value before the first sample, and takes that whole', () => {
    const average = new Ewma(TAU);
    expect([average.known, average.value, average.at(5)]).toEqual([false, 0, 0]);
    average.add(0, 7);
    expect([average.known, average.value]).toEqual([true, 7]);
  });

  it('keeps 1/e of the old value after tau', () => {
    const average = new Ewma(TAU, 1);
    average.add(TAU, 0);
    expect(average.value).toBeCloseTo(Math.exp(-1), 15);
  });

  it('weighs samples by the time between them, not by their number', () => {
    const often = new Ewma(TAU, 0);
    const once = new Ewma(TAU, 0);
    for (let at = 100; at <= 5000; at += 100) often.add(at, 3);
    once.add(5000, 3);
    expect(often.value).toBeCloseTo(once.value, 12);
  });

  it('drops a sample that is not newer than the last', () => {
    const average = new Ewma(TAU);
    average.add(2000, 1);
    average.add(2000, 99);
    average.add(1000, 99);
    expect(average.value).toBe(1);
  });

  it('reads as if nothing came since, without changing', () => {
    const average = new Ewma(TAU, 8);
    const first = average.at(3000);
    expect(first).toBeCloseTo(8 * Math.exp(-0.3), 12);
    expect(average.at(3000)).toBe(first);
    expect(average.at(0)).toBe(8);
    expect(average.value).toBe(8);
  });
});

describe('a peak', () => {
  it('replaces a lower value at once, also at the same instant', () => {
    const average = new Ewma(TAU, 5, 100);
    average.addPeak(100, 20);
    expect(average.value).toBe(20);
  });

  it('is compared with what is left of the value by then', () => {
    const average = new Ewma(TAU, 10, 1000);
    average.addPeak(26_000, 1);
    expect(average.value).toBe(1);
  });

  it('below the value is averaged in', () => {
    const average = new Ewma(TAU, 10, 1000);
    average.addPeak(1100, 1);
    const kept = Math.exp(-0.01);
    expect(average.value).toBeCloseTo(10 * kept + (1 - kept), 12);
  });
});
