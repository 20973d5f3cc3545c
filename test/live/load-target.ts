/** A small MCP server on the loopback to put under load, with the manners and bad manners that a test asks for. */
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface Manners {
  readonly era?: 'modern' | 'legacy';
  /** How long a call takes, ms. */
  readonly delay?: number;
  readonly tools?: readonly object[];
  /** Answers a call its own way; by number, from 1. */
  readonly onCall?: (
    number: number,
    response: ServerResponse,
    socket: Socket,
    id: unknown,
  ) => boolean;
  /** Answers 401 without this token. */
  readonly token?: string;
  /** Serves over TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export const ECHO = {
  name: 'echo',
  annotations: { readOnlyHint: true },
  inputSchema: {
    type: 'object',
    properties: { text: { type: 'string' }, more: { type: 'string' } },
    required: ['text'],
  },
};

interface Message {
  readonly id?: unknown;
  readonly method: string;
  readonly params: { readonly arguments?: unknown };
}

export class LoadTarget {
  /** Calls that came. */
  calls = 0;
  /** Sessions opened, and sessions ended by their clients. */
  opened = 0;
  ended = 0;
  readonly arguments: unknown[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  readonly #manners: Manners;
  readonly #server: Server;
  readonly #sessions = new Set<string>();

  constructor(manners: Manners = {}) {
    this.#manners = manners;
    const serve: RequestListener = (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.headers.push(request.headers);
        this.#serve(request.method ?? '', request.headers, body, response, request.socket);
      });
    };
    const { tls } = manners;
    this.#server = tls === undefined ? createServer(serve) : createSecureServer(tls, serve);
  }

  get url(): string {
    const scheme = this.#manners.tls === undefined ? 'http' : 'https';
    return `${scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`;
  }

  listen(): Promise<this> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve(this)));
  }

  /** As a replica does that was started anew. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #serve(
    method: string,
    headers: IncomingHttpHeaders,
    body: string,
    response: ServerResponse,
    socket: Socket,
  ): void {
    const { era = 'modern', token } = this.#manners;
    if (token !== undefined && headers.authorization !== `Bearer ${token}`) {
      // A careless server quotes what it was given.
      response.writeHead(401).end(`not you: ${headers.authorization}`);
      return;
    }
    const session = String(headers['mcp-session-id'] ?? '');
    if (method === 'DELETE') {
      if (this.#sessions.delete(session)) this.ended++;
      response.writeHead(200).end();
      return;
    }
    const message = JSON.parse(body) as Message;
    const isStrange =
      era === 'legacy' && message.method !== 'initialize' && !this.#sessions.has(session);
    if (isStrange) {
      const error = { code: -32000, message: 'Server not initialized' };
      response.writeHead(session === '' ? 400 : 404, JSON_BODY);
      response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
      return;
    }
    this.#answer(message, response, socket);
  }

  #answer({ id, method, params }: Message, response: ServerResponse, socket: Socket): void {
    const { delay = 0, tools = [ECHO], onCall } = this.#manners;
    const reply = (result: object, headers: object = {}): void => {
      response.writeHead(200, { ...JSON_BODY, ...headers });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    };
    switch (method) {
      case 'server/discover':
        return reply({ supportedVersions: ['2026-07-28'], capabilities: {} });
      case 'initialize': {
        const session = `session-${++this.opened}`;
        this.#sessions.add(session);
        return reply(
          { protocolVersion: '2025-11-25', capabilities: {} },
          { 'Mcp-Session-Id': session },
        );
      }
      case 'notifications/initialized':
        response.writeHead(202).end();
        return;
      case 'tools/list':
        return reply({ tools });
      default: {
        this.arguments.push(params.arguments);
        if (onCall?.(++this.calls, response, socket, id) === true) return;
        setTimeout(() => reply({ content: [{ type: 'text', text: 'done' }] }), delay);
      }
    }
  }
}

const JSON_BODY = { 'content-type': 'application/json' };
