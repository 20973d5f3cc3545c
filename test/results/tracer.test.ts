import { expect, test } from 'vitest';
import { renderStory } from '../../src/report/story-text.ts';
import type { Story } from '../../src/results/trace/story.ts';
import { TracedBalancer } from '../../src/results/trace/traced-balancer.ts';
import { TracedWorld } from '../../src/results/trace/traced-world.ts';
import { Tracer } from '../../src/results/trace/tracer.ts';
import { run } from '../../src/run.ts';
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

const traced = (text: string, wanted: string): Tracer => {
  const { scenario, inputs } = loadScenario({ file: 'x.yaml', text, readFile: () => '' });
  const tracer = new Tracer(wanted, scenario.base.faults);
  const task = { scenario, inputs, contender: 0, seed: 1, independent: false };
  const record = run(
    task,
    (options) => new TracedWorld(new SimWorld(options), tracer),
    (options) => ({ ...options, balancer: new TracedBalancer(options.balancer, tracer) }),
  );
  const untraced = run(task, (options) => new SimWorld(options));
  expect(record, 'a traced run is the same run').toEqual(untraced);
  return tracer;
};

const storyOf = (text: string, wanted: string): Story => {
  const { story } = traced(text, wanted);
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

test('an arrival that began a session names its calls', () => {
  const tracer = traced(SESSIONS, '4');
  expect(tracer.story).toBeNull();
  expect(tracer.callsOfSession).toEqual([0, 1, 2, 3]);
});
