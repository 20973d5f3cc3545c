/**
 * How many tools/call (modern, JSON, no injected latency) the fake server answers, and in the same run, turn by turn, a
 * bare node:http that reads the body, parses it and answers as many bytes: what the machine gives to any server on Node.
 * Each runs in a process of its own and is loaded from this one by a small pipelining client. All share the machine, so
 * the figure to trust is the server's own: requests for each second of its processor time, user and system together.
 *
 *   npm run bench:server [-- rounds]
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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
/** Before any other. */
const SETTLE_CALLS = 2000;
const ROUND_MS = 2000;
/** To reach, on one core. */
const GOAL = 15_000;

interface Spent {
  readonly cpuMicros: number;
}

type Kind = 'fake' | 'bare';

/** Resolves with the port. */
const SERVERS: Readonly<Record<Kind, () => Promise<number>>> = {
  fake: () =>
    new FakeMcpServer(settings({ work: 0 }), startClock(), { leakedOut: () => {} }).listen(0),
  bare: async () => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: number };
        const result = { content: [{ type: 'text', text: 'x'.repeat(80) }] };
        const body = JSON.stringify({ jsonrpc: '2.0', id, result });
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        });
        response.end(body);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },
};

const serve = async (kind: Kind): Promise<void> => {
  process.send?.({ port: await SERVERS[kind]() });
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

/** Under load all the time but while the other has its turn. */
class Measured {
  readonly perCpuSecond: number[] = [];
  readonly perSecond: number[] = [];
  failed = 0;
  readonly #child: ChildProcess;
  readonly #port: number;

  constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  async round(warmUpCalls: number): Promise<void> {
    const load = new Load(this.#port);
    while (load.answered < warmUpCalls) await pause(50);
    const [cpuBefore, before, from] = [
      await cpuMicros(this.#child),
      load.answered,
      performance.now(),
    ];
    await pause(ROUND_MS);
    const [cpuAfter, answered] = [await cpuMicros(this.#child), load.answered - before];
    this.perSecond.push((answered / (performance.now() - from)) * 1000);
    this.perCpuSecond.push((answered / (cpuAfter - cpuBefore)) * 1e6);
    this.failed += load.failed;
    await load.stop();
  }

  close(): void {
    this.#child.disconnect();
  }
}

const begin = async (kind: Kind): Promise<Measured> => {
  const child = fork(fileURLToPath(import.meta.url), [kind], { execArgv: process.execArgv });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return new Measured(child, port);
};

const measure = async (rounds: number): Promise<void> => {
  const [fake, bare] = [await begin('fake'), await begin('bare')];
  for (let round = 1; round <= rounds; round++) {
    for (const each of [fake, bare]) await each.round(round === 1 ? WARM_UP_CALLS : SETTLE_CALLS);
    const [own, floor] = [fake.perCpuSecond.at(-1)!, bare.perCpuSecond.at(-1)!];
    console.log(
      `round ${round}: ${fake.perSecond.at(-1)!.toFixed(0)} rps, ${own.toFixed(0)} a CPU second, ${(1e6 / own).toFixed(1)} us a call; bare node:http ${floor.toFixed(0)}, ${(1e6 / floor).toFixed(1)} us`,
    );
  }
  const [own, floor] = [median(fake.perCpuSecond), median(bare.perCpuSecond)];
  const share = median(fake.perCpuSecond.map((each, k) => each / bare.perCpuSecond[k]!));
  console.log(
    `median: ${median(fake.perSecond).toFixed(0)} rps, ${own.toFixed(0)} a CPU second, ${share.toFixed(2)} of bare node:http, which does ${floor.toFixed(0)} here (goal ${GOAL}); failed: ${fake.failed}`,
  );
  if (own < GOAL || fake.failed > 0) process.exitCode = 1;
  fake.close();
  bare.close();
};

const [, , what = '5'] = process.argv;
if (what === 'fake' || what === 'bare') await serve(what);
else await measure(Number(what));
