/** A server's word on its load, from the fake server over the wire to the door of a fleet. */
import { afterEach, expect, it } from 'vitest';
import type { LoadReport } from '../../src/core/load-report.ts';
import type { Facts } from '../../src/fleet/facts.ts';
import { startClock } from '../../src/live/clock.ts';
import { LiveWorld } from '../../src/live/gateway/live-world.ts';
import { SILENT } from '../../src/live/gateway/log.ts';
import { ToolCatalogue } from '../../src/live/gateway/tool-catalogue.ts';
import { UrlHost } from '../../src/live/gateway/url-host.ts';
import { loadText, parseLoad } from '../../src/live/mcp/load-header.ts';
import { HEADER } from '../../src/live/mcp/names.ts';
import { exchange, modern, serveFake } from './fake-host.ts';
import { settings } from './fake-settings.ts';
import { until } from './gateway-rig.ts';

const worlds: LiveWorld[] = [];
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));

/** A world in front of one server, whose fleet writes down what it is told. */
const worldBefore = async (url: URL, probe = '/health') => {
  const told: { readonly fact: string; readonly report?: LoadReport }[] = [];
  const hear =
    (fact: string) =>
    (_now: number, _server: number, report?: LoadReport): void =>
      void told.push({ fact, ...(fact === 'reported' && { report: report! }) });
  const facts = Object.fromEntries(
    ['opened', 'reported', 'probed', 'woke'].map((fact) => [fact, hear(fact)]),
  ) as unknown as Facts;
  const world = new LiveWorld({
    clock: startClock(),
    host: new UrlHost([url]),
    weights: [1],
    newWeight: 1,
    probe,
    reports: true,
    distance: null,
    tools: new ToolCatalogue(),
    log: SILENT,
    watch: { sent: () => {}, replied: () => {}, noted: () => {} },
  });
  worlds.push(world);
  await world.start0();
  world.open(facts);
  return { world, told };
};

it('survives its way through a header, and nothing else is taken for one', () => {
  const report = {
    busy: 3,
    slots: 8,
    queued: 1,
    busyMs: 1234.5678,
    finished: 99,
    failed: 2,
    latencyMs: 12.25,
  };
  expect(parseLoad(loadText(report))).toEqual({ ...report, busyMs: 1234.568 });
  for (const text of [undefined, '', '1 2 3', '1 2 3 4 5 6 x', '1 2 3 4 5 6 -7', '1 2 3 4 5 6 7 8'])
    expect(parseLoad(text)).toBeNull();
});

it.each(['/health', 'tcp'])(
  'is asked for by the fleet, whole, and is no health check (probe: %s)',
  async (probe) => {
    const served = await serveFake(settings({ work: 5, slots: 4 }));
    for (let k = 0; k < 3; k++) await modern(served);
    const { world, told } = await worldBefore(served.url, probe);
    world.ask(0, 0);
    await until(() => told.some(({ fact }) => fact === 'reported'));
    const { report } = told.find(({ fact }) => fact === 'reported')!;
    expect(report).toMatchObject({ busy: 0, slots: 4, queued: 0, finished: 3, failed: 0 });
    expect(report!.busyMs).toBeCloseTo(15, 0);
    expect(report!.latencyMs).toBeGreaterThanOrEqual(4.9);
    expect(told.map(({ fact }) => fact)).not.toContain('probed');
    expect(world.roster.all[0]!.checkedAt).toBeNull();
  },
);

it('is not heard of when the server is gone', async () => {
  const served = await serveFake(settings());
  const { world, told } = await worldBefore(served.url);
  await served.server.close();
  world.ask(0, 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told.map(({ fact }) => fact)).not.toContain('reported');
});

it('is left out by a server whose metrics are lost; its answers are as good as ever', async () => {
  const served = await serveFake(settings());
  served.server.setFault(0, true, { kind: 'metrics', shows: 'nothing' }, false);
  const { status, headers } = await modern(served);
  expect([status, headers[HEADER.load]]).toEqual([200, undefined]);
  const health = await exchange({ url: new URL('/health', served.url) }, 'GET');
  expect(health.body).toBe('{"status":"ok"}');
});
