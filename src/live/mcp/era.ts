/**
 * What a POST to an MCP endpoint is, told from its headers and, where they do not say enough, its body. The era is decided
 * per request (specification 2026-07-28, basic/versioning): a version header or a `_meta` of 2026-07-28 or later is modern,
 * `initialize` and everything else is legacy. A modern request says its method and name in headers (SEP-2243), so its body
 * need not be parsed to route it; that both agree is for the server to check, which must refuse a mismatch.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Era } from '../../core/request.ts';
import type { JsonRpcId } from './errors.ts';
import { decodeHeaderValue } from './header-value.ts';
import { isRecord } from './is-record.ts';
import { HEADER, META_REQUEST, META_VERSION, MODERN_VERSION, type DrivenRequest } from './names.ts';

export interface Inbound {
  readonly era: Era;
  readonly what: 'request' | 'notification' | 'response' | 'batch';
  /** Empty for a response and a batch. */
  readonly method: string;
  /** The tool, prompt, resource or task it is about; null when it names none. */
  readonly name: string | null;
  /** The legacy session it claims to be of; null outside sessions, and always for modern traffic. */
  readonly session: string | null;
  /** The driver's numbers, if it carries them and was asked for them. */
  readonly driven: DrivenRequest | null;
}

/** `driven`: look for the driver's numbers in `_meta`. Answers null for a body that is no JSON-RPC message. */
export const classify = (
  headers: IncomingHttpHeaders,
  body: Buffer,
  driven: boolean,
): Inbound | null => {
  const claimed = headers[HEADER.version];
  const method = headers[HEADER.method];
  const isModern = typeof claimed === 'string' && isModernVersion(claimed);
  if (isModern && typeof method === 'string' && method !== 'initialize' && !driven) {
    return byHeaders(method, headers);
  }
  const message = parse(body);
  if (Array.isArray(message) && message.length > 0) return batch(headers, isModern);
  return isRecord(message) ? byBody(message, headers, isModern, driven) : null;
};

/** The id of a request, for an error that answers it; null when it has none. */
export const idOf = (body: Buffer): JsonRpcId => {
  const message = parse(body);
  const id = isRecord(message) ? message['id'] : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
};

/** Does the body ask for just that? Headers that say otherwise are for the server to refuse; who repeats must know. */
export const asks = (body: Buffer, method: string, name: string | null): boolean => {
  const message = parse(body);
  return isRecord(message) && message['method'] === method && nameIn(message['params']) === name;
};

/** Versions are dates, so they compare as text. */
export const isModernVersion = (version: string): boolean => version >= MODERN_VERSION;

const byHeaders = (method: string, headers: IncomingHttpHeaders): Inbound => {
  const name = headers[HEADER.name];
  return {
    era: 'modern',
    what: kindOf(method),
    method,
    name: typeof name === 'string' ? decodeHeaderValue(name) : null,
    session: null,
    driven: null,
  };
};

const byBody = (
  message: Readonly<Record<string, unknown>>,
  headers: IncomingHttpHeaders,
  claimsModern: boolean,
  driven: boolean,
): Inbound | null => {
  const { method, params } = message;
  const given = isRecord(params) ? params : {};
  const meta = isRecord(given['_meta']) ? given['_meta'] : {};
  const metaVersion = meta[META_VERSION];
  const isModern =
    method !== 'initialize' &&
    (claimsModern || (typeof metaVersion === 'string' && isModernVersion(metaVersion)));
  const era = isModern ? 'modern' : 'legacy';
  const session = isModern || method === 'initialize' ? null : sessionOf(headers);
  if (typeof method !== 'string') {
    const answers = 'result' in message || 'error' in message;
    return answers
      ? { era, what: 'response', method: '', name: null, session, driven: null }
      : null;
  }
  return {
    era,
    what: message['id'] === undefined ? 'notification' : 'request',
    method,
    name: nameIn(given),
    session,
    driven: driven ? drivenOf(meta[META_REQUEST]) : null,
  };
};

/** The tool, prompt, resource or task that `params` are about. */
const nameIn = (params: unknown): string | null => {
  const { name, uri, taskId } = isRecord(params) ? params : {};
  const named = name ?? uri ?? taskId;
  return typeof named === 'string' ? named : null;
};

const batch = (headers: IncomingHttpHeaders, isModern: boolean): Inbound => ({
  era: isModern ? 'modern' : 'legacy',
  what: 'batch',
  method: '',
  name: null,
  session: isModern ? null : sessionOf(headers),
  driven: null,
});

const kindOf = (method: string): 'request' | 'notification' =>
  method.startsWith('notifications/') ? 'notification' : 'request';

export const sessionOf = (headers: IncomingHttpHeaders): string | null => {
  const session = headers[HEADER.session];
  return typeof session === 'string' ? session : null;
};

const drivenOf = (value: unknown): DrivenRequest | null => {
  if (!isRecord(value)) return null;
  const { seed, arrival, call, session, key = 0 } = value;
  const numbers = [seed, arrival, call, session, key];
  return numbers.every((number) => Number.isSafeInteger(number))
    ? (value as unknown as DrivenRequest)
    : null;
};

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};
