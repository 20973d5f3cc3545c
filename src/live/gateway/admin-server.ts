/** Pages of the gateway at an address of their own, so that clients of MCP do not reach them. */
import { createServer, type Server } from 'node:http';
import { guardAt, makeGuard, type Guard } from '../mcp/guard.ts';
import type { Page } from './gateway.ts';
import { listening } from './listening.ts';
import type { Log } from './log.ts';

export class AdminServer {
  readonly #server: Server;
  readonly #log: Log;
  readonly #hosts: readonly string[];
  #guard: Guard = makeGuard();

  /** `hosts`: names by which it may be called, besides those of the loopback. */
  constructor(pages: ReadonlyMap<string, Page>, hosts: readonly string[], log: Log) {
    this.#log = log;
    this.#hosts = hosts;
    this.#server = createServer((request, response) => {
      const { host, origin } = request.headers;
      const foreign = this.#guard.refusal(host, origin);
      const page = pages.get((request.url ?? '').replace(/\?.*$/s, ''));
      if (foreign !== null) response.writeHead(403).end(foreign);
      else if (page === undefined) response.writeHead(404).end();
      else if (request.method !== 'GET' && request.method !== 'HEAD')
        response.writeHead(405, { allow: 'GET' }).end();
      else page(response);
    });
  }

  /** Resolves with the port. */
  listen(host: string, port: number): Promise<number> {
    this.#guard = guardAt(host, this.#hosts);
    return listening(this.#server, host, port, this.#log);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
