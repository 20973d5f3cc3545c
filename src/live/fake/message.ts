/**
 * A JSON-RPC message as a client posts it, taken apart by hand: one parse and a few checks, since a schema would cost
 * more than all the rest of a call.
 */
export type Params = Readonly<Record<string, unknown>>;

export type Message =
  | {
      readonly kind: 'request';
      readonly id: string | number;
      readonly method: string;
      readonly params: Params;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly params: Params }
  | { readonly kind: 'response' };

/** `not-json` is an error of parsing, `invalid` one of JSON-RPC; batches left the protocol in 2025-06-18. */
export const readMessage = (text: string): Message | 'not-json' | 'invalid' => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'not-json';
  }
  if (!isRecord(body) || body['jsonrpc'] !== '2.0') return 'invalid';
  const { id, method, params = {} } = body;
  if (method === undefined) {
    return id !== undefined && ('result' in body || 'error' in body)
      ? { kind: 'response' }
      : 'invalid';
  }
  if (typeof method !== 'string' || !isRecord(params)) return 'invalid';
  if (id === undefined) return { kind: 'notification', method, params };
  if (typeof id !== 'string' && typeof id !== 'number') return 'invalid';
  return { kind: 'request', id, method, params };
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `params._meta`, if it is one. */
export const metaOf = ({ _meta: meta }: Params): Params | undefined =>
  isRecord(meta) ? meta : undefined;
