/** Names and numbers of the MCP wire in both eras, and the few of our own, in one place. */
export const LEGACY_VERSION = '2025-11-25';
export const MODERN_VERSION = '2026-07-28';

/** Versions of the legacy era, newest first. */
export const LEGACY_VERSIONS: readonly string[] = [
  LEGACY_VERSION,
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
];

export const HEADER = {
  version: 'mcp-protocol-version',
  method: 'mcp-method',
  name: 'mcp-name',
  session: 'mcp-session-id',
  /** Ours: which attempt of a request this is, from 0. */
  attempt: 'x-windtunnel-attempt',
  /** Ours, on answers: what the server reports of its load, if it does (see load-header.ts). */
  load: 'x-windtunnel-load',
  /** Ours, on answers: calls that wait there, in truth. */
  queued: 'x-windtunnel-queued',
} as const;

/** The two keys of `_meta` that a modern request must carry. */
export const META_VERSION = 'io.modelcontextprotocol/protocolVersion';
export const META_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
/** The one that it may: who asks. */
const META_CLIENT = 'io.modelcontextprotocol/clientInfo';
/** Ours: identifies a driven request, so that its work and weather are those of its simulated twin. */
export const META_REQUEST = 'windtunnel/request';

/** Value of `META_REQUEST`. */
export interface DrivenRequest {
  readonly seed: number;
  readonly arrival: number;
  readonly call: number;
  /** The driver's number of the session; 0 outside sessions. */
  readonly session: number;
  /** Of the client or tenant; 0 unless given. */
  readonly key?: number;
}

/** The gateway's name where it asks servers on its own account. */
export const GATEWAY_CLIENT = 'windtunnel-gateway';

/** How one of our clients introduces itself. */
export const clientInfo = (name: string): { readonly name: string; readonly version: string } => ({
  name,
  version: '1',
});

/** `_meta` of a modern request by the client of this name, which can do nothing beyond asking. */
export const modernMeta = (name: string): Readonly<Record<string, unknown>> => ({
  [META_VERSION]: MODERN_VERSION,
  [META_CLIENT]: clientInfo(name),
  [META_CAPABILITIES]: {},
});

/** JSON-RPC error codes of the specification. */
export const CODE = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Of the range JSON-RPC leaves to servers: the official SDKs use it for whatever has no code of its own. */
  server: -32000,
  sessionNotFound: -32001,
  headerMismatch: -32020,
  unsupportedVersion: -32022,
} as const;

/** Codes of errors that the gateway makes itself, outside the range that JSON-RPC reserves. */
export const GATEWAY_CODE = {
  noServer: 1503,
  circuitOpen: 1504,
  shed: 1506,
  timeout: 1505,
  upstream: 1502,
  sessionLost: 1404,
} as const;
