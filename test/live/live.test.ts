import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatMetric } from '../../src/core/format.ts';
import { columns } from '../../src/report/terminal.ts';
import type { Results } from '../../src/results/results.ts';
import { Folder, type Exit } from '../e2e/windtunnel.ts';
import { commandOf, descendantsOf, survivors } from './processes.ts';

const SHORT = `question: Does it run for real?
duration: 4s
warmup: 1s
seeds: 1
traffic:
  arrivals: { poisson: 40/s }
  timeout: 1s
  retries: { attempts: 2, backoff: 20ms }
  calls:
    search: { share: 80%, work: { lognormal: { mean: 20ms, cv: 0.5 } } }
    report: { share: 20%, work: 30ms, safe: false }
servers: { count: 2, slots: 4, queue: 8 }
faults:
  - { at: 1500ms, for: 1500ms, servers: 1, errors: 100% }
breaker: { counter: { failures: 3, recovery: 1s, halfOpenCalls: 1 } }
contenders:
  without breaker: { breaker: none }
  with breaker: {}
`;
const LONG = SHORT.replace('duration: 4s', 'duration: 10m');

const folders: Folder[] = [];
const folderWith = (text: string): Folder => {
  const folder = new Folder();
  folders.push(folder);
  folder.write('short.yaml', text);
  return folder;
};
afterAll(() => folders.forEach((folder) => folder.remove()));

describe('live FILE --with-sim', () => {
  let exit: Exit;
  let results: Results;
  let markdown: string;
  beforeAll(async () => {
    const folder = folderWith(SHORT);
    const env = { COLUMNS: '60', NO_COLOR: '1' };
    exit = await folder.windtunnel(['live', 'short.yaml', '--with-sim'], { env });
    expect(exit.code, exit.stderr).toBeOneOf([0, 97]);
    results = JSON.parse(folder.read('reports/short-live.json')) as Results;
    markdown = folder.read('reports/short-live.md');
  }, 120_000);

  test('writes results of mode live, with every seed of every contender, and the driver’s lag', () => {
    expect(results.mode).toBe('live');
    expect(results.complete).toBe(true);
    expect(results.contenders.map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([[1], [1]]);
    expect(results.lag!.map(({ contender }) => contender)).toEqual([
      'without breaker',
      'with breaker',
    ]);
  });

  test('meets the very demand of its twin: as many requests arrive, of each tool', () => {
    for (const { metrics } of results.contenders) expect(metrics.arrived!.mean).toBeGreaterThan(60);
    const attempts = results.twin!.flatMap(({ errors }) =>
      errors.filter(({ metric }) => metric === 'attempts'),
    );
    for (const { live, sim } of attempts) expect(Math.abs(live - sim) / sim).toBeLessThan(0.15);
  });

  test('says in terminal and Markdown how far apart live and simulated are', () => {
    expect(exit.stdout).toMatch(/^Live against simulated\ncontender +p50 latency/m);
    expect(Math.max(...exit.stdout.split('\n').map(columns))).toBeLessThanOrEqual(60);
    for (const { contender, errors } of results.twin!) {
      expect(exit.stdout).toContain(`${contender}, live`);
      const { live, sim } = errors.find(({ metric }) => metric === 'latencyMsP99')!;
      const figures = [live, sim].map((figure) => formatMetric('latencyMsP99', figure));
      expect(markdown).toContain(`| ${contender} | p99 latency | ${figures.join(' | ')} |`);
    }
  });

  test('injects the fault: calls fail, retries are made, the breaker opens', () => {
    const [without, withBreaker] = results.contenders;
    expect(without!.metrics.retries!.mean).toBeGreaterThan(5);
    expect(without!.metrics.breakerOpens?.mean ?? 0).toBe(0);
    expect(withBreaker!.metrics.breakerOpens!.mean).toBeGreaterThanOrEqual(1);
    expect(withBreaker!.runs[0]!.notes.some(({ kind }) => kind === 'breaker')).toBe(true);
  });

  test('says before it starts how long it will take', () => {
    expect(exit.stderr).toMatch(/short, live: 2 x 1 = 2 runs .* about \d+ s/);
  });
});

/** Processes below `pid` whose program is of this kind. */
const programs = (pid: number, kind: string): number[] =>
  descendantsOf(pid).filter((one) => commandOf(one).includes(`processes/${kind}.`));

/** Runs `live`, and calls `act` once, as soon as `when` holds of its process. */
const disturbed = async (
  words: readonly string[],
  when: (pid: number, folder: Folder) => boolean,
  act: (child: ChildProcess) => void,
) => {
  const folder = folderWith(LONG);
  let below: number[] = [];
  const wait = async (child: ChildProcess): Promise<void> => {
    while (!when(child.pid!, folder)) await sleep(100);
    await sleep(500);
    below = descendantsOf(child.pid!);
    act(child);
  };
  const waiting: Promise<void>[] = [];
  const exit = await folder.windtunnel(['live', 'short.yaml', ...words], {
    watch: (child) => void (waiting.length > 0 || waiting.push(wait(child))),
  });
  await Promise.all(waiting);
  return { exit, below, left: await survivors(below, 5000), folder };
};

const allUp = (pid: number): boolean => programs(pid, 'server').length === 2;

/** Who is left is read from /proc. */
const onLinux = test.skipIf(process.platform !== 'linux');

onLinux('Ctrl-C ends every process, and exits with 130', async () => {
  const { exit, below, left, folder } = await disturbed([], allUp, (child) => child.kill('SIGINT'));
  expect(below.length).toBeGreaterThanOrEqual(4);
  expect(left).toEqual([]);
  expect(exit.code).toBe(130);
  expect(folder.files()).toEqual(['short.yaml']);
});

/** Two runs, of which the second is disturbed. */
const inTheSecond = (act: (child: ChildProcess) => void) =>
  disturbed(
    ['--set', 'duration=4s', '--seeds', '2', '--only', 'with breaker', '--journal', 'journal'],
    (_, there) => there.files().some((file) => file.endsWith('seed-2')),
    act,
  );

const expectTheFirst = (folder: Folder): Results => {
  const results = JSON.parse(folder.read('reports/short-live.json')) as Results;
  expect(results.complete).toBe(false);
  expect(results.contenders.map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([[1]]);
  return results;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  onLinux(`${signal} keeps the seeds that every contender has finished`, async () => {
    const { exit, left, folder } = await inTheSecond((child) => child.kill(signal));
    expect(exit.code, exit.stderr).toBe(130);
    expect(left).toEqual([]);
    expectTheFirst(folder);
  });
}

onLinux('a gateway that is killed costs its own run, and is not called a bug', async () => {
  const { exit, left, folder } = await inTheSecond((child) =>
    process.kill(programs(child.pid!, 'gateway')[0]!, 'SIGKILL'),
  );
  expect(exit.code, exit.stderr).toBe(1);
  expect(exit.stderr).not.toMatch(/bug|\n +at /);
  expect(exit.stderr).toContain('what was finished before is in the report');
  expect(left).toEqual([]);
  expect(expectTheFirst(folder).warnings[0]).toBe(
    'Stopped early: the gateway process died: it was ended by SIGKILL (contender "with breaker", seed 2).',
  );
  expect(exit.stdout).toContain('journal-1-seed-1\njournal-1-seed-2\n');
});

onLinux('kill -9 of the launcher leaves no process behind', async () => {
  const { below, left } = await disturbed([], allUp, (child) => child.kill('SIGKILL'));
  expect(below.length).toBeGreaterThanOrEqual(4);
  expect(left).toEqual([]);
});

onLinux(
  'a gateway that dies ends the run with a clear word, and takes its servers along',
  async () => {
    const { exit, left } = await disturbed([], allUp, (child) =>
      process.kill(programs(child.pid!, 'gateway')[0]!, 'SIGKILL'),
    );
    expect(exit.code).toBe(1);
    expect(exit.stderr).toContain('the gateway process died: it was ended by SIGKILL');
    expect(exit.stderr).toContain('contender "without breaker", seed 1');
    expect(exit.stderr).toContain('killed from outside');
    expect(exit.stderr).not.toContain('bug');
    expect(left).toEqual([]);
  },
);
