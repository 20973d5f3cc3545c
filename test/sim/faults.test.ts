/** What each kind of fault does to calls, sessions and slots, through real runs; every figure worked out by hand. */
import { describe, expect, it } from 'vitest';
import { at, balancer, constant, each, fault, health, simulate, tool, witnessed } from './lab.ts';

/** One server of one slot, work 10 ms; calls at 95 (running when the fault begins at 100), 150, and 210 (after it). */
const around = {
  arrivals: at(95, 150, 210),
  traffic: { timeout: 300 },
};

describe('a faulty server', () => {
  it('errors: answers 500 at once and takes no slot', () => {
    const faults = [fault({ kind: 'errors', share: 1 }, 100, 200)];
    const { witness, record } = witnessed({ ...around, setup: { faults } });
    expect(witness.story).toEqual(['0 ok 10', '1 http-5xx 0', '2 ok 10']);
    expect(record.metrics.utilisation).toBe(0.02);
  });

  it('errors: hits the same requests whoever balances', () => {
    const faults = [fault({ kind: 'errors', share: 0.5 }, 0, null, 'all')];
    const lab = { arrivals: each(5, 190), server: { count: 3, slots: 4 } };
    const failedBy = (name: string) =>
      witnessed({ ...lab, setup: { faults, balancer: balancer(name) } }).witness.outcomes;
    const failed = failedBy('round-robin');
    expect(failed.filter((outcome) => outcome === 'http-5xx').length).toBeGreaterThan(60);
    expect(failedBy('random')).toEqual(failed);
    expect(failedBy('p2c')).toEqual(failed);
  });

  it('toolErrors: works first, then says no; the call is completed', () => {
    const faults = [fault({ kind: 'toolErrors', share: 1 }, 100, 200)];
    const { witness, record } = witnessed({ ...around, setup: { faults } });
    expect(witness.story).toEqual(['0 tool-error 10', '1 tool-error 10', '2 ok 10']);
    expect(record.metrics).toMatchObject({
      completed: 3,
      errorRate: 0,
      toolErrorRate: 2 / 3,
      utilisation: 0.03,
    });
  });

  it('slow: takes the factor as long for calls that begin under it', () => {
    const faults = [fault({ kind: 'slow', factor: 5 }, 100, 200)];
    const { witness } = witnessed({ ...around, setup: { faults } });
    expect(witness.story).toEqual(['0 ok 10', '1 ok 50', '2 ok 10']);
  });

  it('crash: resets what runs, refuses connections, and needs its start-up to come back', () => {
    const faults = [fault({ kind: 'crash' }, 100, 200)];
    const { witness } = witnessed({
      arrivals: at(95, 150, 210, 250, 260),
      servers: { startup: 50 },
      setup: { faults },
    });
    expect(witness.story).toEqual([
      '0 reset 5',
      '1 refused 0',
      '2 refused 0',
      '3 ok 10',
      '4 ok 10',
    ]);
  });

  it('hang: accepts and never answers, neither what runs nor what comes', () => {
    const { witness } = witnessed({
      ...around,
      setup: { faults: [fault({ kind: 'hang' }, 100, 200)] },
    });
    expect(witness.outcomes).toEqual(['timeout', 'timeout', 'ok']);
    expect(witness.story[0]).toBe('2 ok 10');
  });

  it('refuse: refuses what comes, and lets running calls finish', () => {
    const { witness } = witnessed({
      ...around,
      setup: { faults: [fault({ kind: 'refuse' }, 100, 200)] },
    });
    expect(witness.story).toEqual(['0 ok 10', '1 refused 0', '2 ok 10']);
  });

  it('partition: nothing passes, not even a cancellation, and the work goes on', () => {
    const lab = { arrivals: at(95), traffic: { timeout: 50, calls: [tool(200)] } };
    const run = (kind: 'partition' | 'hang') =>
      simulate({ ...lab, setup: { faults: [fault({ kind }, 100, 400)] } }).metrics;
    expect(run('partition')).toMatchObject({ timeouts: 1, utilisation: 0.2, throughputRps: 1 });
    expect(run('hang')).toMatchObject({ timeouts: 1, utilisation: 0.05, throughputRps: 0 });
  });

  it('flap: begins down, and is back at once each time', () => {
    const faults = [fault({ kind: 'flap', up: 50, down: 50 }, 100, 300)];
    const { witness } = witnessed({
      arrivals: at(120, 151, 220, 251, 310),
      servers: { startup: 1000 },
      setup: { faults },
    });
    expect(witness.story).toEqual(['0 refused 0', '1 ok 10', '2 refused 0', '3 ok 10', '4 ok 10']);
  });

  it('crash: needs its start-up after a flap that outlasts it', () => {
    const faults = [
      fault({ kind: 'crash' }, 100, 200),
      fault({ kind: 'flap', up: 1000, down: 120 }, 100, 220),
    ];
    const { witness } = witnessed({
      arrivals: at(225, 245, 255),
      servers: { startup: 50 },
      setup: { faults },
    });
    expect(witness.story).toEqual(['0 refused 0', '1 refused 0', '2 ok 10']);
  });

  it('leak: grows slower, crashes in the end, and starts over with a clean heap', () => {
    const faults = [fault({ kind: 'leak', slower: 5, over: 400 }, 100, null)];
    const { witness } = witnessed({
      // Slowness 1 + 4 * 200/400 = 3 at 300; down from 500 to 550; 1 + 4 * 10/400 = 1.1 at 560.
      arrivals: at(300, 495, 520, 560),
      servers: { startup: 50 },
      setup: { faults },
    });
    expect(witness.story).toEqual(['0 ok 30', '1 reset 5', '2 refused 0', '3 ok 11']);
  });

  it('repeats as often as it is told to', () => {
    const faults = [fault({ kind: 'refuse' }, 100, 150, [0], { every: 200 })];
    const { witness } = witnessed({ arrivals: at(120, 160, 320, 360, 520), setup: { faults } });
    expect(witness.outcomes).toEqual(['refused', 'ok', 'refused', 'ok', 'refused']);
  });

  it('counts as many calls as reached it: a refused one never did', () => {
    // Half of the calls go to a server that is down half of the time. Per ready second both served the same.
    const faults = [fault({ kind: 'crash' }, 505, null)];
    const { metrics } = simulate({
      arrivals: each(10, 98),
      servers: { count: 2 },
      setup: { faults },
    });
    expect(metrics.failed).toBe(24);
    expect(metrics.imbalance).toBeCloseTo(1, 1);
  });
});

describe('a health check', () => {
  const checked = {
    duration: 3000,
    arrivals: each(10, 290),
    servers: { count: 2 },
    traffic: { timeout: 30 },
  };
  const options = { interval: '100ms', timeout: '20ms', unhealthy: 3, healthy: 2 };

  /** Checks of s1 in order. */
  const checksOf = (witness: ReturnType<typeof witnessed>['witness']) =>
    witness.probed.filter(({ server }) => server === 's1').map(({ at: instant }) => instant);

  it.each([
    ['crash', 0],
    ['refuse', 0],
    ['hang', 20],
    ['partition', 20],
  ] as const)('finds a %s at the third failed check, %i ms after it was made', (kind, patience) => {
    const faults = [fault({ kind }, 1000, 2000)];
    const { witness, record } = witnessed({
      ...checked,
      setup: { faults, health: health(options) },
    });
    const checks = checksOf(witness);
    const [, , third] = checks.filter((instant) => instant >= 1000);
    const ejectedAt = third! + patience;
    const [, secondGood] = checks.filter((instant) => instant >= 2000);
    expect(healthNotes(witness)).toEqual([
      `${ejectedAt} s1 is ejected: 3 failed checks in a row`,
      `${secondGood!} s1 is healthy again: 2 good checks in a row`,
    ]);
    expect(record.metrics.ejections).toBe(1);
    expect(record.metrics.detectionMsMean).toBeCloseTo(ejectedAt - 1000, 9);
  });

  it('sends nothing to a server that it found ill, and everything to the other', () => {
    const faults = [fault({ kind: 'crash' }, 1000, 2000)];
    const { witness } = witnessed({ ...checked, setup: { faults, health: health(options) } });
    const [ejected, healthy] = witness.notes
      .filter(({ kind }) => kind === 'health')
      .map(({ at: instant }) => instant);
    const meanwhile = witness.sent.filter(
      ({ at: instant }) => instant > ejected! && instant < healthy!,
    );
    expect(meanwhile.length).toBeGreaterThan(80);
    expect(new Set(meanwhile.map(({ server }) => server))).toEqual(new Set(['s2']));
  });

  it('does not see a grey failure', () => {
    const faults = [fault({ kind: 'hang' }, 1000, 2000, [0], { healthOk: true })];
    const { witness, record } = witnessed({
      ...checked,
      setup: { faults, health: health(options) },
    });
    expect(healthNotes(witness)).toEqual([]);
    expect(record.metrics.timeouts).toBeGreaterThan(40);
    expect(record.metrics.detectionMsMean).toBeUndefined();
  });

  it('comes back over the network: its answer later than its timeout is a failure', () => {
    const slow = { network: constant(11), health: health(options) };
    const { record } = witnessed({ ...checked, setup: slow });
    expect(record.metrics.ejections).toBe(2);
    const fast = { network: constant(10), health: health(options) };
    expect(simulate({ ...checked, setup: fast }).metrics.ejections).toBe(0);
  });

  it('checks servers at phases of their own, not in step', () => {
    const { witness } = witnessed({
      ...checked,
      servers: { count: 20 },
      setup: { health: health(options) },
    });
    const first = witness.probed.slice(0, 20).map(({ at: instant }) => instant);
    expect(new Set(first).size).toBe(20);
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(50);
  });
});

const healthNotes = ({ notes }: ReturnType<typeof witnessed>['witness']) =>
  notes
    .filter(({ kind }) => kind === 'health')
    .map((note) => `${note.at} ${note.text}: ${note.because}`);
