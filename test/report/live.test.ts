import { beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderText } from '../../src/report/text.ts';
import type { Results } from '../../src/results/results.ts';
import { twinRows } from '../../src/results/twin.ts';
import { makeResults } from './fixture.ts';

const LAG = { p50: 0.2, p99: 1.5, max: 12, limit: 5, valid: true };

const liveResults = (): Results => {
  const results = makeResults();
  const { contenders } = results;
  const foretold = contenders.map((contender) => ({
    ...contender,
    metrics: {
      ...contender.metrics,
      latencyMsP99: { mean: contender.metrics.latencyMsP99!.mean * 1.08, low: null, high: null },
    },
  }));
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

test('a simulated report speaks of no driver and has no twin', async () => {
  const html = await renderHtml(makeResults());
  expect(html).not.toContain('driver late');
  expect(html).not.toContain('<section id="twin">');
});
