/**
 * A request of the scenario as an MCP client would put it on the wire (Streamable HTTP, both eras). Pure. What our own
 * fake servers need to draw the same work as in the simulator rides in `_meta`; other servers ignore it.
 */
import type { Request } from '../../core/request.ts';
import type { Traffic } from '../../scenario/scenario.ts';
import { encodeHeaderValue } from '../mcp/header-value.ts';
import {
  HEADER,
  LEGACY_VERSION,
  META_REQUEST,
  MODERN_VERSION,
  clientInfo,
  modernMeta,
  type DrivenRequest,
} from '../mcp/names.ts';

/** Ready to be sent. */
export interface Message {
  /** Null for a notification, which nobody answers. */
  readonly id: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const CLIENT = 'windtunnel-driver';
const MODERN_META = modernMeta(CLIENT);
const JSON_OR_EVENTS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

export class Wire {
  readonly #tools: readonly string[];
  readonly #seed: number;
  #ids = 0;

  constructor(traffic: Traffic, seed: number) {
    this.#tools = traffic.calls.map(({ name }) => name);
    this.#seed = seed;
  }

  /**
   * `sessionId` is the server's name of a legacy session, null before it has one and outside sessions; `state`: the
   * `requestState` that a server gave when it deferred the call.
   */
  message(request: Request, sessionId: string | null, state: string | null = null): Message {
    if (request.kind === 'initialize') return this.#initialize(request);
    const name = this.#tools[request.tool]!;
    return request.era === 'modern'
      ? this.#modernCall(request, name, state)
      : this.#legacyCall(request, name, sessionId);
  }

  /** What a legacy client says when it has read the answer to `initialize`. */
  initialized(sessionId: string | null): Message {
    return {
      id: null,
      headers: legacyHeaders(sessionId),
      body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
    };
  }

  #initialize(request: Request): Message {
    return this.#post(JSON_OR_EVENTS, 'initialize', {
      protocolVersion: LEGACY_VERSION,
      capabilities: {},
      clientInfo: clientInfo(CLIENT),
      _meta: this.#meta(request),
    });
  }

  #legacyCall(request: Request, name: string, sessionId: string | null): Message {
    return this.#post(legacyHeaders(sessionId), 'tools/call', {
      name,
      arguments: {},
      _meta: this.#meta(request),
    });
  }

  #modernCall(request: Request, name: string, state: string | null): Message {
    const headers = {
      ...JSON_OR_EVENTS,
      [HEADER.version]: MODERN_VERSION,
      [HEADER.method]: 'tools/call',
      [HEADER.name]: encodeHeaderValue(name),
    };
    return this.#post(headers, 'tools/call', {
      name,
      arguments: {},
      ...(state !== null && { requestState: state }),
      _meta: { ...MODERN_META, ...this.#meta(request) },
    });
  }

  #meta({ arrival, call, session, key }: Request): { readonly [META_REQUEST]: DrivenRequest } {
    return { [META_REQUEST]: { seed: this.#seed, arrival, call, session, key } };
  }

  #post(headers: Message['headers'], method: string, params: object): Message {
    const id = ++this.#ids;
    return { id, headers, body: JSON.stringify({ jsonrpc: '2.0', id, method, params }) };
  }
}

/** Headers of a legacy client after `initialize`. */
export const legacyHeaders = (sessionId: string | null): Record<string, string> => ({
  ...JSON_OR_EVENTS,
  [HEADER.version]: LEGACY_VERSION,
  ...(sessionId !== null && { [HEADER.session]: sessionId }),
});
