/** What `npm pack` makes, installed into an empty folder: the command runs there, and the types are found. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
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

/** What a verb prints whose driver may have been late, as exit code 97 says: what it wrote is there all the same. */
const onBusyMachine = async (words: readonly string[]): Promise<string> => {
  try {
    return await run('npx', ['windtunnel', ...words], user);
  } catch (error) {
    const { code, stdout } = error as { readonly code?: unknown; readonly stdout?: string };
    if (code !== 97 || stdout === undefined) throw error;
    return stdout;
  }
};

/** Begins a verb that runs until it is told to end; `told` is what it prints at the group of `pattern`. */
const begin = (words: readonly string[], pattern: RegExp) => {
  const bin = join(user, 'node_modules/.bin/windtunnel');
  const child = spawn(bin, words, { cwd: user, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let printed = '';
  const told = new Promise<string>((resolve, reject) => {
    const hear = (text: string): void => {
      const found = pattern.exec((printed += text));
      if (found !== null) resolve(found[1]!);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.on('exit', (code) => reject(new Error(`exit ${code}: ${printed}`)));
  });
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  return { told, end };
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

afterAll(() => rmSync(folder, { recursive: true, force: true }), FIVE_MINUTES);

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
  'runs a scenario live, in processes of its own',
  async () => {
    write('short.yaml', SHORT);
    const told = await onBusyMachine(['live', 'short.yaml', '--journal', 'j']);
    expect(told).toContain('reports/short-live.html');
    const replayed = await run('npx', ['windtunnel', 'replay', 'j'], user);
    expect(replayed).toMatch(/identical|same/);
  },
  FIVE_MINUTES,
);

test(
  'serves a gateway in front of a server, which load is put on',
  async () => {
    const server = begin(['server', '--port', '0', '--work', '1ms'], /MCP at (\S+),/);
    const url = await server.told;
    write('gateway.yaml', `servers: [${url}]\nlisten: 127.0.0.1:0\n`);
    const gateway = begin(['gateway', 'gateway.yaml'], /serving MCP at (\S+?)"/);
    try {
      const words = ['load', await gateway.told, '--rate', '20/s', '--duration', '3s'];
      const told = await onBusyMachine([...words, '--out', 'load']);
      expect(told).toContain('load.json');
      const { contenders } = JSON.parse(readFileSync(join(user, 'load.json'), 'utf8')) as Loaded;
      expect(contenders[0]!.metrics.errorRate.mean).toBe(0);
    } finally {
      await Promise.all([gateway.end(), server.end()]);
    }
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

interface Loaded {
  readonly contenders: readonly {
    readonly metrics: { readonly errorRate: { readonly mean: number } };
  }[];
}

const SHORT = `
duration: 3s
warmup: 0
seeds: 1
traffic: { arrivals: { poisson: { rate: 20/s } }, calls: { search: { work: 20ms } } }
servers: { count: 2 }
`;

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
