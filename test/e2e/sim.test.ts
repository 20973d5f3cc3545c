import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Results } from '../../src/results/results.ts';
import { DOWN, FLAKY, LONG, SESSIONS } from './scenarios.ts';
import { Folder, type Exit } from './windtunnel.ts';

const REPORT = ['flaky.csv', 'flaky.html', 'flaky.json', 'flaky.md'];
const ESCAPE = '\u001B';

const folders: Folder[] = [];
const folderWith = (files: Readonly<Record<string, string>>): Folder => {
  const folder = new Folder();
  folders.push(folder);
  for (const [file, text] of Object.entries(files)) folder.write(file, text);
  return folder;
};
afterAll(() => folders.forEach((folder) => folder.remove()));

const resultsIn = (folder: Folder, file: string): Results =>
  JSON.parse(folder.read(file)) as Results;

describe('sim FILE', () => {
  let folder: Folder;
  let exit: Exit;
  beforeAll(async () => {
    folder = folderWith({ 'flaky.yaml': FLAKY });
    exit = await folder.windtunnel(['sim', 'flaky.yaml']);
  });

  test('exits with 0 and writes the four files of the report, whole', () => {
    expect(exit.code, exit.stderr).toBe(0);
    expect(folder.files()).toEqual(['flaky.yaml', ...REPORT.map((file) => `reports/${file}`)]);
    const { format, complete, contenders } = resultsIn(folder, 'reports/flaky.json');
    expect({ format, complete }).toEqual({ format: 'windtunnel/results', complete: true });
    expect(contenders.map(({ name, runs }) => [name, runs.map(({ seed }) => seed)])).toEqual([
      ['without breaker', [1, 2]],
      ['with breaker', [1, 2]],
    ]);
    expect(folder.read('reports/flaky.html')).toMatch(/<\/html>\s*$/);
  });

  test('prints the answer and where the files are, and tells what it simulates on stderr', () => {
    const { answer } = resultsIn(folder, 'reports/flaky.json');
    expect(exit.stdout.replace(/\s+/g, ' ')).toContain(answer);
    for (const file of REPORT) expect(exit.stdout).toContain(`reports/${file}`);
    expect(exit.stderr).toMatch(
      /^flaky: 2 contenders x 2 seeds, about 3,200 requests, on 1 worker\n$/,
    );
  });

  test('prints no escape sequence into a pipe', () => {
    expect(exit.stdout + exit.stderr).not.toContain(ESCAPE);
  });

  test('names a command without machine paths that reproduces the results', () => {
    expect(resultsIn(folder, 'reports/flaky.json').command).toBe('npx windtunnel sim flaky.yaml');
    expect(resultsIn(folder, 'reports/flaky.json').source).toEqual({
      file: 'flaky.yaml',
      text: FLAKY,
    });
  });

  test('yields the same bytes with one worker, two workers and none, but for the environment', async () => {
    const texts = await Promise.all(
      ['1', '2'].map(async (workers) => {
        const { code } = await folder.windtunnel([
          'sim',
          'flaky.yaml',
          '--workers',
          workers,
          '--out',
          `out/w${workers}`,
        ]);
        expect(code).toBe(0);
        return folder.read(`out/w${workers}.json`);
      }),
    );
    const known = folder.read('reports/flaky.json');
    for (const text of texts) expect(withoutEnvironment(text)).toBe(withoutEnvironment(known));
  });

  test('the report verb draws the same files from the results', async () => {
    const drawn = ['html', 'md', 'csv'].map((kind) => folder.read(`reports/flaky.${kind}`));
    const { code, stderr } = await folder.windtunnel([
      'report',
      'reports/flaky.json',
      '--out',
      'again/x',
    ]);
    expect(code, stderr).toBe(0);
    expect(['html', 'md', 'csv'].map((kind) => folder.read(`again/x.${kind}`))).toEqual(drawn);
  });

  test('compare finds no difference between a results file and itself', async () => {
    const { code, stdout } = await folder.windtunnel([
      'compare',
      'reports/flaky.json',
      'reports/flaky.json',
      '--strict',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('error rate*');
    expect(stdout).toContain('equivalent');
  });

  test('tells the story of one request and writes nothing', async () => {
    const before = folder.files();
    const { code, stdout } = await folder.windtunnel([
      'sim',
      'flaky.yaml',
      '--only',
      'with breaker',
      '--trace',
      '17',
    ]);
    expect(code).toBe(0);
    const story = stdout.replace(/\s+/g, ' ');
    expect(story).toMatch(/^Request 17 of "with breaker", seed 1: tool search, modern/);
    expect(story).toMatch(
      /round-robin picks s\d of 3 candidates with calls in flight: s1 \(\d\), s2 \(\d\), s3 \(\d\)/,
    );
    expect(story).toMatch(
      /attempt 1 is sent to s\d.*gets a slot.*is answered.*has its reply after/,
    );
    expect(folder.files()).toEqual(before);
  });

  test('says which requests there are when there is no such request', async () => {
    const { code, stderr } = await folder.windtunnel(['sim', 'flaky.yaml', '--trace', '999999']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no such request; arrivals are numbered 0 to \d+/);
  });

  test.each([
    [
      '1',
      /^--trace 1 {2}arrival 1 began a session; allowed: one of its requests: 1\.0, 1\.1, 1\.2\n$/,
    ],
    [
      '1.3',
      /^--trace 1\.3 {2}no call 3: arrival 1 began a session; allowed: .*: 1\.0, 1\.1, 1\.2\n$/,
    ],
  ])('lists the requests of a session when asked for %s', async (request, told) => {
    const sessions = folderWith({ 'sessions.yaml': SESSIONS });
    const { code, stderr } = await sessions.windtunnel([
      'sim',
      'sessions.yaml',
      '--trace',
      request,
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(told);
  });

  test('says that an arrival began no session when asked for a call of one', async () => {
    const { code, stderr } = await folder.windtunnel(['sim', 'flaky.yaml', '--trace', '17.1']);
    expect(code).toBe(2);
    expect(stderr).toBe('--trace 17.1  arrival 17 began no session; allowed: 17\n');
  });
});

describe('exit codes', () => {
  test('2 for a typo in the scenario, told with its place, and nothing is written', async () => {
    const folder = folderWith({ 'typo.yaml': FLAKY.replace('failures: 3', 'failurs: 3') });
    const { code, stderr, stdout } = await folder.windtunnel(['sim', 'typo.yaml']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^typo\.yaml:\d+:\d+ .*did you mean `failures`/);
    expect(stdout).toBe('');
    expect(folder.files()).toEqual(['typo.yaml']);
  });

  test.each([
    [['sim', 'nowhere.yaml'], /^nowhere\.yaml {2}no such file/],
    [['sim', '.'], /this is a folder/],
    [['sim'], /missing required argument 'file'/],
    [['simm', 'x.yaml'], /unknown command 'simm'\n\(Did you mean sim\?\)/],
    [['sim', 'x.yaml', '--sedes', '3'], /unknown option '--sedes'\n\(Did you mean --seeds\?\)/],
    [['sim', 'x.yaml', '--workers', '0'], /whole number from 1/],
    [['sim', '/dev/zero'], /^\/dev\/zero {2}this is a device; allowed: a file\n$/],
    [['replay', '/dev/zero'], /^\/dev\/zero {2}this is a device; allowed: a file\n$/],
    [['list', 'balancer-s'], /did you mean `balancers`/],
  ])('2 for %j', async (words, told) => {
    const { code, stderr } = await folderWith({}).windtunnel(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('2 when the report could not be written, before anything is simulated', async () => {
    const folder = folderWith({ 'flaky.yaml': FLAKY, reports: 'a file' });
    const { code, stderr } = await folder.windtunnel(['sim', 'flaky.yaml']);
    expect(code).toBe(2);
    expect(stderr).toBe('reports/flaky.json  reports is a file, not a folder\n');
  });

  test('2 when a scenario names a trace that has no end', async () => {
    const endless = FLAKY.replace('{ poisson: 100/s }', '{ trace: { file: /dev/zero, unit: ms } }');
    const folder = folderWith({ 'endless.yaml': endless });
    const { code, stderr } = await folder.windtunnel(['sim', 'endless.yaml']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^endless\.yaml:\d+:\d+ .*this is a device; allowed: a file\n$/);
  });

  test('2 for an empty --out, and nothing is written', async () => {
    const folder = folderWith({ 'flaky.yaml': FLAKY });
    const { code, stderr } = await folder.windtunnel(['sim', 'flaky.yaml', '--out', '']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--out '' {2}got an empty path; allowed: FOLDER\/NAME such as/);
    expect(folder.files()).toEqual(['flaky.yaml']);
  });

  test('97 when no request was completed, and the results are written all the same', async () => {
    const folder = folderWith({ 'down.yaml': DOWN });
    const { code, stderr } = await folder.windtunnel(['sim', 'down.yaml']);
    expect(code, stderr).toBe(97);
    expect(stderr).toContain('The run is invalid');
    expect(folder.files()).toContain('reports/down.json');
  });

  test('99 when an SLO is missed and --strict was given', async () => {
    const folder = folderWith({ 'flaky.yaml': FLAKY });
    const strict = ['sim', 'flaky.yaml', '--seeds', '1', '--strict', '--set'];
    const missed = await folder.windtunnel([...strict, 'slo.latency.p99=1ms']);
    expect(missed.code).toBe(99);
    expect(missed.stderr).toContain('SLO missed by "without breaker": p99 latency');
    const met = await folder.windtunnel([...strict, 'slo.latency.p99=1h']);
    expect(met.code).toBe(0);
  });
});

describe('Ctrl-C', () => {
  test('keeps whole seeds, says that the results are incomplete and exits with 130', async () => {
    const folder = folderWith({ 'long.yaml': LONG });
    let isPressed = false;
    const { code, stderr } = await folder.windtunnel(['sim', 'long.yaml', '--workers', '2'], {
      env: { NODE_OPTIONS: `--import=data:text/javascript,${TELL_THREADS}` },
      watch: (child, told) => {
        if (isPressed || !/[1-9]\d* of \d+ runs/.test(told)) return;
        isPressed = true;
        child.kill('SIGINT');
      },
    });
    expect(code, stderr).toBe(130);
    const [before, after] = stderr.split('stopping');
    expect(before).toContain('a thread starts');
    expect(after).not.toContain('a thread starts');
    const { complete, contenders } = resultsIn(folder, 'reports/long.json');
    expect(complete).toBe(false);
    expect(contenders[0]!.runs.length).toBeGreaterThan(0);
    const seeds = contenders[0]!.runs.map(({ seed }) => seed);
    expect(seeds).toEqual([...new Set(seeds)].sort((a, b) => a - b));
  });

  test('writes nothing, and says so, when no seed is finished', async () => {
    const folder = folderWith({ 'long.yaml': LONG });
    let isPressed = false;
    const { code, stderr } = await folder.windtunnel(
      ['sim', 'long.yaml', '--set', 'duration=100h'],
      {
        watch: (child, told) => {
          if (isPressed || !told.includes('workers')) return;
          isPressed = true;
          child.kill('SIGINT');
        },
      },
    );
    expect(code).toBe(130);
    expect(stderr).toContain('nothing was written');
    expect(folder.files()).toEqual(['long.yaml']);
  });
});

/** Has the process say on stderr whenever it starts a thread. */
const TELL_THREADS = "process.on('worker',()=>process._rawDebug('a%20thread%20starts'))";

const withoutEnvironment = (text: string): string =>
  text.replace(/^ "environment": \{[^}]*\},$/m, '');
