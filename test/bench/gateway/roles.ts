/**
 * What the forked processes of this bench play: two backends, and the proxies that are made of Node. Each says its port
 * to its parent and ends when that is gone.
 */
import Fastify from 'fastify';
import proxy from '@fastify/http-proxy';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Pool } from 'undici';
import { gatewayOver, addressOf } from '../../live/gateway-rig.ts';
import { HEADER } from '../../../src/live/mcp/names.ts';
import { ANSWER, LISTED } from './wire.ts';

export type Role = 'backends' | 'gateway' | 'bare' | 'fastify';

/** Resolves with the ports it listens on. `backends`: where to forward to. */
export const play = async (role: Role, backends: readonly number[]): Promise<readonly number[]> => {
  const origins = backends.map((port) => `http://127.0.0.1:${port}`);
  switch (role) {
    case 'backends':
      return Promise.all([listen(createServer(answer)), listen(createServer(answer))]);
    case 'gateway': {
      const rig = await gatewayOver(origins.map((origin) => ({ url: `${origin}/mcp` })));
      return [rig.port];
    }
    case 'bare':
      return [await listen(createServer(bareProxy(origins)))];
    case 'fastify':
      return [await fastifyProxy(origins)];
  }
};

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
  return Number(new URL(addressOf(server)).port);
};

const answer = (request: IncomingMessage, response: ServerResponse): void => {
  const body = request.headers[HEADER.method] === 'tools/list' ? LISTED : ANSWER;
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
};

/** The least that a proxy of node:http and undici can do: it passes everything on and looks at nothing. */
const bareProxy = (origins: readonly string[]) => {
  const pools = origins.map((origin) => new Pool(origin, { headersTimeout: 0, bodyTimeout: 0 }));
  let turn = 0;
  return (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { connection: _, ...headers } = request.headers;
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      const options = { path: request.url!, method: request.method as 'POST', headers, body };
      pools[turn++ % pools.length]!.dispatch(options, {
        onRequestStart: () => {},
        onResponseStart: (_controller, status, { connection: _c, 'keep-alive': _k, ...rest }) =>
          void response.writeHead(status, rest),
        onResponseData: (_controller, chunk) => void response.write(chunk),
        onResponseEnd: () => void response.end(),
        onResponseError: () => void response.destroy(),
      });
    });
  };
};

const fastifyProxy = async (origins: readonly string[]): Promise<number> => {
  const app = Fastify({ logger: false });
  let turn = 0;
  await app.register(proxy, {
    upstream: '',
    prefix: '/mcp',
    rewritePrefix: '/mcp',
    undici: { connections: 128, pipelining: 1 },
    replyOptions: { getUpstream: () => origins[turn++ % origins.length]! },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return Number(new URL(addressOf(app.server)).port);
};
