/** Legacy and modern sessions: pinned, lost, recovered; timelines worked out by hand. */
import { describe, expect, it } from 'vitest';
import { at, constant, fault, witnessed, type Lab } from './lab.ts';

/** Sessions of four calls: each works 10 ms and is followed by a pause of 30 ms, so calls come every 40 ms. */
const sessions = (change: Partial<NonNullable<NonNullable<Lab['traffic']>['sessions']>> = {}) => ({
  sessions: {
    era: 'legacy' as const,
    calls: constant(4),
    think: constant(30),
    share: 1,
    recover: false,
    ...change,
  },
});

const two: Lab = { arrivals: at(50), traffic: sessions(), servers: { count: 2 } };
const pinned = { affinity: 'session' } as const;

describe('a session', () => {
  it('initialises, calls, waits for the reply, thinks, and calls again', () => {
    const { witness, record } = witnessed({ ...two, setup: pinned });
    expect(witness.sent.map(({ at: instant, request }) => `${instant} ${request}`)).toEqual([
      '50 0.0',
      '50 0.1',
      '90 0.2',
      '130 0.3',
      '170 0.4',
    ]);
    expect(record.metrics).toMatchObject({
      sessions: 1,
      sessionsLost: 0,
      arrived: 5,
      completed: 5,
    });
  });

  it('stays with its server under affinity', () => {
    const { witness } = witnessed({ ...two, setup: pinned });
    expect(new Set(witness.sent.map(({ server }) => server))).toEqual(new Set(['s1']));
  });

  it('is lost at the first call that another server gets, without affinity', () => {
    const { witness, record } = witnessed(two);
    expect(witness.sent.map(({ server }) => server)).toEqual(['s1', 's2', 's1', 's2', 's1']);
    expect(witness.replied.map(({ outcome }) => outcome)).toEqual([
      'ok',
      'session-lost',
      'ok',
      'session-lost',
      'ok',
    ]);
    expect(record.metrics).toMatchObject({ sessions: 1, sessionsLost: 1 });
  });

  it('needs no handshake and no affinity in modern traffic', () => {
    const { witness, record } = witnessed({ ...two, traffic: sessions({ era: 'modern' }) });
    expect(witness.replied.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(record.metrics.sessionsLost).toBe(0);
  });

  it('dies with its process', () => {
    const { witness, record } = witnessed({
      ...two,
      servers: { count: 1 },
      setup: { ...pinned, faults: [fault({ kind: 'crash' }, 100, 140)] },
    });
    expect(witness.replied.map(({ at: instant, outcome }) => `${instant} ${outcome}`)).toEqual([
      '50 ok',
      '60 ok',
      '100 reset',
      '130 refused',
      '160 session-lost',
    ]);
    expect(record.metrics.sessionsLost).toBe(1);
  });

  it('is lost with its process also when no other ever answers for it', () => {
    const { witness, record } = witnessed({
      ...two,
      servers: { count: 1 },
      setup: { ...pinned, faults: [fault({ kind: 'crash' }, 100, null)] },
    });
    expect(witness.replied.at(-1)!.outcome).toBe('refused');
    expect(record.metrics).toMatchObject({ sessions: 1, sessionsLost: 1 });
  });

  it('initialises anew when it recovers, and goes on', () => {
    const { witness, record } = witnessed({
      ...two,
      servers: { count: 1 },
      traffic: sessions({ recover: true }),
      setup: { ...pinned, faults: [fault({ kind: 'flap', up: 1000, down: 10 }, 70, null)] },
    });
    // The flap from 70 to 80 loses the session; the call at 90 finds out, the client thinks until 120 and initialises.
    const [, , , renewal] = witness.sent;
    expect(renewal!.at).toBe(120);
    expect(witness.replied.map(({ at: instant, outcome }) => `${instant} ${outcome}`)).toEqual([
      '50 ok',
      '60 ok',
      '90 session-lost',
      '120 ok',
      '130 ok',
      '170 ok',
    ]);
    expect(record.sessions).toMatchObject({ started: 1, lost: 1, recovered: 1 });
  });
});
