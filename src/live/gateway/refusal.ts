/**
 * Errors that the gateway makes itself: an HTTP status, and a JSON-RPC error whose code lies outside the range that JSON-RPC
 * and MCP reserve, so that no client takes it for a server's. `data.reason` is the outcome of the last attempt.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import type { Failure } from '../../core/outcome.ts';
import { errorBody, type JsonRpcId } from '../mcp/errors.ts';
import { CODE, GATEWAY_CODE } from '../mcp/names.ts';

export interface Refusal {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** Seconds after which a client may try again when there is no server to send it to. */
const RETRY_AFTER = '1';

const JSON_TYPE = { 'content-type': 'application/json' };

interface Wording {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

const WORDINGS: Readonly<Record<Failure, Wording>> = {
  'no-server': {
    status: 503,
    code: GATEWAY_CODE.noServer,
    message: 'No server that could answer is available',
  },
  'circuit-open': {
    status: 503,
    code: GATEWAY_CODE.circuitOpen,
    message: 'The circuit of every server that could answer is open',
  },
  overloaded: {
    status: 503,
    code: GATEWAY_CODE.upstream,
    message: 'The server is overloaded',
  },
  throttled: {
    status: 429,
    code: GATEWAY_CODE.upstream,
    message: 'The server limits the rate of requests',
  },
  shed: {
    status: 503,
    code: GATEWAY_CODE.shed,
    message: 'Too many requests are in flight or waiting',
  },
  timeout: {
    status: 504,
    code: GATEWAY_CODE.timeout,
    message: 'The server did not answer in time',
  },
  refused: {
    status: 502,
    code: GATEWAY_CODE.upstream,
    message: 'The server refused the connection',
  },
  reset: {
    status: 502,
    code: GATEWAY_CODE.upstream,
    message: 'The server broke off its reply',
  },
  'http-5xx': {
    status: 502,
    code: GATEWAY_CODE.upstream,
    message: 'The server failed',
  },
  'session-lost': {
    status: 404,
    code: GATEWAY_CODE.sessionLost,
    message: 'Session not found: the server that held it is gone; initialize anew',
  },
};

/** What a client is told whose request failed. */
export const refusal = (reason: Failure, id: JsonRpcId): Refusal => {
  const { status, code, message } = WORDINGS[reason];
  const headers =
    status === 503 || status === 429 ? { ...JSON_TYPE, 'retry-after': RETRY_AFTER } : JSON_TYPE;
  return { status, headers, body: errorBody(id, code, message, { reason }) };
};

/** What a client is told whose request is wrong, whatever any server thinks of it. */
export const rejection = (
  status: number,
  message: string,
  headers: OutgoingHttpHeaders = {},
): Refusal => ({
  status,
  headers: { ...JSON_TYPE, ...headers },
  body: errorBody(null, CODE.invalidRequest, message),
});
