/**
 * The HTTP front of a fake server: Fastify listens, routes, checks Host and Origin and reads bodies, and hands the raw
 * exchange on. A body comes as text, since only the endpoint knows how to answer one that is no JSON.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { errorBody } from '../mcp/errors.ts';
import { makeGuard, type GuardOptions } from '../mcp/guard.ts';
import { CODE } from '../mcp/names.ts';

/** Who answers. */
export interface Routes {
  post(request: IncomingMessage, response: ServerResponse, body: string): void;
  get(request: IncomingMessage, response: ServerResponse): void;
  delete(request: IncomingMessage, response: ServerResponse): void;
  /** GET /health */
  health(response: ServerResponse): void;
}

/** Bytes of a body; beyond it 413. */
const BODY_LIMIT = 4 * 1024 * 1024;

export const makeFront = (routes: Routes, guarded: GuardOptions): FastifyInstance => {
  const app = Fastify({ bodyLimit: BODY_LIMIT, exposeHeadRoutes: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((_request, reply) =>
    sendJson(reply, 404, errorBody(null, CODE.server, 'Not found: MCP is served at /mcp')),
  );
  const onRequest = guardHook(guarded);
  app.post('/mcp', { onRequest }, (request, reply) => {
    reply.hijack();
    routes.post(request.raw, reply.raw, (request.body as string | undefined) ?? '');
  });
  app.get('/mcp', { onRequest }, (request, reply) => {
    reply.hijack();
    routes.get(request.raw, reply.raw);
  });
  app.delete('/mcp', { onRequest }, (request, reply) => {
    reply.hijack();
    routes.delete(request.raw, reply.raw);
  });
  const method = ['HEAD', 'OPTIONS', 'PATCH', 'PUT'];
  app.route({ method, url: '/mcp', onRequest, handler: refuseMethod });
  app.get('/health', (_request, reply) => {
    reply.hijack();
    routes.health(reply.raw);
  });
  return app;
};

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

const guardHook = (options: GuardOptions): Hook => {
  const guard = makeGuard(options);
  return ({ headers }, reply, done) => {
    const refusal = guard.refusal(headers.host, headers.origin);
    if (refusal === null) done();
    else sendJson(reply, 403, errorBody(null, CODE.server, refusal));
  };
};

const refuseMethod = (_request: FastifyRequest, reply: FastifyReply): void => {
  void reply.header('allow', 'GET, POST, DELETE');
  sendJson(reply, 405, errorBody(null, CODE.server, 'Method not allowed.'));
};

/** What Fastify refuses: bodies that are too large, of another type, or cut short. */
const sendError = (
  error: { readonly statusCode?: number; readonly message: string },
  _request: FastifyRequest,
  reply: FastifyReply,
): void => {
  const status = error.statusCode ?? 500;
  const code = status < 500 ? CODE.server : CODE.internalError;
  sendJson(reply, status, errorBody(null, code, error.message));
};

const sendJson = (reply: FastifyReply, status: number, body: string): void => {
  void reply.code(status).type('application/json').send(body);
};
