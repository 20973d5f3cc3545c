/** Servers that come and go: start-up, first check, draining, and what faults do meanwhile; worked out by hand. */
import { describe, expect, it } from 'vitest';
import {
  at,
  autoscaler,
  breaker,
  constant,
  each,
  fault,
  health,
  tool,
  witnessed,
  type Lab,
} from './lab.ts';

/** Always wants one server more, at 100, 200, ... */
const growing = autoscaler({ every: '100ms', cooldown: '0s', min: 1, max: 2, up: 0, down: 0 });
/** Always wants one server less, once, at 100. */
const shrinking = autoscaler({
  every: '100ms',
  cooldown: '1h',
  min: 1,
  max: 9,
  up: 1000,
  down: 999,
});

describe('a server that is started', () => {
  const lab: Lab = {
    arrivals: each(10, 98),
    traffic: { calls: [tool(5)] },
    servers: { startup: 50 },
  };

  it('gets its first call after its start-up and its first good check, and is paid from the start', () => {
    const setup = { autoscaler: growing, network: constant(3), health: health() };
    const { witness, record } = witnessed({ ...lab, setup });
    const notes = witness.notes.map((note) => `${note.at} ${note.text}: ${note.because}`);
    expect(notes.slice(1)).toEqual([
      expect.stringContaining('100 s2 is starting: '),
      '156 s2 is ready: a good check',
    ]);
    const first = witness.sent.find(({ server }) => server === 's2');
    // Having joined at 156 it waits a full turn: s1 at 160, then s2.
    expect(first!.at).toBe(170);
    expect(record.metrics).toMatchObject({ serverSeconds: 1.9, scaleUps: 1, scaleDowns: 0 });
  });

  it('is ready after its start-up when nobody checks', () => {
    const { witness } = witnessed({ ...lab, setup: { autoscaler: growing } });
    expect(witness.notes.find(({ text }) => text === 's2 is ready')!.at).toBe(150);
  });

  it('is not trusted while its first checks fail', () => {
    const faults = [fault({ kind: 'errors', share: 1 }, 90, 400, 'all')];
    const checks = health({ interval: '20ms', timeout: '10ms', unhealthy: 1000 });
    const { witness } = witnessed({
      ...lab,
      setup: { autoscaler: growing, faults, health: checks },
    });
    expect(witness.notes.find(({ text }) => text === 's2 is ready')!.at).toBe(410);
  });

  it('suffers a fault of all servers that began before it came', () => {
    const faults = [fault({ kind: 'slow', factor: 2 }, 90, null, 'all')];
    const { witness } = witnessed({ ...lab, setup: { autoscaler: growing, faults } });
    const first = witness.sent.find(({ server }) => server === 's2')!;
    const reply = witness.replied.find(({ request }) => request === first.request)!;
    expect(reply.tookMs).toBe(10);
  });

  it('does not come up early because it flaps while it starts', () => {
    const faults = [fault({ kind: 'flap', up: 20, down: 20 }, 90, 190, 'all')];
    const { witness } = witnessed({
      ...lab,
      servers: { startup: 150 },
      setup: { autoscaler: growing, faults },
    });
    expect(witness.notes.find(({ text }) => text === 's2 is ready')!.at).toBe(250);
  });
});

describe('a server that is drained', () => {
  /** s2 gets the second call, and drains at 100. */
  const lab: Lab = {
    arrivals: at(50, 95, 120, 130),
    traffic: { calls: [tool(200)] },
    servers: { count: 2 },
    server: { slots: 4 },
  };

  it('finishes what it has, gets nothing new, and stops when it is idle', () => {
    const { witness, record } = witnessed({ ...lab, setup: { autoscaler: shrinking } });
    expect(witness.sent.map(({ server }) => server)).toEqual(['s1', 's2', 's1', 's1']);
    expect(witness.outcomes).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(witness.stopped).toEqual([{ at: 295, server: 's2' }]);
    expect(record.metrics).toMatchObject({ scaleDowns: 1, serverSeconds: 1 + 0.295 });
  });

  it('is stopped at its deadline, and its calls are reset', () => {
    const { witness, record } = witnessed({
      ...lab,
      setup: { autoscaler: shrinking, drain: 50, breaker: breaker({ failures: 1 }) },
    });
    expect(witness.stopped).toEqual([{ at: 150, server: 's2' }]);
    expect(witness.story[0]).toBe('1 reset 55');
    // What is heard of it after its end says nothing of a circuit that no longer exists.
    expect(record.metrics.breakerOpens).toBe(0);
    expect(witness.notes.at(-1)!.text).toBe('s2 stops');
  });

  it('is stopped at once when draining is off', () => {
    const { witness } = witnessed({ ...lab, setup: { autoscaler: shrinking, drain: 0 } });
    expect(witness.stopped).toEqual([{ at: 100, server: 's2' }]);
    expect(witness.story[0]).toBe('1 reset 5');
  });

  it('no longer suffers its faults once it is gone: the fault ends with the last server that has it', () => {
    const { record } = witnessed({
      ...lab,
      setup: {
        autoscaler: shrinking,
        faults: [fault({ kind: 'slow', factor: 1 }, 20, 900, [1], { label: 'slow s2' })],
      },
    });
    expect(record.faults).toEqual([{ label: 'slow s2', from: 20, to: 295 }]);
  });

  describe('with sessions', () => {
    const sessions = {
      era: 'legacy',
      calls: constant(10),
      think: constant(30),
      share: 1,
      recover: false,
    } as const;
    const pinned: Lab = {
      arrivals: at(40, 50),
      traffic: { sessions },
      servers: { count: 2 },
    };

    it('keeps them until they are closed', () => {
      const { witness, record } = witnessed({
        ...pinned,
        setup: { affinity: 'session', autoscaler: shrinking },
      });
      // The second session calls at 50, 90, ..., 410 and is done at 420.
      expect(witness.stopped).toEqual([{ at: 420, server: 's2' }]);
      expect(record.metrics).toMatchObject({ sessionsLost: 0, failed: 0 });
    });

    it('loses them at the deadline', () => {
      const setup = { affinity: 'session', autoscaler: shrinking, drain: 100 } as const;
      const { witness, record } = witnessed({ ...pinned, setup });
      expect(witness.stopped).toEqual([{ at: 200, server: 's2' }]);
      const lost = witness.replied.find(({ outcome }) => outcome === 'session-lost');
      expect(lost).toMatchObject({ at: 210, request: '1.5' });
      expect(record.metrics.sessionsLost).toBe(1);
    });

    it('keeps one whose handshake was under way when it began to drain', () => {
      // The second handshake leaves at 99 and is answered at 103, when nothing else is left on s2.
      const { record } = witnessed({
        ...pinned,
        arrivals: at(40, 99),
        setup: { affinity: 'session', autoscaler: shrinking, network: constant(2) },
      });
      expect(record.metrics).toMatchObject({ sessions: 2, sessionsLost: 0, failed: 0 });
    });
  });
});

describe('the victim of a scale-in', () => {
  const shrunk = (victims: 'newest' | 'oldest'): readonly string[] => {
    const { witness } = witnessed({
      arrivals: each(10, 30),
      traffic: { calls: [tool(5)] },
      servers: { count: 3 },
      setup: { autoscaler: shrinking, victims },
    });
    return witness.notes.map(({ text }) => text).filter((text) => text.endsWith('drains'));
  };

  it('is the newest server, or the oldest if that is asked for', () => {
    expect(shrunk('newest')).toEqual(['s3 drains']);
    expect(shrunk('oldest')).toEqual(['s1 drains']);
  });
});
