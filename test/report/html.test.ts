import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html.ts';
import { unbroken } from '../../src/report/unbroken.ts';
import { HOSTILE, makeResults, type FixtureOptions } from './fixture.ts';

const page = (options: FixtureOptions): Promise<string> => renderHtml(makeResults(options));
const TWO_AXES = [
  { path: 'breaker.counter.failures', values: ['2', '3', '5', '8', '12'] },
  { path: 'breaker.counter.recovery', values: ['5s', '15s', '30s', '60s'] },
];

describe('the page', () => {
  let two = '';
  let matrix = '';
  beforeAll(async () => {
    two = await page({});
    matrix = await page({ matrix: TWO_AXES });
  });

  test('opens with the question as title and heading, then the answer', () => {
    const { scenario, answer } = makeResults();
    expect(two).toContain(`<title>${scenario.question}</title>`);
    const [heading, sentence, table] = [
      `<h1>${scenario.question}`,
      unbroken(answer),
      'id="leaderboard"',
    ].map((text) => two.indexOf(text, two.indexOf('<body>')));
    expect(heading).toBeGreaterThan(0);
    expect(sentence).toBeGreaterThan(heading!);
    expect(table).toBeGreaterThan(sentence!);
  });

  test('has its sections in the order in which a reader asks', () => {
    expect(sectionsOf(two)).toEqual([
      'leaderboard',
      'trade-offs',
      'tails',
      'over-time',
      'details',
      'method',
      'data',
    ]);
    expect(sectionsOf(matrix).slice(0, 3)).toEqual(['leaderboard', 'sensitivity', 'trade-offs']);
  });

  test('names policies and distributions in words', () => {
    expect(two).toContain('<dd>counter: failures 5, recovery 30s</dd>');
    expect(two).toContain('<dd>attempts 2, backoff 50ms</dd>');
  });

  test('ticks each objective of each contender in words', () => {
    expect(two.match(/✓ met|✗ missed/g)).toHaveLength(4);
  });

  test('folds the objectives where many contenders meet them all, and names the limits once', async () => {
    const results = makeResults({ contenders: 5 });
    const contenders = results.contenders.map((contender) => ({
      ...contender,
      slo: contender.slo.map((row) => ({ ...row, met: true })),
    }));
    const html = await renderHtml({ ...results, contenders });
    const objectives = /<section class="slo"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
    const text = objectives.replace(/\s+/g, ' ');
    expect(text).toContain('5 of 5 contenders meet all: p99 latency ≤ 500 ms, error rate ≤ 1 %');
    expect(objectives.indexOf('✓ met')).toBeGreaterThan(objectives.indexOf('<details>'));
    expect(two).not.toContain('Each of them');
  });

  test('says better and worse in words, not in colour alone', () => {
    expect(two).toMatch(/class="change better"[^>]*>−[\d.]+ % better</);
  });

  test('gives every chart a text alternative, a caption and a table', () => {
    for (const html of [two, matrix]) {
      const charts = html.split('<figure class="chart">').slice(1);
      expect(charts.length).toBeGreaterThan(8);
      for (const chart of charts) {
        expect(chart).toMatch(/<svg role="img" aria-label="[^"]{30,}"/);
        expect(chart).toMatch(/<figcaption>[^<]{20,}/);
        expect(chart).toMatch(/<details class="data">[\s\S]*<td>/);
      }
    }
  });

  test('shades faults in every panel over time and tells them apart in words', () => {
    expect(two).toContain('errors 50% on s1, s2 <span>1 to 3 min</span>');
    expect(two.match(/fill="var\(--fault\)"/g)!.length).toBeGreaterThanOrEqual(14);
  });

  test('marks the best cell, what is not told apart from it, and where the SLO ends', () => {
    expect(matrix).toContain('★ ');
    expect(matrix).toContain('url(#hatch)');
    expect(matrix).toMatch(/stroke="var\(--slo\)" stroke-width="3.5"/);
  });

  test('draws a curve for a matrix of one axis and no forest without a baseline to compare', async () => {
    expect(await page({ matrix: TWO_AXES.slice(0, 1) })).toContain(
      'error rate over breaker.counter.failures',
    );
    const one = await page({ contenders: 1 });
    expect(sectionsOf(one)).not.toContain('trade-offs');
    expect(one).not.toMatch(
      /Differences are paired|share a rank|every contender|nobody has a rank/,
    );
  });

  test('shows the scenario verbatim and the command that reproduces it', () => {
    const { source, command } = makeResults();
    expect(two).toContain(`<code>${source.text}</code>`);
    expect(two).toContain(`<code>${command}</code>`);
  });

  test('says so when the run was interrupted', async () => {
    expect(await page({ complete: false })).toContain('<strong>Incomplete.</strong>');
    expect(two).not.toContain('Incomplete.');
  });

  test('is the same bytes each time', async () => {
    expect(await page({})).toBe(two);
  });

  test('asks nothing of the network, and its policy admits this style and this script alone', () => {
    expect(two).not.toMatch(/(?:src|href)="(?!#)|url\((?!#)|@import|xlink/);
    expect(two).not.toMatch(/ style="| on\w+="/);
    for (const tag of ['style', 'script']) {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(two)?.[1] ?? '';
      const hash = createHash('sha256').update(text).digest('base64');
      expect(two).toContain(`${tag}-src 'sha256-${hash}'`);
    }
  });

  test('keeps its script below 6 kB', () => {
    const script = /<script>([\s\S]*?)<\/script>/.exec(two)?.[1] ?? '';
    expect(script.length).toBeGreaterThan(1000);
    expect(script.length).toBeLessThan(6000);
  });

  test('embeds data that parses and carries every run', () => {
    const data = dataOf(two) as {
      metricNames: string[];
      contenders: { name: string; runs: number[][] }[];
    };
    expect(data.contenders.map(({ name }) => name)).toEqual(['without breaker', 'counter breaker']);
    expect(data.contenders[0]!.runs).toHaveLength(10);
    expect(data.contenders[0]!.runs[0]).toHaveLength(1 + data.metricNames.length);
  });
});

describe('a page that must stay small', () => {
  test.each<[string, FixtureOptions]>([
    ['40 contenders with 100 notes and 60 servers', { contenders: 40, notes: 120, servers: 60 }],
    ['40 contenders and 100 seeds', { contenders: 40, seeds: 100 }],
    [
      'a matrix of 12 x 12 x 2',
      {
        matrix: [
          { path: 'a', values: Array.from({ length: 12 }, (_, index) => `${index}`) },
          { path: 'b', values: Array.from({ length: 12 }, (_, index) => `${index}s`) },
          { path: 'c', values: ['on', 'off'] },
        ],
      },
    ],
  ])('holds %s in less than 1 MB and says what it left out', async (_name, options) => {
    const html = await page(options);
    expect(Buffer.byteLength(html)).toBeLessThan(1_000_000);
    expect(html).toMatch(/Shown: \d+ of \d+ contenders/);
    const { leftOut } = dataOf(html) as { leftOut: string[] };
    expect(leftOut.length).toBeGreaterThan(1);
  });
});

describe('a scenario that attacks its readers', () => {
  const matrix = [
    { path: HOSTILE[1], values: [HOSTILE[0], '__proto__', HOSTILE[2]] },
    { path: 'constructor', values: ['toString', HOSTILE[3]] },
  ];
  test.each<[string, FixtureOptions]>([
    ['names, notes, labels and text', { contenders: 8, hostile: true }],
    ['the axes of a matrix', { matrix, hostile: true }],
    ['the only axis of a matrix', { matrix: matrix.slice(0, 1), hostile: true }],
  ])('gets no markup through by %s', async (_name, options) => {
    const html = await page(options);
    expect(tagsOf(html)).not.toContain('img');
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(html).not.toContain('<!--');
    for (const tag of html.match(/<[a-z][^>]*>/g) ?? [])
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\son\w+\s*=/);
  });

  test('is shown as it was written, and embedded without loss', async () => {
    const html = await page({ contenders: 8, hostile: true });
    expect(html).toContain('&lt;img src=x onerror=window.pwned=1&gt;');
    const { contenders } = dataOf(html) as { contenders: { name: string }[] };
    expect(contenders.map(({ name }) => name)).toEqual([...HOSTILE]);
  });
});

describe('results with little in them', () => {
  test('make a page without charts when nothing ran', async () => {
    const results = makeResults();
    const html = await renderHtml({
      ...results,
      complete: false,
      faults: [],
      comparisons: [],
      contenders: results.contenders.map((contender) => ({
        ...contender,
        runs: [],
        metrics: {},
        percentiles: [],
        series: { binMs: 1000, at: [], bands: {} },
        tools: [],
        servers: [],
        sessions: null,
        strips: [],
        slo: [],
      })),
    });
    expect(html).toContain('Incomplete.');
    expect(sectionsOf(html)).toEqual(['leaderboard', 'details', 'method', 'data']);
  });

  test('show means without intervals for a single seed', async () => {
    const html = await page({ seeds: 1 });
    expect(html).toContain('1 seed each');
    expect(html).not.toMatch(/Means over seeds;|averaged over seeds|t intervals/);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });
});

const sectionsOf = (html: string): (string | undefined)[] =>
  [...html.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);

const tagsOf = (html: string): Set<string | undefined> =>
  new Set([...html.matchAll(/<([a-z]+)/g)].map(([, tag]) => tag));

const dataOf = (html: string): unknown =>
  JSON.parse(
    /<script type="application\/json" id="results">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '',
  );
