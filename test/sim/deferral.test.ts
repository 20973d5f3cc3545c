/** A full server that defers sends modern clients away to come again, at once and then after pauses; at last it refuses. */
import { describe, expect, it } from 'vitest';
import { at, witnessed, tool } from './lab.ts';

const full = (count: number, overload: 'reject' | 'defer', ...instants: readonly number[]) =>
  witnessed({
    arrivals: at(...instants),
    traffic: { calls: [tool(50)] },
    servers: { count, overload },
    server: { slots: 1, queue: 0 },
    duration: 1000,
  });

describe('a full server', () => {
  it('refuses, unless it defers', () => {
    expect(full(1, 'reject', 0, 10).witness.outcomes).toEqual(['ok', 'overloaded']);
  });

  it('defers a call, whose client comes again at once and finds another server', () => {
    // Round robin: s1, s2, then s1 again, which is full; come again at once, it is s2's turn, full too; after 100 ms s1.
    const { record, witness } = full(2, 'defer', 0, 10, 20);
    expect(witness.sent.map(({ at: when, server }) => `${when} ${server}`)).toEqual([
      '0 s1',
      '10 s2',
      '20 s1',
      '20 s2',
      '120 s1',
    ]);
    expect(record.metrics).toMatchObject({ arrived: 3, completed: 3, failed: 0, deferrals: 2 });
    // Counted from the intended arrival: 100 ms of pause and 50 ms of work.
    expect(record.metrics.latencyMsMax).toBe(150);
  });

  it('refuses a call that it has deferred three times', () => {
    const { record } = full(1, 'defer', ...Array.from({ length: 30 }, (_, k) => k));
    expect(record.metrics.arrived).toBe(30);
    expect(record.metrics.failed).toBeGreaterThan(0);
    expect(record.metrics.completed! + record.metrics.failed!).toBe(30);
    expect(record.failures).toEqual({ overloaded: record.metrics.failed });
  });

  it('never defers a legacy call', () => {
    const { record } = witnessed({
      arrivals: at(0, 10),
      traffic: { era: 'legacy', calls: [tool(50)] },
      servers: { count: 1, overload: 'defer' },
      server: { slots: 1, queue: 0 },
      duration: 1000,
    });
    expect(record.failures).toEqual({ overloaded: 1 });
  });
});
