/** Slots, queue, patience and processor sharing of the fake server, through real runs; every figure worked out by hand. */
import { describe, expect, it } from 'vitest';
import { at, constant, each, fault, simulate, tool, witnessed } from '../sim/lab.ts';

describe('first come, first served', () => {
  it('serves one call a slot, lets the next wait, and answers 503 at once when the places are taken', () => {
    const lab = {
      arrivals: at(10, 20, 30, 40),
      traffic: { calls: [tool(100)] },
      server: { queue: 2 },
    };
    const { witness, record } = witnessed(lab);
    expect(witness.story).toEqual(['3 overloaded 0', '0 ok 100', '1 ok 190', '2 ok 280']);
    expect(record.metrics).toMatchObject({
      completed: 3,
      failed: 1,
      rejected: 1,
      waitMsMean: (0 + 90 + 180) / 3,
      utilisation: 0.3,
      throughputRps: 3,
    });
  });

  it('adds the network once each way', () => {
    const { witness } = witnessed({
      arrivals: at(10, 20, 30, 40),
      traffic: { calls: [tool(100)] },
      server: { queue: 2 },
      setup: { network: constant(5) },
    });
    expect(witness.story).toEqual(['3 overloaded 10', '0 ok 110', '1 ok 200', '2 ok 290']);
  });

  it('divides the work by the speed', () => {
    const { witness } = witnessed({ arrivals: at(10), server: { speed: 4 } });
    expect(witness.story).toEqual(['0 ok 2.5']);
  });

  it('serves as many calls at once as it has slots', () => {
    const { record } = witnessed({
      arrivals: at(10, 10, 10, 10, 10),
      traffic: { calls: [tool(100)] },
      server: { slots: 4 },
    });
    expect(record.metrics.latencyMsMean).toBe((4 * 100 + 200) / 5);
    expect(record.metrics.utilisation).toBe(500 / 4000);
  });

  it('gives up on a call that has waited for as long as its patience', () => {
    const { witness, record } = witnessed({
      arrivals: at(10, 20, 65),
      traffic: { calls: [tool(100)] },
      server: { patience: constant(50) },
    });
    expect(witness.story).toEqual(['1 overloaded 50', '0 ok 100', '2 ok 145']);
    expect(record.metrics.rejected).toBe(1);
  });

  it('answers a waiting call once, though its patience ends just after the crash that reset it', () => {
    const { witness } = witnessed({
      arrivals: at(100, 110, 120),
      traffic: { calls: [tool(500)] },
      server: { patience: constant(75) },
      setup: { network: constant(20), faults: [fault({ kind: 'crash' }, 200, 300)] },
    });
    expect(witness.story).toEqual(['1 reset 110', '2 reset 100', '0 reset 120']);
  });

  it('lets a call keep the pace at which it began', () => {
    const { witness } = witnessed({
      arrivals: at(10, 60),
      traffic: { calls: [tool(100)] },
      server: { slots: 2 },
      setup: { faults: [fault({ kind: 'slow', factor: 2 }, 50, null)] },
    });
    expect(witness.story).toEqual(['0 ok 100', '1 ok 200']);
  });
});

describe('processor sharing', () => {
  const sharing = { discipline: 'processor-sharing' } as const;

  it('shares one slot evenly: two calls of 100 ms, 50 ms apart, take 150 ms each', () => {
    const { witness } = witnessed({
      arrivals: at(10, 60),
      traffic: { calls: [tool(100)] },
      servers: sharing,
    });
    expect(witness.story).toEqual(['0 ok 150', '1 ok 150']);
  });

  it('runs calls at full pace as long as there are slots for all, and keeps no slot busier than it is', () => {
    const { record } = witnessed({
      arrivals: at(10, 10, 500, 500, 500, 500),
      traffic: { calls: [tool(100)] },
      servers: sharing,
      server: { slots: 2 },
    });
    expect(record.metrics.latencyMsMean).toBeCloseTo((2 * 100 + 4 * 200) / 6, 9);
    expect(record.metrics.utilisation).toBeCloseTo((2 * 100 + 2 * 200) / 2000, 9);
  });

  it('lets in as many calls as it has slots and places, and no more', () => {
    const { witness } = witnessed({
      duration: 10_000,
      arrivals: each(1, 9),
      traffic: { calls: [tool(100)] },
      servers: sharing,
      server: { slots: 2, queue: 3 },
    });
    expect(witness.outcomes).toEqual([
      ...Array<string>(5).fill('ok'),
      ...Array<string>(4).fill('overloaded'),
    ]);
  });

  it('slows calls that are already at work', () => {
    const { witness } = witnessed({
      arrivals: at(10),
      traffic: { calls: [tool(100)] },
      servers: sharing,
      setup: { faults: [fault({ kind: 'slow', factor: 2 }, 60, null)] },
    });
    expect(witness.story).toEqual(['0 ok 150']);
  });

  it('gives the pace of calls that are cancelled to the others', () => {
    // Two at half pace from 10, three at a third from 70; two are given up at 100, when the third has done 10 of its 60.
    const { witness } = witnessed({
      arrivals: at(10, 10, 70),
      traffic: { timeout: 90, calls: [tool(60)] },
      servers: sharing,
    });
    expect(witness.story).toEqual(['0 timeout 90', '1 timeout 90', '2 ok 80']);
  });
});

describe('a call that is cancelled', () => {
  it('leaves its slot to the next in the queue', () => {
    // Slow at 100, it would take 400 ms; given up at 250, when the next has waited for 100 ms.
    const { witness } = witnessed({
      arrivals: at(100, 150),
      traffic: { timeout: 150, calls: [tool(40)] },
      setup: { faults: [fault({ kind: 'slow', factor: 10 }, 0, 120)] },
    });
    expect(witness.story).toEqual(['0 timeout 150', '1 ok 140']);
  });

  it('is never worked when its cancellation overtakes it on the network', () => {
    // Each leg takes 1 to 100 ms. Sent at 0, given up at 10: it is worked if D < 10 + C for two such delays, which is so
    // with probability 1 - (89 / 99)^2 / 2 = 0.596. Four standard errors of 1,000 calls are 62.
    const { record } = witnessed({
      duration: 10_000,
      arrivals: each(9, 1000),
      traffic: { timeout: 10, calls: [tool(0.001)] },
      server: { slots: 1000 },
      setup: { network: { kind: 'uniform', min: 1, max: 100 } },
    });
    const worked = record.metrics.throughputRps! * 10;
    expect(Math.abs(worked - 596)).toBeLessThan(62);
  });
});

describe('a legacy call that everyone has given up', () => {
  const lab = {
    arrivals: at(100, 130, 260),
    traffic: { timeout: 120, calls: [tool(100)] },
  };

  it('is cancelled in modern traffic, so the next call finds the slot free', () => {
    const { witness, record } = witnessed(lab);
    expect(witness.story).toEqual(['0 ok 100', '1 timeout 120', '2 ok 100']);
    expect(record.metrics.utilisation).toBe((100 + 50 + 100) / 1000);
    expect(record.metrics.throughputRps).toBe(2);
  });

  it('is worked on to its end in legacy traffic, and the next call pays for it', () => {
    const { witness, record } = witnessed({ ...lab, traffic: { ...lab.traffic, era: 'legacy' } });
    expect(witness.story).toEqual(['0 ok 100', '1 timeout 120', '2 timeout 120']);
    expect(record.metrics.utilisation).toBe(0.3);
    expect(record.metrics.throughputRps).toBe(3);
  });

  it('keeps its place in the queue too: a legacy queue fills with the dead', () => {
    const busy = {
      arrivals: each(10, 8),
      traffic: { timeout: 50, calls: [tool(1000)] },
      server: { queue: 3 },
    };
    const modern = simulate({ ...busy });
    const legacy = simulate({ ...busy, traffic: { ...busy.traffic, era: 'legacy' } });
    // Modern: each abandoned call frees its place before the next arrival but two. Legacy: one works, three wait, the
    // other four are turned away.
    expect(modern.metrics.rejected).toBe(1);
    expect(legacy.metrics.rejected).toBe(4);
  });
});
