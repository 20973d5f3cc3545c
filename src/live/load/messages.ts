/**
 * What an MCP client says to a server that is not ours, in both eras: the handshake, the questions asked beforehand, and the
 * call itself. Pure.
 */
import type { Era } from '../../core/request.ts';
import { legacyHeaders, type Message } from '../driver/wire.ts';
import { encodeHeaderValue } from '../mcp/header-value.ts';
import { HEADER, LEGACY_VERSION, MODERN_VERSION, clientInfo, modernMeta } from '../mcp/names.ts';
import type { ChosenTool } from './tools.ts';

const CLIENT = 'windtunnel-load';
const MODERN_META = modernMeta(CLIENT);

export const initialize = (id: number): Message => {
  const { [HEADER.version]: _, ...headers } = legacyHeaders(null);
  return post(headers, id, 'initialize', {
    protocolVersion: LEGACY_VERSION,
    capabilities: {},
    clientInfo: clientInfo(CLIENT),
  });
};

/** The second half of a legacy handshake: a notification. */
export const initialized = (sessionId: string | null): Message => ({
  id: null,
  headers: legacyHeaders(sessionId),
  body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
});

/** Asked of a server whose era is not known. */
export const discover = (id: number): Message => modern(id, 'server/discover', {});

export const listTools = (
  era: Era,
  id: number,
  sessionId: string | null,
  cursor: string | null,
): Message => {
  const params = cursor === null ? {} : { cursor };
  return era === 'modern'
    ? modern(id, 'tools/list', params)
    : post(legacyHeaders(sessionId), id, 'tools/list', params);
};

export const callTool = (
  era: Era,
  id: number,
  sessionId: string | null,
  tool: ChosenTool,
): Message => {
  const params = { name: tool.name, arguments: tool.arguments };
  return era === 'modern'
    ? modern(id, 'tools/call', params, { [HEADER.name]: encodeHeaderValue(tool.name) })
    : post(legacyHeaders(sessionId), id, 'tools/call', params);
};

const modern = (
  id: number,
  method: string,
  params: object,
  headers: Message['headers'] = {},
): Message =>
  post(
    {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      [HEADER.version]: MODERN_VERSION,
      [HEADER.method]: method,
      ...headers,
    },
    id,
    method,
    { ...params, _meta: MODERN_META },
  );

const post = (
  headers: Message['headers'],
  id: number,
  method: string,
  params: object,
): Message => ({ id, headers, body: JSON.stringify({ jsonrpc: '2.0', id, method, params }) });
