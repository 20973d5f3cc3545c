import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Client } from '../../../src/live/driver/client.ts';
import { OpenLoop } from '../../../src/live/driver/open-loop.ts';
import type { Sample } from '../../../src/live/driver/samples.ts';
import { startClock } from '../../../src/live/clock.ts';
import { META_REQUEST } from '../../../src/live/mcp/names.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { Demand } from '../../../src/scenario/traffic.ts';
import { openGateway, succeed, type Asked, type FakeGateway } from './fake-gateway.ts';

let gateway: FakeGateway | null = null;

afterEach(async () => {
  await gateway?.close();
  gateway = null;
});

/** Drives the scenario at `gateway` for 1 s and returns what the driver saw. */
const drive = async (traffic: string, answer: Parameters<typeof openGateway>[0]) => {
  const text = `question: Does it drive?\nduration: 1s\nwarmup: 0\nseeds: 1\ntraffic: ${traffic}\nservers: { count: 1 }\n`;
  const loaded = loadScenario({ file: 'drive.yaml', text, readFile: () => '', set: [], only: [] });
  const { setup } = loaded.scenario.contenders[0]!;
  gateway = await openGateway(answer);
  const client = new Client(gateway.url, setup.traffic, 7);
  const samples: Sample[] = [];
  const loop = new OpenLoop({
    traffic: setup.traffic,
    inputs: loaded.inputs,
    seed: 7,
    duration: 1000,
    warmup: 0,
    pacing: 'hybrid',
    clock: startClock(),
    client,
    report: (sample) => void samples.push(sample),
  });
  await loop.run();
  await client.close();
  return { samples, asked: gateway.asked, loop, setup, inputs: loaded.inputs };
};

const calls = (asked: readonly Asked[]) =>
  asked.filter(({ message }) => message?.method === 'tools/call');

test('fires every arrival of the simulator, at its instant, with what it needs to be known by', async () => {
  const { samples, asked, setup, inputs } = await drive(
    '{ arrivals: { poisson: { rate: 50/s } } }',
    succeed,
  );
  const demand = new Demand(setup.traffic, inputs, 7);
  const expected: number[] = [];
  while (demand.nextAt < 1000) expected.push(demand.arrive().at);
  expect(samples.map(({ at }) => at).sort((a, b) => a - b)).toEqual(expected);
  expect(samples.every(({ lagMs, latencyMs }) => lagMs >= 0 && latencyMs >= lagMs)).toBe(true);
  const [first] = calls(asked);
  expect(first!.message!.params._meta[META_REQUEST]).toEqual({
    seed: 7,
    arrival: 0,
    call: 0,
    session: 0,
    key: 0,
  });
  expect(first!.headers).toMatchObject({
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'call',
  });
});

test('goes on firing when answers are slow: the loop is open', async () => {
  const { samples } = await drive(
    '{ arrivals: { constant: { rate: 40/s } } }',
    (asked, response) => void setTimeout(() => succeed(asked, response), 400),
  );
  expect(samples.length).toBeGreaterThanOrEqual(39);
  expect(samples.every(({ lagMs }) => lagMs < 200)).toBe(true);
  expect(samples.filter(({ outcome }) => outcome === 'ok').every((s) => s.latencyMs >= 399)).toBe(
    true,
  );
});

test('what is unanswered at the end of the time to follow it is told as cancelled, and the run ends', async () => {
  const { samples } = await drive(
    '{ arrivals: { constant: { rate: 10/s } }, timeout: 200ms }',
    () => {},
  );
  expect(samples.length).toBeGreaterThan(5);
  expect(new Set(samples.map(({ outcome }) => outcome))).toEqual(new Set(['cancelled']));
});

test('a legacy session shakes hands, keeps its id, waits, thinks and says goodbye', async () => {
  let sessions = 0;
  const { asked, samples, loop } = await drive(
    '{ arrivals: { constant: { rate: 2/s } }, sessions: { era: legacy, calls: 3, think: 20ms } }',
    (one, response) => {
      const id = `session-${one.message?.method === 'initialize' ? ++sessions : 0}`;
      succeed(one, response, one.message?.method === 'initialize' ? { 'mcp-session-id': id } : {});
    },
  );
  await sleep(20);
  const first = asked.filter(
    ({ headers, message }) =>
      headers['mcp-session-id'] === 'session-1' || message?.method === 'initialize',
  );
  const story = first.map(({ method, message }) => message?.method ?? method);
  expect(story.slice(0, 6)).toEqual([
    'initialize',
    'notifications/initialized',
    'tools/call',
    'tools/call',
    'tools/call',
    'DELETE',
  ]);
  expect(samples.filter(({ kind }) => kind === 'initialize').every(({ tool }) => tool === -1)).toBe(
    true,
  );
  expect(loop.sessions.started).toBe(sessions);
  const [, second] = samples.filter(({ session, kind }) => session === 1 && kind === 'call');
  expect(second!.call).toBe(2);
});

test('a client that recovers initialises anew when its session is lost', async () => {
  let sessions = 0;
  const { loop, samples } = await drive(
    '{ arrivals: { constant: { rate: 2/s } }, sessions: { era: legacy, calls: 4, think: 10ms, recover: true } }',
    (one, response) => {
      const isOld = one.headers['mcp-session-id'] === 'session-1';
      if (one.message?.method === 'initialize')
        succeed(one, response, { 'mcp-session-id': `session-${++sessions}` });
      else if (one.message?.method === 'tools/call' && isOld) response.writeHead(404).end();
      else succeed(one, response);
    },
  );
  expect(loop.sessions).toMatchObject({ lost: 1, recovered: 1 });
  expect(samples.filter(({ outcome }) => outcome === 'session-lost')).toHaveLength(1);
  expect(samples.filter(({ kind }) => kind === 'initialize').length).toBe(sessions);
});

test('a connection that is dropped without an answer is a reset, and the next request has a new one', async () => {
  const { samples } = await drive('{ arrivals: { constant: { rate: 10/s } } }', (_, response) => {
    response.socket!.destroy();
  });
  expect(new Set(samples.map(({ outcome }) => outcome))).toEqual(new Set(['reset']));
});
