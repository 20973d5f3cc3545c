/** The whole way to the reader's eyes: a scenario through the command line into a report, opened from the file system. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Results } from '../../src/results/results.ts';
import { launchChromium } from '../report/chromium.ts';
import { builtProgram } from './built.ts';

const root = join(import.meta.dirname, '../..');

describe('the report of scenarios/flaky.yaml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'windtunnel-page-'));
  const out = join(folder, 'flaky');
  let browser: Browser;
  let results: Results;

  beforeAll(async () => {
    const sim = [
      builtProgram(),
      'sim',
      'scenarios/flaky.yaml',
      '--set',
      'duration=3m',
      '--out',
      out,
    ];
    const { status, stderr } = spawnSync(process.execPath, sim, {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    results = JSON.parse(readFileSync(`${out}.json`, 'utf8')) as Results;
    browser = await launchChromium();
  }, 300_000);

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const open = async (options: BrowserContextOptions) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const heard: string[] = [];
    page.on('console', (message) => heard.push(message.text()));
    page.on('pageerror', (error) => heard.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== `file://${out}.html`) heard.push(request.url());
    });
    await page.goto(`file://${out}.html`);
    return { page, heard };
  };

  for (const javaScriptEnabled of [true, false]) {
    test(`shows question, answer, leaderboard and charts ${javaScriptEnabled ? 'with' : 'without'} JavaScript, offline and in silence`, async () => {
      const { page, heard } = await open({
        javaScriptEnabled,
        offline: true,
        viewport: { width: 1280, height: 900 },
      });
      expect(await page.locator('h1').innerText()).toBe(results.scenario.question);
      expect(await page.getByText(results.answer).first().isVisible()).toBe(true);
      expect(await page.locator('#leaderboard tbody tr').count()).toBe(results.contenders.length);
      expect(await page.locator('figure svg').count()).toBeGreaterThanOrEqual(8);
      expect(heard).toEqual([]);
    });
  }

  test('answers on the first screen of a phone', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    const answer = await page.getByText(results.answer).first().boundingBox();
    expect(answer!.y + answer!.height).toBeLessThan(844);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});
