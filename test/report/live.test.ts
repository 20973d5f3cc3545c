import { beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { columns } from '../../src/report/terminal.ts';
import { renderText } from '../../src/report/text.ts';
import type { Results } from '../../src/results/results.ts';
import { twinRows } from '../../src/results/twin.ts';
import { makeResults, type FixtureOptions } from './fixture.ts';

const LAG = { p50: 0.2, p99: 1.5, max: 12, limit: 5, valid: true };

/** The simulator is 5 % below in p90, 8 % above in p99, and 0.4 points above in errors; p50 it has exactly. */
const liveResults = (options: FixtureOptions = {}): Results => {
  const results = makeResults(options);
  const { contenders } = results;
  const foretold = contenders.map((contender) => {
    const { latencyMsP90, latencyMsP99, errorRate } = contender.metrics;
    return {
      ...contender,
      metrics: {
        ...contender.metrics,
        latencyMsP90: { mean: latencyMsP90!.mean * 0.95, low: null, high: null },
        latencyMsP99: { mean: latencyMsP99!.mean * 1.08, low: null, high: null },
        errorRate: { mean: errorRate!.mean + 0.004, low: null, high: null },
      },
    };
  });
  return {
    ...results,
    mode: 'live',
    lag: contenders.map(({ name }) => ({ contender: name, ...LAG })),
    twin: twinRows(contenders, foretold),
  };
};

describe('a live report', () => {
  let html = '';
  beforeAll(async () => {
    html = await renderHtml(liveResults());
  });

  test('is headed live, with the driver’s own lateness', () => {
    const head = html.slice(html.indexOf('<header'), html.indexOf('</header>'));
    expect(head).toContain('measured on real processes');
    expect(head).toContain('driver late by p50 0.2 ms, p99 1.5 ms, max 12 ms');
  });

  test('lays the simulated percentiles over the live ones, and says how far off they are', () => {
    const section = html.slice(html.indexOf('<section id="twin">'));
    expect(section).toContain('Solid lines are live, dashed ones simulated.');
    expect(section.slice(0, section.indexOf('</section>'))).toContain('+8 %');
    expect(html).toContain('<a href="#twin">');
  });

  test('says in terminal and Markdown too that it was measured', () => {
    const sentence = 'Live: measured on real processes; driver late by';
    expect(renderText(liveResults(), { width: 100, color: false })).toContain(sentence);
    expect(renderMarkdown(liveResults())).toContain(sentence);
  });
});

describe('an invalid run', () => {
  const results = liveResults();
  const late = {
    ...results,
    lag: results.lag!.map((row) => ({ ...row, p99: 110, max: 200, valid: false })),
  };

  test('is called so in title, banner, answer and objectives of the page', async () => {
    const html = await renderHtml(late);
    expect(html).toContain(`<title>Invalid: ${results.scenario.question}</title>`);
    expect(html).toContain('<strong>Invalid.</strong>');
    expect(html).toContain('<p class="answer">This run is invalid: the driver fell behind');
    expect(html).toContain('but the run is invalid</small');
    expect(await renderHtml(results)).not.toMatch(/invalid[.:]|Invalid/);
  });

  test('is called so in terminal and Markdown', () => {
    const text = renderText(late, { width: 100, color: false });
    expect(text).toContain('This run is invalid: the driver fell behind');
    const report = renderMarkdown(late);
    expect(report).toContain('**This run is invalid: the driver fell behind');
    expect(report).toContain('| SLO (run invalid) |');
    expect(renderMarkdown(results)).not.toContain('invalid');
  });
});

describe('live against simulated in the terminal', () => {
  const section = (results: Results, width: number, color = false): string => {
    const text = renderText({ ...results, answer: 'Yes.' }, { width, color });
    return text.slice(text.indexOf('Live against simulated'), text.lastIndexOf('Yes.'));
  };

  test('gives percentiles live, simulated and relative, and the error rate in points', () => {
    expect(section(liveResults(), 120).trimEnd().split('\n')).toEqual([
      'Live against simulated',
      'contender              p50 latency  p90 latency  p99 latency   error rate',
      'counter breaker, live      56.6 ms       245 ms       499 ms       1.21 %',
      '  simulated                56.6 ms       233 ms       538 ms       1.61 %',
      '  off by                       0 %         −5 %         +8 %  +0.4 points',
      'without breaker, live      59.1 ms       297 ms     1,187 ms       7.14 %',
      '  simulated                59.1 ms       282 ms     1,282 ms       7.54 %',
      '  off by                       0 %         −5 %         +8 %  +0.4 points',
      '',
      'Off by: (simulated - live) / live; shares in points. The same seeds in the simulator: the same requests at the same',
      'instants with the same work and the same faults. Means over seeds.',
    ]);
  });

  test('shows the same at 60 columns in two blocks, and keeps every line within any width', () => {
    const figures = (width: number): string[] =>
      (section(liveResults(), width).match(/[\d,.]+ (?:ms|%|points)/g) ?? []).sort();
    expect(figures(60)).toEqual(figures(120));
    expect(section(liveResults(), 60).match(/^contender/gm)).toHaveLength(2);
    for (const width of [40, 60, 80, 120])
      for (const options of [{}, { contenders: 5 }, { contenders: 8, hostile: true }])
        for (const line of section(liveResults(options), width).split('\n'))
          expect(columns(line), line).toBeLessThanOrEqual(width);
  });

  test('tells the lines of a long name apart at 40 columns', () => {
    expect(section(liveResults(), 40)).toContain(
      [
        'witho…ker, live      59.1 ms',
        '  simulated          59.1 ms',
        '  off by                 0 %',
      ].join('\n'),
    );
  });

  test('is coloured only when asked', () => {
    expect(section(liveResults(), 80)).not.toContain('\u001B');
    expect(section(liveResults(), 80, true)).toContain('\u001B[2m  simulated');
  });

  test('stands before the answer, which stays last', () => {
    const text = renderText(liveResults(), { width: 200, color: false });
    expect(text.indexOf('SLO ')).toBeLessThan(text.indexOf('Live against simulated'));
    expect(text.trimEnd().split('\n').at(-1)).toBe(liveResults().answer);
  });

  test('dashes what has no figure, and no relative error of nothing', () => {
    const results = liveResults({ contenders: 1 });
    const twin = [
      {
        contender: results.contenders[0]!.name,
        percentiles: [],
        errors: [{ metric: 'latencyMsP50', live: 0, sim: 3, error: null } as const],
      },
    ];
    expect(
      section({ ...results, twin }, 80)
        .split('\n')
        .slice(1, 5),
    ).toEqual([
      'contender              p50 latency',
      'without breaker, live         0 ms',
      '  simulated                   3 ms',
      '  off by                         –',
    ]);
    expect(renderMarkdown({ ...results, twin })).toContain(
      '| without breaker | p50 latency | 0 ms | 3 ms | – |',
    );
  });

  test('dashes a metric that one contender lacks, and leaves out one that has none of them', () => {
    const results = liveResults({ contenders: 3 });
    const [first, second, third] = results.twin!;
    const twin = [
      first!,
      { ...second!, errors: second!.errors.filter(({ metric }) => metric === 'errorRate') },
      { ...third!, errors: third!.errors.filter(({ metric }) => metric === 'attempts') },
    ];
    const text = section({ ...results, twin }, 120);
    expect(text).toMatch(
      /^contender +p50 latency +p90 latency +p99 latency +error rate\ncounter breaker, live +– +– +– +1\.21 %$/m,
    );
    expect(text).toMatch(/^ {2}off by +\+0\.4 points$/m);
    expect(text).not.toContain('failure-rate breaker');
  });
});

describe('live against simulated in Markdown', () => {
  const section = (results: Results): string => {
    const report = renderMarkdown(results);
    const from = report.indexOf('<details><summary>Live against simulated</summary>');
    return report.slice(from, report.indexOf('</details>', from));
  };

  test('gives percentiles live, simulated and relative, and the error rate in points', () => {
    expect(section(liveResults())).toContain(
      [
        '| contender | metric | live | simulated | off by |',
        '| --- | --- | --: | --: | --: |',
        '| counter breaker | p50 latency | 56.6 ms | 56.6 ms | 0 % |',
        '| counter breaker | p90 latency | 245 ms | 233 ms | −5 % |',
        '| counter breaker | p99 latency | 499 ms | 538 ms | +8 % |',
        '| counter breaker | error rate | 1.21 % | 1.61 % | +0.4 points |',
        '| without breaker | p50 latency | 59.1 ms | 59.1 ms | 0 % |',
        '| without breaker | p90 latency | 297 ms | 282 ms | −5 % |',
        '| without breaker | p99 latency | 1,187 ms | 1,282 ms | +8 % |',
        '| without breaker | error rate | 7.14 % | 7.54 % | +0.4 points |',
        '',
        'Off by: (simulated - live) / live; shares in points.',
      ].join('\n'),
    );
  });

  test('has rows with equally many cells, whatever the names', () => {
    const rows = section(liveResults({ contenders: 8, hostile: true }))
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 + 8 * 4);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g), row).toHaveLength(6);
  });

  test('shows whom the leaderboard shows, of many', () => {
    const results = liveResults({ contenders: 40 });
    expect(section(results).match(/\| p99 latency \|/g)).toHaveLength(21);
    expect(section(results)).toContain('| without breaker | p99 latency |');
    const text = renderText(results, { width: 120, color: false });
    expect(text.match(/, live /g)).toHaveLength(21);
  });
});

test('a simulated report speaks of no driver and has no twin', async () => {
  const html = await renderHtml(makeResults());
  expect(renderText(makeResults(), { width: 80, color: false })).not.toContain('simulated');
  expect(renderMarkdown(makeResults())).not.toContain('simulated');
  expect(html).not.toContain('driver late');
  expect(html).not.toContain('<section id="twin">');
});
