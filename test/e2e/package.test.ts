/** What `npm pack` makes, installed into an empty folder: the command runs there, and the types are found. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PACKED_FROM = [
  'src',
  'docs',
  'scenarios',
  'LICENSE',
  'README.md',
  'package.json',
  'scenario.schema.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const FIVE_MINUTES = 300_000;

const folder = mkdtempSync(join(tmpdir(), 'windtunnel-package-'));
const user = join(folder, 'user');

const run = async (command: string, words: readonly string[], cwd: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(command, words, { cwd, maxBuffer: 2 ** 26 });
  return stdout;
};

const write = (file: string, text: string): void => writeFileSync(join(user, file), text);

beforeAll(async () => {
  // A copy, so that neither an old dist is packed nor a new one left behind.
  const source = join(folder, 'source');
  for (const path of PACKED_FROM) cpSync(join(ROOT, path), join(source, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  mkdirSync(user);
  write('package.json', '{ "private": true, "type": "module" }');
  await run('npm', ['pack', '--pack-destination', user], source);
  const [tarball] = readdirSync(user).filter((file) => file.endsWith('.tgz'));
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`],
    user,
  );
}, FIVE_MINUTES);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('holds the built code, its types, the scenarios and the docs, and no sources or tests', () => {
  const installed = join(user, 'node_modules/mcp-windtunnel');
  expect(readdirSync(installed).sort()).toEqual([
    'LICENSE',
    'README.md',
    'dist',
    'docs',
    'package.json',
    'scenario.schema.json',
    'scenarios',
  ]);
});

test(
  'simulates a scenario on worker threads',
  async () => {
    write(
      'tiny.yaml',
      'duration: 10s\nseeds: 2\ntraffic: { arrivals: { poisson: { rate: 50/s } } }\nservers: { count: 2 }\n',
    );
    const told = await run('npx', ['windtunnel', 'sim', 'tiny.yaml', '--workers', '2'], user);
    expect(told).toContain('reports/tiny.html');
    expect(readdirSync(join(user, 'reports')).sort()).toEqual([
      'tiny.csv',
      'tiny.html',
      'tiny.json',
      'tiny.md',
    ]);
  },
  FIVE_MINUTES,
);

test(
  'has types that a strict program finds, and code that does what they say',
  async () => {
    write('consumer.ts', CONSUMER);
    write('tsconfig.json', JSON.stringify({ compilerOptions: STRICT, include: ['consumer.ts'] }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    expect(await run(process.execPath, [tsc, '-p', '.'], user)).toBe('');
    expect(await run(process.execPath, ['consumer.js'], user)).toBe('http://a closed scale_up\n');
  },
  FIVE_MINUTES,
);

const STRICT = {
  strict: true,
  target: 'ES2023',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  exactOptionalPropertyTypes: true,
  types: [],
};

const CONSUMER = `
import { AutoScaler, CircuitBreaker, LoadBalancer, ResilientLoadBalancer, type Lease } from 'mcp-windtunnel';

const balancer: LoadBalancer = new ResilientLoadBalancer({ servers: ['http://a'], strategy: 'least_connections' });
const lease: Lease = balancer.getServer();
balancer.releaseServer(lease, 'timeout');
const breaker = new CircuitBreaker({ failureThreshold: 2, recoveryTimeout: '10s' });
breaker.recordFailure();
const scaler = new AutoScaler({ maxInstances: 4 }, balancer);
const action: 'scale_up' | 'scale_down' | null = scaler.evaluate({
  avgLatencyMs: 900, requestsPerSecond: 10, activeConnections: 5, errorRate: 0, queueDepth: 0,
});
// @ts-expect-error the strategy is misspelt
export const wrong = (): LoadBalancer => new LoadBalancer({ servers: [], strategy: 'least_connection' });
console.log(lease.url, breaker.state, action);
`;
