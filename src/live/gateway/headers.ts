/**
 * Headers on their way through a proxy. Those that belong to one connection stay behind (RFC 9110, section 7.6.1), Host
 * and Content-Length are written anew by whoever sends, and Accept-Encoding asks for no coding, since replies are read
 * to be judged (without the header any would do, RFC 9110, section 12.5.3). Everything else passes unread, `Mcp-Param-*` and X-Accel-Buffering too (specification 2026-07-28, SEP-2243).
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { HEADER } from '../mcp/names.ts';

const OF_ONE_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ...OF_ONE_CONNECTION,
  'accept-encoding',
  'content-length',
  'expect',
  'host',
  HEADER.attempt,
]);

const NOT_RETURNED: ReadonlySet<string> = new Set(OF_ONE_CONNECTION);

/** Headers that decide where a request goes or whose it is: said twice they would mean two things to two readers. */
const SAID_ONCE: ReadonlyMap<string, number> = new Map(
  [
    HEADER.version,
    HEADER.method,
    HEADER.name,
    HEADER.session,
    'authorization',
    'content-type',
    'host',
    'origin',
  ].map((name, k) => [name, 1 << k]),
);

/**
 * What of `rawHeaders` (names and values in turn) goes upstream, in the same form; or the name of a header that is said
 * twice and must not be.
 */
export const forwarded = (
  rawHeaders: readonly string[],
  connection: string | undefined,
): string[] | { readonly duplicate: string } => {
  const dropped = namedBy(connection);
  const passed: string[] = [];
  let seen = 0;
  for (let k = 0; k < rawHeaders.length; k += 2) {
    const name = rawHeaders[k]!.toLowerCase();
    const bit = SAID_ONCE.get(name) ?? 0;
    if ((seen & bit) !== 0) return { duplicate: name };
    seen |= bit;
    if (NOT_FORWARDED.has(name) || dropped.includes(name)) continue;
    passed.push(name, rawHeaders[k + 1]!);
  }
  passed.push('accept-encoding', 'identity');
  return passed;
};

/** What of a server's headers the client gets. */
export const returned = (headers: IncomingHttpHeaders): OutgoingHttpHeaders => {
  const passed: OutgoingHttpHeaders = {};
  for (const name in headers) {
    if (!NOT_RETURNED.has(name)) passed[name] = headers[name];
  }
  return passed;
};

/** `Connection: close, x-mine` names headers that are of this connection as well. */
const namedBy = (connection: string | undefined): readonly string[] =>
  connection === undefined || connection === 'keep-alive' || connection === 'close'
    ? []
    : connection.split(',').map((name) => name.trim().toLowerCase());
