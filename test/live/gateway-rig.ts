/**
 * A gateway over tiny backends, all in this process. Backends are functions of a request; the gateway is the real one with
 * the real policies, made from the text of a gateway file.
 */
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Fleet } from '../../src/fleet/fleet.ts';
import { startClock } from '../../src/live/clock.ts';
import { SILENT, type Log } from '../../src/live/gateway/log.ts';
import { Served, type ServeOptions } from '../../src/live/gateway/serve.ts';
import { UrlHost } from '../../src/live/gateway/url-host.ts';
import { HEADER, META_VERSION, MODERN_VERSION } from '../../src/live/mcp/names.ts';
import { fleetOptions } from '../../src/run.ts';
import { loadGateway } from '../../src/scenario/gateway-plan.ts';

/** What a backend heard. */
export interface Heard {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly id?: number; readonly method?: string; readonly params?: unknown };
}

export type Answer = (heard: Heard, response: ServerResponse, request: IncomingMessage) => void;

/** One server; `answer` may be replaced while it runs. */
export class Backend {
  readonly heard: Heard[] = [];
  /** Requests whose connection was closed before they were answered. */
  cancelled = 0;
  /** Connections that are open now. */
  readonly sockets = new Set<Socket>();
  answer: Answer;
  url = '';
  readonly #server: Server;

  /** It keeps an idle connection for `keepAliveMs`, and says so. */
  constructor(answer: Answer = ok, keepAliveMs = 5000) {
    this.answer = answer;
    this.#server = createServer({ keepAliveTimeout: keepAliveMs }, (incoming, response) => {
      if (incoming.url === '/health') {
        response.end('{}');
        return;
      }
      response.on('close', () => {
        if (!response.writableFinished) this.cancelled++;
      });
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.on('end', () => {
        const { method = '', headers } = incoming;
        const heard = { method, headers, body: text === '' ? {} : (JSON.parse(text) as object) };
        this.heard.push(heard);
        this.answer(heard, response, incoming);
      });
    });
    this.#server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  /** Calls of tools it heard. */
  get calls(): number {
    return this.heard.filter(({ body }) => body.method === 'tools/call').length;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = addressOf(this.#server);
    return this;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Where MCP is on a server that listens. */
export const addressOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;

/** Answers anything well, and tools/list with `search` (safe) and `book` (not). */
export const ok: Answer = ({ body }, response) => {
  if (body.id === undefined) response.writeHead(202).end();
  else if (body.method === 'tools/list')
    reply(response, body.id, {
      tools: [{ name: 'search', annotations: { readOnlyHint: true } }, { name: 'book' }],
    });
  else reply(response, body.id, { content: [{ type: 'text', text: 'hello' }] });
};

export const reply = (response: ServerResponse, id: number, result: object): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
};

/** A legacy server that keeps sessions, and names them after itself. */
export const legacy = (
  name: string,
  lost: (response: ServerResponse, id: number) => void,
): Answer => {
  const sessions = new Set<string>();
  return (heard, response, incoming) => {
    const { body, headers, method } = heard;
    const session = String(headers[HEADER.session] ?? '');
    if (body.method === 'initialize') {
      const id = `${name}-${sessions.size + 1}`;
      sessions.add(id);
      response.setHeader(HEADER.session, id);
      reply(response, body.id!, { protocolVersion: '2025-11-25', capabilities: {} });
    } else if (!sessions.has(session)) lost(response, body.id!);
    else if (method === 'DELETE') {
      sessions.delete(session);
      response.end();
    } else if (method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      response.write(`data: {"jsonrpc":"2.0","method":"from ${name}"}\n\n`);
    } else ok(heard, response, incoming);
  };
};

export interface Rig {
  readonly served: Served;
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** `text`: a gateway file without its `servers`. */
export const gatewayOver = async (
  backends: readonly { readonly url: string }[],
  text = '',
  log: Log = SILENT,
  more: Pick<ServeOptions, 'distance' | 'sessionIdle' | 'linger'> = {},
): Promise<Rig> => {
  const servers = `servers: [${backends.map(({ url }) => url).join(', ')}]\n`;
  const plan = loadGateway({ file: 'rig.yaml', text: servers + text, readFile: () => '' });
  const { setup } = plan;
  const made = fleetOptions(setup, plan.inputs, 1);
  const asked = askedForTools(log);
  const served = new Served({
    clock: startClock(),
    host: new UrlHost(plan.urls.map((url) => new URL(url))),
    weights: made.weights,
    newWeight: made.newWeight,
    probe: plan.probe,
    affinity: setup.affinity,
    strategy: setup.balancer.name,
    reports: false,
    driven: null,
    admin: 'with MCP',
    log: asked.log,
    timeout: made.timeout,
    ...more,
    fleet: (world) => new Fleet(made, world),
  });
  await served.open();
  served.begin();
  await asked.done;
  const port = await served.gateway.listen('127.0.0.1', 0);
  return { served, port, url: `http://127.0.0.1:${port}/mcp`, close: () => served.close(0) };
};

/** It asks for the tools when it starts; until it has, backends hear more than what a test sends. */
const askedForTools = (log: Log): { readonly log: Log; readonly done: Promise<void> } => {
  let settle = (): void => {};
  const done = new Promise<void>((resolve) => (settle = resolve));
  const heard = (text: string): void => {
    if (/learned the tools|no server told/.test(text)) settle();
  };
  return {
    done,
    log: {
      error: (facts, text) => log.error(facts, text),
      info: (facts, text) => (log.info(facts, text), heard(text)),
      warn: (facts, text) => (log.warn(facts, text), heard(text)),
    },
  };
};

export interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly json: {
    readonly result?: { readonly [key: string]: unknown };
    readonly error?: { readonly code: number; readonly data?: { readonly reason?: string } };
  };
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** Plain HTTP, so that a test says exactly what is sent. Rejects when the connection is broken off. */
export const send = (
  port: number,
  { method = 'POST', path = '/mcp', headers, body }: Sent,
): Promise<Got> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: got } = response;
          resolve({ status, headers: got, text, json: parse(text) });
        });
      },
    );
    outgoing.on('error', reject);
    // As bytes: node would write the headers in front of a text in UTF-8 as well.
    outgoing.end(body === undefined ? undefined : Buffer.from(body));
  });

const parse = (text: string): Got['json'] => {
  try {
    return JSON.parse(text) as Got['json'];
  } catch {
    return {};
  }
};

export const modernHeaders = (method: string, name?: string): Record<string, string> => ({
  accept: 'application/json, text/event-stream',
  [HEADER.version]: MODERN_VERSION,
  [HEADER.method]: method,
  ...(name !== undefined && { [HEADER.name]: name }),
});

export const modernBody = (method: string, params: object = {}, id = 1): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id,
    method,
    params: { ...params, _meta: { [META_VERSION]: MODERN_VERSION } },
  });

/** A modern call of a tool. */
export const call = (tool: string): Sent => ({
  headers: modernHeaders('tools/call', tool),
  body: modernBody('tools/call', { name: tool, arguments: {} }),
});

/** A legacy request; without a session it carries none. */
export const legacyPost = (method: string, session?: string, id: number | null = 1): Sent => ({
  headers: {
    accept: 'application/json, text/event-stream',
    ...(session !== undefined && { [HEADER.session]: session }),
  },
  body: JSON.stringify({
    jsonrpc: '2.0',
    ...(id !== null && { id }),
    method,
    params: method === 'tools/call' ? { name: 'search', arguments: {} } : {},
  }),
});

/** Waits until something holds. */
export const until = async (holds: () => boolean, patienceMs = 3000): Promise<void> => {
  const end = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
