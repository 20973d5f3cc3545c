/**
 * The page in a real browser: what escaping and content policy promise, and what the script adds. Needs a Chromium of
 * the system's; it is never downloaded.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderCsv } from '../../src/report/csv.ts';
import { renderHtml } from '../../src/report/html.ts';
import { launchChromium } from './chromium.ts';
import { makeResults, type FixtureOptions } from './fixture.ts';

/** Installing a browser takes its time. */
const PATIENCE_MS = 300_000;

/** A text in a drawing: its size on the screen, and where it begins and ends, in pixels. */
interface ChartText {
  readonly text: string;
  readonly size: number;
  readonly left: number;
  readonly right: number;
}
const CHART_TEXTS = `[...document.querySelectorAll('figure > svg text')].map((text) => {
  const svg = text.ownerSVGElement;
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const { left, right } = text.getBoundingClientRect();
  const size = parseFloat(text.getAttribute('font-size')) * scale;
  return { text: text.textContent, size, left, right };
})`;

describe('the page in Chromium', () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'windtunnel-report-'));
  beforeAll(async () => {
    browser = await launchChromium();
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a report; whatever the console says and whatever is fetched ends up in `heard`. */
  const open = async (
    options: FixtureOptions,
    width = 1280,
  ): Promise<{ page: Page; heard: string[] }> => {
    const file = join(folder, `${JSON.stringify(options).replace(/\W+/g, '-')}.html`);
    writeFileSync(file, await renderHtml(makeResults(options)));
    const page = await browser.newPage({ viewport: { width, height: 844 } });
    const heard: string[] = [];
    page.on('console', (message) => heard.push(message.text()));
    page.on('pageerror', (error) => heard.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== `file://${file}`) heard.push(request.url());
    });
    await page.goto(`file://${file}`);
    return { page, heard };
  };

  test('runs no text of a scenario, fetches nothing and complains of nothing', async () => {
    const { page, heard } = await open({ contenders: 8, hostile: true });
    for (const row of await page.locator('figure svg [aria-label]').all())
      await row.dispatchEvent('pointermove');
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(heard).toEqual([]);
    expect(await page.locator('img, iframe, object').count()).toBe(0);
  });

  test('never scrolls sideways, on a phone or a desk', async () => {
    for (const width of [390, 1280])
      for (const options of [{ contenders: 5 }, { contenders: 8, hostile: true }]) {
        const { page } = await open(options, width);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
  });

  test('fits A4 in print', async () => {
    const matrix = [
      { path: 'health.interval', values: ['5s', '10s', '30s'] },
      { path: 'health.unhealthy', values: ['1', '2', '3'] },
    ];
    // A4 within margins of 1 cm.
    const { page } = await open({ matrix }, 718);
    await page.emulateMedia({ media: 'print' });
    const width = "document.querySelector('#leaderboard .scroll').scrollWidth";
    expect(await page.evaluate(width)).toBeLessThanOrEqual(718);
  });

  test('sorts the leaderboard by a click, and back by another', async () => {
    const { page } = await open({ contenders: 5 });
    const board = page.locator('#leaderboard');
    const first = (): Promise<string> =>
      board.locator('tbody tr').first().locator('td').nth(1).innerText();
    expect(await first()).toContain('breaker and retry budget');
    await board.getByRole('button', { name: 'server-seconds' }).click();
    expect(await first()).toContain('without breaker');
    await board.getByRole('button', { name: 'server-seconds' }).click();
    expect(await first()).toContain('breaker and retry budget');
  });

  test('shows one contender at a time in tabs', async () => {
    const { page } = await open({ contenders: 5 });
    const tabs = page.getByRole('tab');
    expect(await tabs.count()).toBe(5);
    await tabs.nth(1).click();
    expect(await page.locator('details.part[open]').count()).toBe(1);
    expect(await page.locator('details.part[open] dd').nth(1).innerText()).toBe(
      'counter: failures 5, recovery 30s',
    );
  });

  test('tells the figures under the pointer', async () => {
    const { page } = await open({});
    const panel = page.locator('#over-time figure > svg').nth(2);
    await panel.scrollIntoViewIfNeeded();
    await panel.hover();
    expect(await page.locator('.tip').innerText()).toMatch(
      /min\nwithout breaker: [\d,]+ ms\ncounter breaker: \d+ ms/,
    );
  });

  test('keeps the tooltip off the spot under the pointer, at the right edge too', async () => {
    const { page } = await open({});
    const panel = page.locator('#over-time figure > svg').nth(3);
    await panel.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await panel.boundingBox())!;
    for (const place of [0.2, 0.5, 0.95]) {
      const at = { x: x + width * place, y: y + height / 2 };
      await page.mouse.move(at.x, at.y);
      const tip = (await page.locator('.tip').boundingBox())!;
      expect(tip.x > at.x || tip.x + tip.width < at.x).toBe(true);
      expect(tip.x + tip.width).toBeLessThanOrEqual(1280);
    }
  });

  test('writes nothing in a chart smaller than 9 pixels, or beyond its edge', async () => {
    for (const options of [
      { contenders: 6 },
      {
        matrix: [
          { path: 'breaker.counter.failures', values: ['1', '2', '3', '5', '8', '10'] },
          { path: 'breaker.counter.recovery', values: ['5s', '15s'] },
        ],
      },
    ]) {
      const { page } = await open(options, 390);
      const texts = await page.evaluate<ChartText[]>(CHART_TEXTS);
      expect(texts.length).toBeGreaterThan(50);
      const bad = texts.filter(({ size, left, right }) => size < 9 || left < 0 || right > 390);
      expect(bad).toEqual([]);
    }
  });

  test('downloads the CSV that the command line writes, to six digits', async () => {
    const { page } = await open({ contenders: 8, hostile: true });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
    const written = renderCsv(makeResults({ contenders: 8, hostile: true })).split('\r\n');
    expect(lines.map(labels)).toEqual(written.map(labels));
    expect(lines.map(figure)).toEqual(written.map(figure));
  });
});

const labels = (line: string): string => line.slice(0, line.lastIndexOf(','));
const figure = (line: string): number =>
  Number(Number(line.slice(line.lastIndexOf(',') + 1)).toPrecision(6));
