import { describe, expect, it } from 'vitest';
import { load } from './flaky-scenario.ts';

const scenario = (trace: string): string =>
  `servers: { count: 1 }\ntraffic:\n  arrivals: { trace: { file: day.csv${trace} } }\n`;

/** What a trace of this text and these options becomes. */
const read = (text: string, options = '') => {
  const loaded = load(scenario(options), { files: { 'scenarios/day.csv': text } });
  const { arrivals } = loaded.scenario.base.traffic;
  if (arrivals.kind !== 'trace') throw new Error('not a trace');
  const numbers = [...(loaded.inputs[arrivals.file] ?? [])];
  return { numbers, arrivals, warnings: loaded.warnings };
};

describe('a trace', () => {
  it('of text timestamps keeps their 100 ns, rounded to whole microseconds', () => {
    // The head of Azure's LLM inference trace (code), 2023.
    const { numbers, arrivals } = read(`TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:17:03.9799600,4808,10
2023-11-16 18:17:04.0319600,3180,8
2023-11-16 18:17:04.0781490,110,27
`);
    expect(numbers).toEqual([0, 52, 98.189]);
    expect(arrivals).toMatchObject({ file: 'day.csv', counts: null, scale: 1 });
    expect(arrivals.sha256).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each([
    ['with T and Z', '2024-02-29T23:59:59Z\n2024-03-01T00:00:00.5Z\n'],
    ['with zones', '2024-03-01T01:59:59+02:00\n2024-02-29T19:00:00.500-0500\n'],
    ['with a decimal comma', '2024-02-29 23:59:59\n"2024-03-01 00:00:00,5"\n'],
  ])('of timestamps %s is recognised', (_, text) => {
    expect(read(text).numbers).toEqual([0, 1500]);
  });

  it.each([
    ['ms', 1],
    ['s', 1000],
    ['us', 0.001],
    ['m', 60_000],
  ])('of numbers in %s begins at 0', (unit, ms) => {
    const { numbers } = read('timestamp_ms,input\n5000,1\n5000,2\n9000,1\n', `, unit: ${unit}`);
    expect(numbers).toEqual([0, 0, 4000 * ms]);
  });

  it('is one value a line, or a column by name or number, header or not', () => {
    expect(read('1\n2\n4\n', ', unit: ms').numbers).toEqual([0, 1, 3]);
    expect(read('a,t\n9,1\n9,3\n', ', column: t, unit: ms').numbers).toEqual([0, 2]);
    expect(read('9,1\n9,3\n', ', column: 2, unit: ms').numbers).toEqual([0, 2]);
  });

  it.each(['2xx', '95th', '5m rate', 'e', 'infinite', '-', 'time', 't (ms)'])(
    'may have a header such as %s',
    (header) => {
      expect(read(`${header}\n1\n3\n`, ', unit: ms').numbers).toEqual([0, 2]);
    },
  );

  it('may have quotes, a byte order mark, empty lines and Windows line ends', () => {
    const text = '\uFEFF"who, where","t"\r\n"a ""b"", c","1"\r\n\r\n"d",3\r\n';
    expect(read(text, ', column: t, unit: ms').numbers).toEqual([0, 2]);
  });

  it('of counts is taken in its order, whole numbers of any spelling', () => {
    // The shape of an AWS load balancer's request counts in the Numenta Anomaly Benchmark.
    const text = 'timestamp,value\n2014-04-10 00:04:00,94.0\n2014-04-10 00:09:00,56.0\n';
    const { numbers, arrivals } = read(text, ', column: value, counts: 5m, scale: 2x');
    expect(numbers).toEqual([94, 56]);
    expect(arrivals).toMatchObject({ file: 'day.csv#value', counts: 300_000, scale: 2 });
  });

  it('out of order is sorted, with a warning', () => {
    const { numbers, warnings } = read('5\n1\n3\n', ', unit: s');
    expect(numbers).toEqual([0, 2000, 4000]);
    expect(warnings).toEqual([
      'day.csv:1  the timestamps were not in order; they have been sorted',
    ]);
  });

  it('lies beside its scenario', () => {
    const text = scenario('').replace('day.csv', './traces/day.csv');
    const files = { 'a/b/traces/day.csv': '2024-01-01 00:00:00' };
    expect(load(text, { file: 'a/b/x.yaml', files }).scenario.name).toBe('x');
  });

  it.each([
    ['garbage', '1\n2\nx\n', ', unit: ms', 'day.csv:3  got `x`; allowed: a number, at least 0'],
    ['a negative', '1\n-2\n', ', unit: ms', 'day.csv:2  got `"-2"`; allowed: a number'],
    ['a gap', 'a,t\n1,\n', ', column: t, unit: ms', 'day.csv:2  got ``; allowed: a number'],
    ['a short line', 'a,t\n1\n', ', column: t, unit: ms', 'day.csv:2  no column 2 in this line'],
    [
      'a day that is none',
      '2024-01-01 00:00:00\n2024-02-31 00:00:00\n',
      '',
      'day.csv:2  got `2024-02-31',
    ],
    [
      'a first day that is none',
      '2024-02-30T00:00:00Z\n2024-03-01T00:00:00Z\n',
      '',
      'day.csv:1  got `2024-02-30T00:00:00Z`; allowed: a timestamp such as',
    ],
    [
      'a first date of another order',
      '30/02/2024 10:00\n2024-03-01T00:00:00Z\n',
      '',
      'day.csv:1  got `30/02/2024 10:00`; allowed: a timestamp such as',
    ],
    [
      'a first number beyond all',
      '1e400\n1\n',
      ', unit: ms',
      'day.csv:1  got `1e400`; allowed: a number, at least 0',
    ],
    ['a first value that is negative', '-1\n1\n', ', unit: ms', 'day.csv:1  got `"-1"`'],
    ['infinity first', '-Infinity\n1\n', ', unit: ms', 'day.csv:1  got `-Infinity`'],
    ['no number first', 'NaN\n1\n', ', unit: ms', 'day.csv:1  got `NaN`; allowed: a number'],
    ['two numbers in one first', '1.2.3\n1\n', ', unit: ms', 'day.csv:1  got `"1.2.3"`'],
    [
      'half a first request',
      '1.5\n2\n',
      ', counts: 1m',
      'day.csv:1  got `"1.5"`; allowed: a count',
    ],
    [
      'a day that is none for its only value',
      't\n2024-02-30T00:00:00Z\n',
      '',
      'day.csv:2  got `2024-02-30T00:00:00Z`; allowed: a timestamp such as',
    ],
    [
      'a number beyond all for its only value',
      't\n1e400\n',
      '',
      'day.csv:2  got `1e400`; allowed: a number, at least 0',
    ],
    ['half a request', 't\n1\n1.5\n', ', counts: 1m', 'day.csv:3  got `"1.5"`; allowed: a count'],
    ['no values', 't,u\n', ', unit: ms', 'day.csv:1  the file has no values'],
    ['nothing', '', ', unit: ms', 'day.csv:1  the file has no values'],
    [
      'numbers without unit',
      '1\n2\n',
      '',
      'flaky.yaml:3:30  the numbers in day.csv need a `unit`; allowed: ns, us, ms',
    ],
    [
      'an unknown column',
      'time,x\n1,2\n',
      ', column: tiem, unit: ms',
      'flaky.yaml:3:30  unknown column `tiem`; did you mean `time`? Allowed: time, x',
    ],
    [
      'a column too many',
      '1,2\n',
      ', column: 3, unit: ms',
      'flaky.yaml:3:30  column 3 of day.csv; allowed: 1 to 2',
    ],
    ['an unknown unit', '1\n', ', unit: sec', 'got `sec`; allowed: ns, us, ms, s, m, h, iso'],
  ])('with %s is refused with its place', (_, text, options, message) => {
    expect(() => read(text, options)).toThrow(message);
  });

  it('full of garbage is told in five lines', () => {
    try {
      read('x\n'.repeat(100), ', unit: ms');
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message.split('\n')).toHaveLength(5);
    }
  });

  it('that is a folder is the scenario’s mistake', () => {
    const readFile = (): string => {
      throw new Error('EISDIR: illegal operation on a directory, read');
    };
    expect(() => load(scenario(''), { readFile })).toThrow(
      'scenarios/flaky.yaml:3:30  `day.csv` cannot be read: EISDIR',
    );
  });
});

describe('an empirical distribution', () => {
  const text = `traffic: { arrivals: { poisson: 1/s } }
servers: { count: 1 }
network: { empirical: { file: rtt.txt, unit: us } }
`;

  it('has its samples in ms', () => {
    const { scenario, inputs } = load(text, { files: { 'scenarios/rtt.txt': '1500\n700\n' } });
    expect(scenario.base.network).toMatchObject({ kind: 'empirical', file: 'rtt.txt' });
    expect([...(inputs['rtt.txt'] ?? [])]).toEqual([1.5, 0.7]);
  });

  it('shares a file that is read alike, and refuses one that is not', () => {
    const files = { 'scenarios/rtt.txt': '1\n2\n' };
    const alike = `${text}contenders: { a: {}, b: { traffic.retries: { attempts: 2, backoff: { empirical: { file: rtt.txt, unit: us } } } } }\n`;
    expect(Object.keys(load(alike, { files }).inputs)).toEqual(['rtt.txt']);
    expect(() => load(alike.replace(/us(?= \} \} \} \} \})/, 'ms'), { files })).toThrow(
      'rtt.txt is already read as durations, us',
    );
  });
});
