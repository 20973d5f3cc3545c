/** Two workers against one: the same scenario through the real command, timed as a user would see it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCENARIO = `
question: How much do two workers help?
duration: 20m
seeds: 8
traffic: { arrivals: { poisson: { rate: 800/s } }, timeout: 2s }
servers: { count: 20, slots: 8 }
contenders: { a: { balancer: random }, b: { balancer: p2c } }
`;

export const measureWorkers = (): void => {
  const folder = mkdtempSync(join(tmpdir(), 'windtunnel-bench-'));
  const file = join(folder, 'workers.yaml');
  writeFileSync(file, SCENARIO);
  const took = (workers: number): number => {
    const out = join(folder, `w${workers}`);
    const cli = join(import.meta.dirname, '../../src/cli/main.ts');
    const args = ['--import', 'tsx', cli, 'sim', file, '--workers', `${workers}`, '--out', out];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const results = JSON.parse(readFileSync(`${out}.json`, 'utf8')) as {
      environment: { tookMs: number };
    };
    return results.environment.tookMs;
  };
  const ratios = [0, 1, 2].map(() => took(1) / took(2)).sort((a, b) => a - b);
  console.log(
    `two workers against one: ${ratios[1]!.toFixed(2)} times as fast (${ratios.map((r) => r.toFixed(2)).join(', ')})`,
  );
  rmSync(folder, { recursive: true });
};
