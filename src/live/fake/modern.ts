/**
 * The modern era, 2026-07-28: every request stands alone. It says in `_meta` which version it speaks and what its client
 * can do, and mirrors some of its body in headers, which are checked before anything else in the order of the official
 * SDK: version, method, known version, name. (Streamable HTTP, "Routing headers"; SEP-2243.)
 */
import type { IncomingHttpHeaders } from 'node:http';
import { decodeHeaderValue } from '../mcp/header-value.ts';
import { CODE, HEADER, META_CAPABILITIES, META_VERSION, MODERN_VERSION } from '../mcp/names.ts';
import type { Desk, Posted, Visit } from './desk.ts';
import { isRecord, metaOf, type Message } from './message.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Which parameter `Mcp-Name` mirrors. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

type Complaint = readonly [code: number, message: string, data?: unknown];

/** Does the request claim to be of this era, by its body or, failing that, by its header? */
export const isModern = (message: Message, headers: IncomingHttpHeaders): boolean => {
  if (message.kind !== 'response' && metaOf(message.params)?.[META_VERSION] !== undefined) {
    return true;
  }
  return namesModernVersion(headers);
};

/** Versions are dates: what is not older than this one is of this era. */
export const namesModernVersion = (headers: IncomingHttpHeaders): boolean => {
  const version = headers[HEADER.version];
  return typeof version === 'string' && version >= MODERN_VERSION;
};

/** The answer to a client of another era or version. */
export const unsupported = (requested: unknown): Complaint => [
  CODE.unsupportedVersion,
  typeof requested === 'string'
    ? `Unsupported protocol version: ${requested}`
    : 'Unsupported protocol version: the request names none',
  { supported: [MODERN_VERSION], ...(typeof requested === 'string' && { requested }) },
];

export class Modern {
  readonly #desk: Desk;
  readonly #subscriptions: Subscriptions;

  constructor(desk: Desk, subscriptions: Subscriptions) {
    this.#desk = desk;
    this.#subscriptions = subscriptions;
  }

  request(visit: Visit): void {
    const { message, headers, reply } = visit;
    const complaint = complaintOf(message, headers);
    if (complaint !== null) {
      this.#desk.refuse(reply, message.id, 400, complaint);
      return;
    }
    switch (message.method) {
      case 'tools/call':
        this.#desk.call(visit, 'modern', 0);
        break;
      case 'tools/list':
        this.#desk.result(visit, this.#desk.tools.list('modern'));
        break;
      case 'server/discover':
        this.#desk.result(visit, this.#desk.tools.discovered());
        break;
      case 'subscriptions/listen':
        this.#desk.inMood(reply, message.id, () => this.#subscriptions.listen(visit));
        break;
      default:
        this.#desk.refuse(reply, message.id, 404, [CODE.methodNotFound, 'Method not found']);
    }
  }
}

/** What is wrong with a request before its method is looked at. */
const complaintOf = (
  { method, params }: Posted,
  headers: IncomingHttpHeaders,
): Complaint | null => {
  const meta = metaOf(params);
  const version = meta?.[META_VERSION];
  if (typeof version !== 'string') return [CODE.invalidParams, `_meta lacks ${META_VERSION}`];
  if (!isRecord(meta?.[META_CAPABILITIES])) {
    return [CODE.invalidParams, `_meta lacks ${META_CAPABILITIES}`];
  }
  if (headers[HEADER.version] !== version) return mismatch('MCP-Protocol-Version', version);
  if (headers[HEADER.method] !== method) return mismatch('Mcp-Method', method);
  if (version !== MODERN_VERSION) return unsupported(version);
  const named = Object.hasOwn(NAMED_BY, method) ? params[NAMED_BY[method]!] : undefined;
  if (typeof named !== 'string') return null;
  const header = headers[HEADER.name];
  return typeof header === 'string' && decodeHeaderValue(header) === named
    ? null
    : mismatch('Mcp-Name', named);
};

const mismatch = (header: string, body: string): Complaint => [
  CODE.headerMismatch,
  `Bad Request: the header ${header} does not say what the body says: ${body}`,
];
