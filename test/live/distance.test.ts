/** The scenario's network, made up on one machine. */
import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { startClock } from '../../src/live/clock.ts';
import { Distance } from '../../src/live/gateway/distance.ts';
import { SILENT } from '../../src/live/gateway/log.ts';
import { LEG, NetworkDelays } from '../../src/scenario/network.ts';
import { Backend, call, gatewayOver, ok, send, until, type Rig } from './gateway-rig.ts';

const LEG_MS = 60;

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

const far = async (
  servers: readonly { readonly url: string }[],
  text = '',
): Promise<{ rig: Rig; distance: Distance }> => {
  const delays = new NetworkDelays({ kind: 'constant', value: LEG_MS }, {}, 1);
  const distance = new Distance(delays, startClock());
  const rig = await gatewayOver(servers, text, SILENT, { distance });
  opened.push(rig);
  return { rig, distance };
};

const backend = async (...made: ConstructorParameters<typeof Backend>): Promise<Backend> => {
  const one = await new Backend(...made).listen();
  opened.push(one);
  return one;
};

const took = async (act: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await act();
  return performance.now() - from;
};

test('a call takes one leg there and one back, less what the machine takes itself', async () => {
  let heardAt = 0;
  const one = await backend((heard, response, incoming) => {
    if (heard.body.method === 'tools/call') heardAt = performance.now();
    ok(heard, response, incoming);
  });
  const { rig, distance } = await far([one]);
  expect(distance.own).toBeGreaterThan(0);
  const from = performance.now();
  expect((await send(rig.port, call('search'))).status).toBe(200);
  const whole = performance.now() - from;
  const leg = LEG_MS - Math.min(LEG_MS, distance.own);
  expect(heardAt - from).toBeGreaterThan(leg - 1);
  expect(whole).toBeGreaterThan(2 * leg - 1);
  expect(whole).toBeLessThan(2 * LEG_MS + 200);
});

test('that nobody listens is known after a leg there and one back', async () => {
  const [gone, there] = [await backend(), await backend()];
  const { rig, distance } = await far([gone, there]);
  gone.close();
  const leg = LEG_MS - Math.min(LEG_MS, distance.own);
  const answers = await Promise.all(
    [1, 2].map(async () => {
      let status = 0;
      const ms = await took(async () => ({ status } = await send(rig.port, call('book'))));
      return { status, ms };
    }),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 502]);
  for (const { ms } of answers) expect(ms).toBeGreaterThan(2 * leg - 1);
});

test('a server hears one leg later that nobody waits any more', async () => {
  let cancelledAt = 0;
  const one = await backend((heard, response, incoming) => {
    if (heard.body.method !== 'tools/call') ok(heard, response, incoming);
    else response.on('close', () => (cancelledAt = performance.now()));
  });
  const { rig, distance } = await far([one]);
  const { headers, body } = call('search');
  const outgoing = request({
    host: '127.0.0.1',
    port: rig.port,
    method: 'POST',
    path: '/mcp',
    headers,
  });
  outgoing.on('error', () => {});
  outgoing.end(body);
  await until(() => one.calls === 1);
  const from = performance.now();
  outgoing.destroy();
  await until(() => cancelledAt > 0);
  expect(cancelledAt - from).toBeGreaterThan(LEG_MS - Math.min(LEG_MS, distance.own) - 1);
});

test('each leg of each attempt has a delay of its own, the same whoever asks', () => {
  const law = { kind: 'exponential', mean: 10 } as const;
  const [sim, live] = [new NetworkDelays(law, {}, 3), new NetworkDelays(law, {}, 3)];
  const legs = [0, 1].flatMap((attempt) =>
    Object.values(LEG).map((leg) => live.of({ arrival: 7, call: 2 }, attempt, leg)),
  );
  expect(new Set(legs).size).toBe(6);
  expect(legs[4]).toBe(sim.of({ arrival: 7, call: 2 }, 1, LEG.back));
});
