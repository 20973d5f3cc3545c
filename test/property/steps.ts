/** Random steps of a capricious world: some time passes, then something happens, if there is something to happen to. */
import { emptyReport } from '../../src/core/load-report.ts';
import fc from 'fast-check';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Request } from '../../src/core/request.ts';
import type { CapriciousWorld } from './capricious-world.ts';

const KINDS = [
  'arrive',
  'arrive',
  'arrive',
  'session',
  'answer',
  'answer',
  'answer',
  'begin',
  'leave',
  'close',
  'probe',
  'probe',
  'start',
  'exit',
  'report',
] as const;
const OUTCOMES: readonly Outcome[] = [
  'ok',
  'ok',
  'ok',
  'tool-error',
  'refused',
  'reset',
  'overloaded',
  'throttled',
  'deferred',
  'http-5xx',
  'http-5xx',
  'session-lost',
];

export interface Step {
  readonly gap: number;
  readonly kind: (typeof KINDS)[number];
  /** Which of those there are. */
  readonly which: number;
  readonly outcome: Outcome;
  readonly safe: boolean;
}

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 })),
    kind: fc.constantFrom(...KINDS),
    which: fc.nat(1000),
    outcome: fc.constantFrom(...OUTCOMES),
    safe: fc.boolean(),
  }),
  { maxLength: 200, size: 'max' },
);

/** Lets `gap` ms pass: checks that run out of time have failed, and a punctual world wakes the fleet when it asked to be. */
export const pass = (world: CapriciousWorld, gap: number, punctual: boolean): void => {
  const until = world.now + gap;
  for (;;) {
    const [probe] = world.probes.toSorted((a, b) => a.until - b.until);
    const alarm = punctual ? world.alarm : Infinity;
    const next = Math.min(alarm, probe?.until ?? Infinity);
    if (next > until) break;
    world.now = Math.max(world.now, next);
    if (alarm <= (probe?.until ?? Infinity)) wake(world);
    else answerProbe(world, world.probes.indexOf(probe!), false);
  }
  world.now = until;
};

export const happen = (world: CapriciousWorld, step: Step, arrival: number): void => {
  const { kind, which, outcome, safe } = step;
  const call = world.calls[which % Math.max(1, world.calls.length)];
  switch (kind) {
    case 'arrive':
      return world.arrive(single(arrival, world.now, safe));
    case 'session':
      return world.arrive(inSession(world, arrival, which, safe));
    case 'answer':
      return call && world.answer(call, outcome);
    case 'begin':
      if (call === undefined || call.begun) return;
      call.begun = true;
      return world.tell('began', call.id);
    case 'leave': {
      const request = [...world.open][which % Math.max(1, world.open.size)];
      return request && world.tell('left', request);
    }
    case 'close': {
      const session = [...world.sessions.keys()][which % Math.max(1, world.sessions.size)];
      if (session === undefined) return;
      world.sessions.delete(session);
      return world.tell('closed', session);
    }
    case 'probe':
      return answerProbe(world, which % Math.max(1, world.probes.length), outcome !== 'refused');
    case 'start': {
      const [server] = world.starting.splice(which % Math.max(1, world.starting.length), 1);
      return server === undefined ? undefined : world.tell('started', server);
    }
    case 'exit': {
      const [server] = world.exiting.splice(0, 1);
      return server === undefined ? undefined : world.tell('exited', server);
    }
    case 'report':
      return (
        call &&
        world.tell('reported', call.server, { ...emptyReport(), busy: 1, queued: which % 10 })
      );
  }
};

/** Answers all there is, wakes the fleet whenever it asks, until every request has its reply. */
export const settleAll = (world: CapriciousWorld): void => {
  for (let turns = 0; world.open.size > 0 && turns < 10_000; turns++) {
    const [call] = world.calls;
    if (call !== undefined) world.answer(call, 'ok');
    else pass(world, 10, true);
  }
};

const wake = (world: CapriciousWorld): void => {
  world.alarm = Infinity;
  world.tell('woke');
};

const answerProbe = (world: CapriciousWorld, index: number, ok: boolean): void => {
  const [probe] = world.probes.splice(index, 1);
  if (probe !== undefined) world.tell('probed', probe.server, ok);
};

const single = (arrival: number, at: number, safe: boolean): Request => ({
  arrival,
  call: 0,
  kind: 'call',
  tool: 0,
  safe,
  era: 'modern',
  session: 0,
  at,
  key: arrival % 4,
  account: -1,
});

/** A call of a legacy session that is established, or the handshake of a new one. */
const inSession = (
  world: CapriciousWorld,
  arrival: number,
  which: number,
  safe: boolean,
): Request => {
  const request = { ...single(arrival, world.now, safe), era: 'legacy' as const };
  const known = [...world.sessions.keys()];
  const session = known[which % (known.length + 1)];
  return session === undefined
    ? { ...request, kind: 'initialize', tool: -1, safe: true, session: arrival + 1 }
    : { ...request, call: 1, session };
};
