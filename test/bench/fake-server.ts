/**
 * How many tools/call (modern, JSON, no injected latency) the fake server answers. It runs in a process of its own and
 * is loaded from this one by a small pipelining client. Both share the machine, so the figure to trust is the server's
 * own: requests for each second of its processor time, user and system together. Run it with
 *
 *   node --import tsx test/bench/fake-server.ts [rounds]
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, type Dispatcher } from 'undici';
import { startClock } from '../../src/live/clock.ts';
import { FakeMcpServer } from '../../src/live/fake/fake-mcp-server.ts';
import {
  HEADER,
  META_CAPABILITIES,
  META_REQUEST,
  META_VERSION,
  MODERN_VERSION,
} from '../../src/live/mcp/names.ts';
import { settings } from '../live/fake-settings.ts';

const CONNECTIONS = 16;
/** Requests on their way on each connection. */
const PIPELINED = 4;
/** Before the first round, so that the compiler is done on a busy machine as well. */
const WARM_UP_CALLS = 30_000;
const ROUND_MS = 2000;
/** To reach, on one core. */
const GOAL = 15_000;

interface Spent {
  readonly cpuMicros: number;
}

const serve = async (): Promise<void> => {
  const server = new FakeMcpServer(settings({ work: 0 }), startClock(), { leakedOut: () => {} });
  const port = await server.listen(0);
  process.send?.({ port });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system } satisfies Spent);
  });
  process.on('disconnect', () => process.exit());
};

/** Keeps all connections busy and counts answers, by their status. */
class Load {
  answered = 0;
  failed = 0;
  readonly #clients: Client[];
  #arrivals = 0;
  #over = false;

  constructor(port: number) {
    this.#clients = Array.from(
      { length: CONNECTIONS },
      () => new Client(`http://127.0.0.1:${port}`, { pipelining: PIPELINED }),
    );
    for (const client of this.#clients) {
      for (let k = 0; k < PIPELINED; k++) this.#send(client);
    }
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#clients.map((client) => client.destroy()));
  }

  #send(client: Client): void {
    if (this.#over) return;
    const settle = (good: boolean): void => {
      if (good) this.answered++;
      else if (!this.#over) this.failed++;
      this.#send(client);
    };
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => {},
      onResponseStart: (_controller, code) => void (status = code),
      onResponseData: () => {},
      onResponseEnd: () => settle(status === 200),
      onResponseError: () => settle(false),
    };
    client.dispatch({ ...CALL, body: bodyOf(this.#arrivals++) }, handler);
  }
}

const CALL = {
  path: '/mcp',
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    [HEADER.version]: MODERN_VERSION,
    [HEADER.method]: 'tools/call',
    [HEADER.name]: 'call',
  },
} as const;

const bodyOf = (arrival: number): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: arrival,
    method: 'tools/call',
    params: {
      name: 'call',
      arguments: {},
      _meta: {
        [META_VERSION]: MODERN_VERSION,
        [META_CAPABILITIES]: {},
        [META_REQUEST]: { seed: 1, arrival, call: 0, session: 0 },
      },
    },
  });

const cpuMicros = async (child: ChildProcess): Promise<number> => {
  child.send('spent');
  const [{ cpuMicros }] = (await once(child, 'message')) as [Spent];
  return cpuMicros;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const measure = async (rounds: number): Promise<void> => {
  const child = fork(fileURLToPath(import.meta.url), ['serve'], { execArgv: process.execArgv });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const load = new Load(port);
  while (load.answered < WARM_UP_CALLS) await pause(50);
  const perSecond: number[] = [];
  const perCpuSecond: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const [cpuBefore, before, from] = [await cpuMicros(child), load.answered, performance.now()];
    await pause(ROUND_MS);
    const [cpuAfter, answered] = [await cpuMicros(child), load.answered - before];
    perSecond.push((answered / (performance.now() - from)) * 1000);
    perCpuSecond.push((answered / (cpuAfter - cpuBefore)) * 1e6);
    const [rps, perCpu] = [perSecond.at(-1)!, perCpuSecond.at(-1)!];
    console.log(
      `round ${round}: ${rps.toFixed(0)} rps, ${perCpu.toFixed(0)} a CPU second, ${(1e6 / perCpu).toFixed(1)} us a call`,
    );
  }
  const [rps, perCpu] = [median(perSecond), median(perCpuSecond)];
  console.log(
    `median: ${rps.toFixed(0)} rps, ${perCpu.toFixed(0)} a CPU second (goal ${GOAL}); failed: ${load.failed}`,
  );
  if (perCpu < GOAL || load.failed > 0) process.exitCode = 1;
  await load.stop();
  child.disconnect();
};

if (process.argv[2] === 'serve') await serve();
else await measure(Number(process.argv[2] ?? 5));
