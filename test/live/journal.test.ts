/** The door written down and replayed: over the simulated world fast and in full, over the live one for real. */
import { afterAll, describe, expect, test } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { END_LINE, headLine, Journal, parseHead } from '../../src/live/journal.ts';
import { BadJournal, Replay, type Difference } from '../../src/live/replay.ts';
import { fleetOptions } from '../../src/run.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { SimWorld } from '../../src/sim/sim-world.ts';
import { Folder } from '../e2e/windtunnel.ts';

/** Faults of several kinds, breakers that trip, an autoscaler that wants more, retries, deadlines, legacy sessions. */
const EVENTFUL = `
duration: 8s
warmup: 0
seeds: 1
traffic:
  arrivals: { poisson: 160/s }
  timeout: 400ms
  retries: { attempts: 3, backoff: { exponential: 20ms } }
  calls:
    search: { share: 80%, work: { lognormal: { mean: 25ms, cv: 1 } } }
    report: { share: 20%, work: 30ms, safe: false }
servers: { count: 2, slots: 4, queue: 8, startup: 300ms }
balancer: random
health: { interval: 400ms, timeout: 200ms, unhealthy: 2, healthy: 1 }
breaker: { counter: { failures: 3, recovery: 500ms, halfOpenCalls: 1 } }
autoscaler: { threshold: { min: 2, max: 4, up: 0.05, down: 0, cooldown: 1s, every: 1s } }
faults:
  - { at: 1s, for: 1s, servers: 1, errors: 100% }
  - { at: 3s, for: 1s, servers: [2], hang: true }
  - { at: 5s, for: 1s, servers: [1], crash: true }
`;

const { scenario, inputs } = loadScenario({
  file: 'eventful.yaml',
  text: EVENTFUL,
  readFile: () => '',
});
const { setup } = scenario.contenders[0]!;

const recorded = (): string[] => {
  const lines = [headLine({ scenario: 'eventful', contender: 'baseline', setup, inputs, seed: 7 })];
  const journal = new Journal((line) => lines.push(line));
  const { duration, warmup } = scenario;
  const world = new SimWorld({ setup, inputs, seed: 7, duration, warmup });
  const fleet = new Fleet(fleetOptions(setup, inputs, 7), journal.intentions(world));
  world.run(journal.facts(fleet), {
    waited: () => {},
    tick: () => {},
    tally: () => {},
    fault: () => {},
    sessions: () => {},
  });
  return [...lines, END_LINE];
};

const replayed = (lines: readonly string[]): { replay: Replay; difference: Difference | null } => {
  const head = parseHead(lines[0]!)!;
  const options = fleetOptions(head.setup, head.inputs, head.seed);
  const replay = new Replay((out) => new Fleet(options, out));
  for (const line of lines.slice(1)) {
    const difference = replay.take(line);
    if (difference !== null) return { replay, difference };
  }
  return { replay, difference: null };
};

describe('a journal', () => {
  const lines = recorded();

  test('holds what happened: sends, trips, scale-outs', () => {
    const text = lines.join('\n');
    expect(lines.filter((line) => line.includes('"kind":"arrived"')).length).toBeGreaterThan(1000);
    expect(text).toContain('"kind":"abandon"');
    expect(text).toMatch(/breaker of s\d opened/);
    expect(text).toContain('scaled 2 -> 3');
  });

  test('replays to the very same intentions', () => {
    const { replay, difference } = replayed(lines);
    expect(difference).toBeNull();
    expect(replay.whole).toBe(true);
    expect(replay.facts + replay.intentions).toBe(lines.length - 2);
  });

  test('shows the first intention that differs, with both', () => {
    const at = lines.findIndex((line, k) => k > 500 && line.includes('"kind":"send"'));
    const changed = lines.with(at, lines[at]!.replace(/"server":\d/, '"server":9'));
    expect(replayed(changed).difference).toEqual({
      line: at + 1,
      recorded: changed[at],
      replayed: lines[at],
    });
  });

  test('an intention that is missing, or one too many, is a difference', () => {
    const at = lines.findIndex((line, k) => k > 500 && line.includes('"kind":"send"'));
    const without = replayed(lines.toSpliced(at, 1)).difference!;
    expect(without.replayed).toBe(lines[at]);
    const twice = replayed(lines.toSpliced(at, 0, lines[at]!)).difference!;
    expect(twice.line).toBe(at + 2);
  });

  test('another seed draws other lots, and is found out', () => {
    const head = headLine({ scenario: '', contender: '', setup, inputs, seed: 8 });
    expect(replayed(lines.with(0, head)).difference).not.toBeNull();
  });

  test('a line that is none is refused with its number', () => {
    const bad = (): unknown => replayed(lines.with(10, 'what?'));
    expect(bad).toThrow(BadJournal);
    expect(bad).toThrow(expect.objectContaining({ line: 11 }));
  });

  test('its head carries settings that JSON cannot, and numbers from files', () => {
    const floats = { 'samples.csv': Float64Array.of(1.5, 2) };
    const endless = {
      ...setup,
      health: { name: 'none', options: { every: Infinity } },
    };
    const line = headLine({
      scenario: 's',
      contender: 'c',
      setup: endless,
      inputs: floats,
      seed: 1,
    });
    const head = parseHead(line)!;
    expect(head.inputs).toEqual(floats);
    expect(head.setup.health.options).toEqual({ every: Infinity });
    expect(parseHead('{"format":"windtunnel/results","version":1}')).toBeNull();
    expect(parseHead('nonsense')).toBeNull();
  });
});

describe('same driving', () => {
  const folder = new Folder();
  afterAll(() => folder.remove());

  test('a live run with faults, breaker trips and a scale-out replays to identical intentions', async () => {
    folder.write('eventful.yaml', `question: Same driving?${EVENTFUL}`);
    const live = await folder.windtunnel(['live', 'eventful.yaml', '--journal', 'run.journal']);
    expect(live.code, live.stderr).toBeOneOf([0, 97]);
    const [file] = folder.files().filter((name) => name.endsWith('.journal'));
    const text = folder.read(file!);
    expect(text.match(/"kind":"arrived"/g)!.length).toBeGreaterThan(1000);
    expect(text).toMatch(/breaker of s\d opened/);
    expect(text).toContain('scaled 2 -> 3');
    expect(text).toContain('"kind":"started"');
    const same = await folder.windtunnel(['replay', file!]);
    expect(same.stdout).toMatch(/^identical: [\d,]+ facts, [\d,]+ intentions\n$/);
    expect(same.code).toBe(0);
    const changed = text.replace(/("kind":"send".*?"server":)\d/, '$19');
    folder.write('changed.journal', changed);
    const other = await folder.windtunnel(['replay', 'changed.journal']);
    expect(other.stdout).toMatch(/^different at line \d+/);
    expect(other.stdout).toContain('recorded: {"t":"intention","kind":"send"');
    expect(other.code).toBe(1);
  }, 90_000);

  test.each([
    ['no file', 'nothing.journal', 'no such file'],
    ['no journal', 'eventful.yaml', 'this is no journal'],
  ])('replay of %s is a mistake', async (_, file, why) => {
    const exit = await folder.windtunnel(['replay', file]);
    expect(exit.stderr).toContain(why);
    expect(exit.code).toBe(2);
  });
});
