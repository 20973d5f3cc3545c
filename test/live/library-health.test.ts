/** Health checks over real HTTP, and the example as a reader would run it. */
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { probeHealth } from '../../src/live/library/health-probe.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const listen = (answer: Parameters<typeof createServer>[1]): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer(answer ?? (() => {}));
    servers.push(server);
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });

const never = new AbortController().signal;

test('a check is GET /health, whether or not the server is written with a slash', async () => {
  const asked: string[] = [];
  const url = await listen((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('fine');
  });
  expect(await probeHealth(url, 1000, never)).toEqual({ ok: true });
  expect(await probeHealth(`${url}/`, 1000, never)).toEqual({ ok: true });
  expect(asked).toEqual(['GET /health', 'GET /health']);
});

test('any status but 200 has failed', async () => {
  const url = await listen((_request, response) => response.writeHead(503).end());
  expect(await probeHealth(url, 1000, never)).toEqual({ ok: false, error: 'HTTP 503' });
});

test('silence has failed after the timeout', async () => {
  const url = await listen(() => {});
  expect(await probeHealth(url, 100, never)).toEqual({ ok: false, error: 'timeout' });
});

test('a port where nothing listens has failed', async () => {
  const url = await listen(() => {});
  servers.splice(0).forEach((server) => server.close());
  expect(await probeHealth(url, 1000, never)).toMatchObject({ ok: false, error: /ECONNREFUSED/ });
});

test('examples/balance.ts does what it says', async () => {
  const file = join(import.meta.dirname, '../../examples/balance.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    import.meta.resolve('tsx'),
    file,
  ]);
  const lines = stdout.trim().split('\n');
  expect(lines.filter((line) => line.endsWith('HTTP 500'))).toHaveLength(3);
  expect(lines.slice(9, 12).join()).not.toContain('HTTP 500');
  expect(lines.slice(12)).toEqual([
    'healthy: true, circuit: closed',
    'healthy: true, circuit: closed',
    'healthy: true, circuit: open',
    'autoscaler: scale_up, because score 0.89 > 0.8',
  ]);
});
