import { describe, expect, test } from 'vitest';
import type { Request } from '../../src/core/request.ts';
import type { Millis } from '../../src/core/units.ts';
import type { Facts } from '../../src/fleet/facts.ts';
import { PassingFacts, PassingIntentions } from '../../src/fleet/passing.ts';
import type { Observer, World } from '../../src/fleet/world.ts';
import { renderStory } from '../../src/report/story-text.ts';
import type { Story } from '../../src/results/trace/story.ts';
import { TracedBalancer } from '../../src/results/trace/traced-balancer.ts';
import { TracedWorld } from '../../src/results/trace/traced-world.ts';
import { Tracer } from '../../src/results/trace/tracer.ts';
import { run, type WorldOptions } from '../../src/run.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { SimWorld } from '../../src/sim/sim-world.ts';

/** One slot, 10 calls a second of 150 ms each: the queue grows, and from request 3 on the deadline of 200 ms is missed. */
const OVERLOADED = `
duration: 2s
warmup: 0
seeds: 1
traffic:
  arrivals: { constant: 10/s }
  era: legacy
  timeout: 200ms
  retries: { attempts: 2, backoff: 10ms }
  calls: { search: { work: 150ms } }
servers: { count: 1, slots: 1 }
network: 1ms
health: none
`;

type MakeWorld = (options: WorldOptions) => World;

const simulated: MakeWorld = (options) => new SimWorld(options);

/** `makeWorld`: makes the world that the tracer stands before. */
const traced = (text: string, wanted: string, makeWorld: MakeWorld = simulated): Tracer => {
  const { scenario, inputs } = loadScenario({ file: 'x.yaml', text, readFile: () => '' });
  const tracer = new Tracer(wanted, scenario.base);
  const task = { scenario, inputs, contender: 0, seed: 1, independent: false };
  const record = run(
    task,
    (options) => new TracedWorld(makeWorld(options), tracer),
    (options) => ({ ...options, balancer: new TracedBalancer(options.balancer, tracer) }),
  );
  const untraced = run(task, makeWorld);
  expect(record, 'a traced run is the same run').toEqual(untraced);
  return tracer;
};

const storyOf = (text: string, wanted: string, makeWorld?: MakeWorld): Story => {
  const { story } = traced(text, wanted, makeWorld);
  if (story === null) throw new Error(`request ${wanted} did not arrive`);
  return story;
};

const textOf = (story: Story): string =>
  renderStory(
    { story, contender: 'baseline', seed: 1, balancer: 'round-robin', tools: ['search'] },
    { width: 200, color: false },
  );

test('a call that finds a free slot is picked, sent, served, answered and replied to', () => {
  const { events } = storyOf(OVERLOADED, '0');
  expect(events.map(({ kind }) => kind)).toEqual([
    'arrived',
    'picked',
    'sent',
    'served',
    'answered',
    'replied',
  ]);
  const [arrived, , , served, , replied] = events;
  expect(served!.at - arrived!.at).toBeCloseTo(1, 6);
  expect(replied!.at - arrived!.at).toBeCloseTo(152, 6);
});

test('what was before the arrival stands with the minus of all figures', () => {
  const { request, events } = storyOf(OVERLOADED, '1');
  const before = { kind: 'fault', at: request.at - 0.5, on: true, label: 'hang on s1' } as const;
  const text = textOf({ request, events: [before, ...events] });
  expect(text).toMatch(/s +−0\.500 ms {2}· fault begins: hang on s1\n/);
  expect(text).toMatch(/s +\+0\.000 ms {2}arrives/);
});

test('a wait in the queue is told with its length', () => {
  const { events } = storyOf(OVERLOADED, '1');
  expect(events.find(({ kind }) => kind === 'served')).toMatchObject({
    waitedMs: 50,
    awaited: true,
  });
});

test('a missed deadline is followed by another attempt, and a legacy server works for nobody', () => {
  const story = storyOf(OVERLOADED, '5');
  const sent = story.events.filter((event) => event.kind === 'sent');
  expect(sent.map(({ attempt, pausedMs }) => [attempt, pausedMs])).toEqual([
    [0, null],
    [1, 10],
  ]);
  expect(story.events.find(({ kind }) => kind === 'abandoned')).toMatchObject({
    because: 'timeout',
    attempt: 0,
  });
  const served = story.events.filter((event) => event.kind === 'served');
  expect(served.some(({ awaited }) => !awaited)).toBe(true);
  const text = textOf(story);
  expect(text).toContain('attempt 1 meets its deadline; s1 is not told and goes on');
  expect(text).toContain('attempt 2 is sent to s1, 10 ms after the one before');
  expect(text).toContain('though nobody waits for it any more');
  expect(text).toContain('the client has its reply after 410 ms and 2 attempts: timeout');
});

test('the candidates of a pick come with the calls in flight', () => {
  const busy = OVERLOADED.replace('count: 1', 'count: 3');
  const picked = storyOf(busy, '4').events.find((event) => event.kind === 'picked');
  expect(picked!.candidates.map(({ server }) => server)).toEqual([0, 1, 2]);
  expect(picked!.candidates.reduce((sum, { inFlight }) => sum + inFlight, 0)).toBe(1);
});

test('faults in force and what the fleet noted stand in the story', () => {
  const faulty = `${OVERLOADED}
breaker: { counter: { failures: 1 } }
faults: [{ at: 500ms, servers: all, errors: 100% }]`;
  const text = textOf(storyOf(faulty, '9'));
  expect(text).toContain('fault begins: errors 100%');
  expect(text).toMatch(/arrives; in force: errors 100%/);
  expect(text).toMatch(/· breaker of s1 opened: 1 failure/);
  expect(text).toMatch(/not sent: circuit open/);
});

/** Each client goes away when the next request comes, if it has no reply by then. */
class Impatient extends PassingFacts {
  #last: Request | null = null;

  override arrived(now: Millis, request: Request): void {
    if (this.#last !== null) this.next.left(now, this.#last);
    this.#last = request;
    this.next.arrived(now, request);
  }
}

class ImpatientWorld extends PassingIntentions implements World {
  readonly #world: World;

  constructor(world: World) {
    super(world);
    this.#world = world;
  }

  run(facts: Facts, observer: Observer): void {
    this.#world.run(new Impatient(facts), observer);
  }
}

/** s1 takes 200 ms for a call, s2 20 ms; round robin sends the first request to s1. */
const HEDGED = `
duration: 2s
warmup: 0
seeds: 1
traffic:
  arrivals: { constant: 2/s }
  calls: { search: { work: 20ms } }
  hedging: { after: 50ms }
servers: { groups: [{ count: 1, speed: 0.1 }, { count: 1, speed: 1 }] }
network: 1ms
health: none
`;

describe('a hedged call', () => {
  test('is told attempt by attempt: the hedge, the answer that wins, and the loser', () => {
    const story = storyOf(HEDGED, '0');
    expect(story.events.filter(({ kind }) => kind !== 'picked')).toMatchObject([
      { kind: 'arrived' },
      { kind: 'sent', server: 0, attempt: 0, beside: [] },
      { kind: 'served', server: 0, attempt: 0, awaited: true },
      { kind: 'sent', server: 1, attempt: 1, beside: [0], pausedMs: null },
      { kind: 'served', server: 1, attempt: 1, awaited: true },
      { kind: 'answered', server: 1, attempt: 1, outcome: 'ok' },
      { kind: 'abandoned', server: 0, attempt: 0, because: 'outrun' },
      { kind: 'replied', outcome: 'ok', attempts: 2 },
    ]);
    const text = textOf(story);
    expect(text).toContain('attempt 2 is sent to s2 as a hedge beside attempt 1\n');
    expect(text).toContain('attempt 2 is answered by s2: ok');
    expect(text).toContain(
      'attempt 1 is given up, as another attempt has answered; s1 is told to stop',
    );
  });

  test('may be won by the first attempt', () => {
    const hasty = HEDGED.replace('after: 50ms', 'after: 195ms');
    expect(storyOf(hasty, '0').events.slice(-3)).toMatchObject([
      { kind: 'answered', server: 0, attempt: 0, outcome: 'ok' },
      { kind: 'abandoned', server: 1, attempt: 1, because: 'outrun' },
      { kind: 'replied', attempts: 2 },
    ]);
  });

  test('names each attempt beside which a hedge is sent', () => {
    const thrice = HEDGED.replace('50ms', '50ms, attempts: 3').replace('count: 1', 'count: 2');
    const text = textOf(storyOf(thrice, '0'));
    expect(text).toContain('attempt 3 is sent to s3 as a hedge beside attempt 1 and attempt 2\n');
  });

  test('goes on while an attempt is left, and a try after the last of them is no hedge', () => {
    const hopeless = HEDGED.replace('speed: 1 ', 'speed: 0.1 ').replace(
      'hedging:',
      'timeout: 100ms\n  retries: { attempts: 2, backoff: 10ms }\n  hedging:',
    );
    const { events } = storyOf(hopeless, '0');
    const told = events.filter(({ kind }) => kind === 'sent' || kind === 'abandoned');
    expect(told.slice(0, 5)).toMatchObject([
      { kind: 'sent', attempt: 0 },
      { kind: 'sent', attempt: 1, beside: [0] },
      { kind: 'abandoned', attempt: 0, because: 'timeout' },
      { kind: 'abandoned', attempt: 1, because: 'timeout' },
      { kind: 'sent', attempt: 2, beside: [], pausedMs: 10 },
    ]);
  });
});

test('a client that goes away is told to have gone, and has no reply', () => {
  const slow = OVERLOADED.replace('timeout: 200ms', 'timeout: none').replace('150ms', '300ms');
  const story = storyOf(slow, '0', (options) => new ImpatientWorld(new SimWorld(options)));
  expect(story.events.slice(-2)).toMatchObject([
    { kind: 'abandoned', server: 0, attempt: 0, because: 'left' },
    { kind: 'replied', outcome: 'cancelled', attempts: 1 },
  ]);
  const text = textOf(story);
  expect(text).toContain(
    'attempt 1 is given up, as its client has gone away; s1 is not told and goes on',
  );
  expect(text).toContain('the client goes away after 100 ms and 1 attempt\n');
});

/** One slot and no queue: a call of 150 ms keeps off the next one, which comes 100 ms after it. */
const DEFERRING = `
duration: 2s
warmup: 0
seeds: 1
traffic:
  arrivals: { constant: 10/s }
  timeout: 1s
  calls: { search: { work: 150ms } }
servers: { count: 1, slots: 1, queue: 0, overload: defer }
network: 1ms
health: none
`;

describe('a client that is told to come again', () => {
  test('is followed through each coming to the final reply, its attempts counted on', () => {
    const events = storyOf(DEFERRING, '1').events.filter(({ kind }) => kind !== 'picked');
    expect(events.slice(0, 8)).toMatchObject([
      { kind: 'arrived' },
      { kind: 'sent', attempt: 0, pausedMs: null },
      { kind: 'answered', attempt: 0, outcome: 'deferred' },
      { kind: 'deferred', deferrals: 1 },
      { kind: 'came-again', deferrals: 1 },
      { kind: 'sent', attempt: 1, pausedMs: null, beside: [] },
      { kind: 'answered', attempt: 1, outcome: 'deferred' },
      { kind: 'deferred', deferrals: 2 },
    ]);
    expect(events.filter(({ kind }) => kind === 'came-again')).toHaveLength(3);
    expect(events.filter(({ kind }) => kind === 'replied')).toEqual([events.at(-1)]);
    expect(events.at(-1)).toMatchObject({ outcome: 'overloaded', attempts: 4 });
  });

  test('has the answer that it gets at last', () => {
    const story = storyOf(DEFERRING.replace('duration: 2s', 'duration: 250ms'), '1');
    expect(story.events.find(({ kind }) => kind === 'served')).toMatchObject({
      attempt: 2,
      awaited: true,
    });
    const text = textOf(story);
    expect(text).toContain('attempt 1 is answered by s1: deferred: slots and queue were full\n');
    expect(text).toContain('the client is told to come again: deferral 2\n');
    expect(text).toContain('the client comes again after 2 deferrals\n');
    expect(text).toContain('attempt 3 is answered by s1: ok\n');
    expect(text).toContain('the client has its reply after 256 ms and 3 attempts: ok\n');
    expect(text.match(/has its reply/g)).toHaveLength(1);
  });

  test('does not make its call one of the session twice', () => {
    const sessions = DEFERRING.replace('calls:', 'sessions: { calls: 3, think: 10ms }\n  calls:');
    expect(storyOf(sessions, '1.1').events.some(({ kind }) => kind === 'came-again')).toBe(true);
    expect(traced(sessions, '1').callsOfSession).toEqual([1, 2, 3]);
  });
});

const SESSIONS = `
duration: 5s
warmup: 0
seeds: 1
traffic:
  arrivals: { constant: 2/s }
  era: legacy
  sessions: { calls: 3, think: 100ms }
  calls: { search: { work: 10ms } }
servers: { count: 2 }
affinity: session
`;

test('a call of a session goes by its number, and is not picked when its session is held', () => {
  const { request, events } = storyOf(SESSIONS, '4.2');
  expect(request).toMatchObject({ arrival: 4, call: 2, kind: 'call' });
  expect(events.map(({ kind }) => kind)).toEqual([
    'arrived',
    'sent',
    'served',
    'answered',
    'replied',
  ]);
});

test('why a call goes to a server that nobody picked is told: its session, or its key', () => {
  const first = storyOf(SESSIONS, '4.0').events.find((event) => event.kind === 'sent')!;
  expect(first.heldBy).toBeNull();
  const name = `s${first.server + 1}`;
  expect(textOf(storyOf(SESSIONS, '4.2'))).toContain(
    `attempt 1 is sent to ${name}, where its session was created (affinity: session)\n`,
  );
  const keys = OVERLOADED.replace('retries:', 'keys: { count: 1 }\n  retries:')
    .replace('count: 1, slots: 1', 'count: 3')
    .concat('affinity: key\n');
  expect(textOf(storyOf(keys, '0'))).toMatch(/round-robin picks s1 of .*\n.* sent to s1\n/);
  expect(textOf(storyOf(keys, '1'))).toContain(
    'attempt 1 is sent to s1, where its key went before (affinity: key)\n',
  );
});

describe('a retry', () => {
  const failing = OVERLOADED.replace('count: 1, slots: 1', 'count: 3').concat(
    'faults: [{ at: 0, servers: all, errors: 100% }]\n',
  );

  test('tells which candidates were set aside, as tried before', () => {
    const thrice = failing.replace('attempts: 2', 'attempts: 4');
    const text = textOf(storyOf(thrice, '0'));
    expect(text).toContain(
      'picks s1 of 3 candidates with calls in flight: s1 (0), s2 (0), s3 (0)\n',
    );
    expect(text).toContain(
      'picks s2 of 2 candidates with calls in flight: s2 (0), s3 (0); set aside, as tried before: s1\n',
    );
    expect(text).toContain(
      'picks s3 of 1 candidate with calls in flight: s3 (0); set aside, as tried before: s1 and s2\n',
    );
    expect(text).toContain(
      'picks s1 of 1 candidate with calls in flight: s1 (0); set aside, as tried before: s2 and s3\n',
    );
  });

  test('says nothing of a server that is no candidate for another reason', () => {
    const open = failing
      .replace('backoff: 10ms', 'backoff: 0')
      .concat('breaker: { counter: { failures: 1 } }\n');
    const text = textOf(storyOf(open, '0'));
    expect(text).toMatch(/breaker of s1 opened/);
    expect(text).toContain('picks s2 of 2 candidates with calls in flight: s2 (0), s3 (0)\n');
  });
});

test('a server passed over for the circuit of the tool is told', () => {
  const picky = OVERLOADED.replace('count: 1, slots: 1', 'count: 2').concat(
    'breaker: { counter: { failures: 1, scope: tool } }\nfaults: [{ at: 0, servers: 1, errors: 100% }]\n',
  );
  expect(textOf(storyOf(picky, '2'))).toMatch(
    /picks s1 of 2 candidates .*\n.*picks s2 of 1 candidate .*; passed over, for slow start or a circuit of the tool: s1\n/,
  );
});

test('an arrival that began a session names its calls', () => {
  const tracer = traced(SESSIONS, '4');
  expect(tracer.story).toBeNull();
  expect(tracer.callsOfSession).toEqual([0, 1, 2, 3]);
  expect(traced(SESSIONS, '4.9').callsOfSession).toEqual([0, 1, 2, 3]);
});
