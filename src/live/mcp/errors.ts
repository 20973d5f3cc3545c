/**
 * JSON-RPC error bodies, ready for the wire. An error that belongs to no request in particular (a body that is not JSON,
 * a bad Host) carries the id null, as JSON-RPC 2.0 section 5 says.
 */
export type JsonRpcId = string | number | null;

/** One error response as text. `data` is left out when undefined. */
export const errorBody = (id: JsonRpcId, code: number, message: string, data?: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } });
