import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { unbroken } from '../../src/report/unbroken.ts';
import { makeResults } from './fixture.ts';

describe('the Markdown report', () => {
  test('gives question, answer, leaderboard and the command that reproduces it', () => {
    const report = renderMarkdown(makeResults());
    const { scenario, answer, command } = makeResults();
    expect(report).toMatch(`### ${scenario.question}\n\n**${unbroken(answer)}**`);
    expect(report).toContain(
      '| 1 | counter breaker | 1.21 %<br>[1.09 to 1.33 %]<br>−83.1 % **better** |',
    );
    expect(report).toContain('| 2 | without breaker (baseline) |');
    expect(report).toContain(`\`\`\`sh\n${command}\n\`\`\``);
  });

  test('ticks objectives and warns of an interruption', () => {
    const report = renderMarkdown(makeResults({ complete: false, seeds: 4 }));
    expect(report).toContain('❌ error rate ≤ 1 %');
    expect(report).toContain('> [!WARNING]\n> - The run was interrupted');
  });

  test('has rows with equally many cells, whatever the names', () => {
    const report = renderMarkdown(makeResults({ contenders: 8, hostile: true }));
    const tables = report.split('\n\n').filter((block) => block.includes('| --- |'));
    expect(tables.length).toBe(2);
    for (const table of tables) {
      const rows = table.split('\n').filter((line) => line.startsWith('|'));
      expect(new Set(rows.map((row) => row.match(/(?<!\\)\|/g)!.length)).size).toBe(1);
    }
  });

  test('lets no HTML, link, code or mention through', () => {
    const report = renderMarkdown(makeResults({ contenders: 8, hostile: true }));
    const outside = report.replace(/```sh\n[\s\S]*?```/, '');
    expect(
      [...new Set([...outside.matchAll(/<\/?([a-z]+)/gi)].map(([, tag]) => tag))].sort(),
    ).toEqual(['br', 'details', 'summary']);
    expect(outside).not.toMatch(/(?<!\\)\]\(javascript/);
    expect(outside).not.toContain('@cmd');
    expect(outside).not.toMatch(/`/);
  });

  test('tells what was taken from manifests and what was assumed, as the page does', () => {
    const results = makeResults();
    const manifests = [
      {
        files: [{ file: 'deploy.yaml', sha256: '' }],
        contender: null,
        taken: [{ key: 'servers.count', value: 3, from: 'spec.replicas', at: 'deploy.yaml:7:3' }],
        assumed: [{ text: '```8 slots``` a server' }],
        overruled: [],
        skipped: [],
      },
    ];
    const report = renderMarkdown({ ...results, scenario: { ...results.scenario, manifests } });
    expect(report).toContain('<summary>What the Kubernetes manifests said');
    expect(report).toContain(
      [
        '````text',
        'From deploy.yaml:',
        '  servers.count: 3  <- spec.replicas (deploy.yaml:7:3)',
        'Assumed:',
        '  ```8 slots``` a server',
        '````',
      ].join('\n'),
    );
    expect(renderMarkdown(results)).not.toContain('Kubernetes');
  });

  test('fences a command that holds fences itself', () => {
    const report = renderMarkdown({ ...makeResults(), command: 'sim ```` x' });
    expect(report).toContain('`````sh\nsim ```` x\n`````');
  });

  test('bounds its rows and says so', () => {
    const report = renderMarkdown(makeResults({ contenders: 40 }));
    expect(report).toContain('further contenders are in the results file');
    expect(report.length).toBeLessThan(60_000);
  });
});
