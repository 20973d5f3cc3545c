/** A server that is killed under load: real processes behind the gateway, and SIGKILL. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { FromServer, ToServer } from '../../src/live/fake/messages.ts';
import { MODERN_META } from './fake-host.ts';
import { settings } from './fake-settings.ts';
import { modernHeaders, send, until } from './gateway-rig.ts';
import { Opened, underWay } from './trouble-rig.ts';

const ENTRY = fileURLToPath(new URL('../../src/cli/processes/server.ts', import.meta.url));

const opened = new Opened();
afterAll(() => opened.close());

interface FakeProcess {
  readonly child: ChildProcess;
  readonly url: string;
}

/** A fake server whose calls take 100 ms. */
const startProcess = async (): Promise<FakeProcess> => {
  const child = fork(ENTRY, [], {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  opened.keep({ close: () => child.kill('SIGKILL') });
  const options = { ...settings({ work: 100, slots: 100 }), port: 0, epoch: Date.now() };
  child.send({ kind: 'configure', options } satisfies ToServer);
  const [told] = (await once(child, 'message')) as [FromServer];
  if (told.kind !== 'listening') throw new Error(`heard ${told.kind}`);
  return { child, url: `http://127.0.0.1:${told.port}/mcp` };
};

test('loses what was in flight there and must not be repeated, and nothing else', async () => {
  const servers = await Promise.all([startProcess(), startProcess(), startProcess()]);
  const rig = await opened.gateway(
    servers,
    'traffic: { retries: { attempts: 3, backoff: 1ms } }\nhealth: { interval: 200ms, timeout: 150ms, unhealthy: 2 }\n',
  );
  const victim = rig.served.world.roster.all[0]!;
  const calls = Array.from({ length: 200 }, async (_, k) => {
    await new Promise((resolve) => setTimeout(resolve, 4 * k));
    const tool = k % 2 === 0 ? 'call' : 'pay';
    const text = `mine is ${k}`;
    const params = { name: tool, arguments: { text }, _meta: MODERN_META };
    const body = JSON.stringify({ jsonrpc: '2.0', id: k, method: 'tools/call', params });
    return {
      tool,
      text,
      got: await send(rig.port, { headers: modernHeaders('tools/call', tool), body }),
    };
  });
  await new Promise((resolve) => setTimeout(resolve, 400));
  const inFlight = victim.upstream!.inFlight;
  servers[0].child.kill('SIGKILL');
  const answered = await Promise.all(calls);
  const lost = answered.filter(({ got }) => got.status !== 200);
  expect(lost.length).toBeGreaterThan(0);
  // A few more may have been sent to it before its end was noticed.
  expect(lost.length).toBeLessThanOrEqual(inFlight + 3);
  for (const { tool, got } of lost)
    expect([tool, got.status, got.json.error?.data?.reason]).toEqual(['pay', 502, 'reset']);
  for (const { text, got } of answered) {
    if (got.status === 200) expect(got.json.result?.['content']).toEqual([{ type: 'text', text }]);
  }
  expect(underWay(rig)).toBe(0);
  await until(() => !victim.healthy);
});
