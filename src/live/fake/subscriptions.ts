/**
 * `subscriptions/listen` of the modern era (2026-07-28, basic/patterns/subscriptions): a stream that opens with an
 * acknowledgement of what will be told, and stays. Nothing ever changes here, so signs of life are all that follows, until
 * the server goes: then the request is answered with a complete result, by which clients tell a farewell from a loss.
 */
import { errorBody } from '../mcp/errors.ts';
import { CODE } from '../mcp/names.ts';
import { SSE_KEEP_ALIVE, sseEvent } from '../mcp/sse.ts';
import type { Visit } from './desk.ts';
import { isRecord } from './message.ts';
import type { Reply } from './reply.ts';
import { responseOf } from './tools.ts';

const META_SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

export class Subscriptions {
  readonly #open = new Map<Reply, string>();

  /** Streams that are open. */
  get size(): number {
    return this.#open.size;
  }

  listen({ message: { id, params }, reply }: Visit): void {
    const asked = params['notifications'];
    if (!isRecord(asked)) {
      const why = 'Invalid params: `notifications` is required';
      reply.json(200, errorBody(id, CODE.invalidParams, why));
      return;
    }
    const notifications = asked['toolsListChanged'] === true ? { toolsListChanged: true } : {};
    const _meta = { [META_SUBSCRIPTION]: id };
    const farewell = sseEvent(responseOf(id, JSON.stringify({ resultType: 'complete', _meta })));
    reply.openStream();
    reply.write(sseEvent(JSON.stringify({ ...ACKNOWLEDGED, params: { notifications, _meta } })));
    if (Object.keys(notifications).length === 0) {
      reply.write(farewell);
      reply.end();
      return;
    }
    this.#open.set(reply, farewell);
    reply.onClose(() => this.#open.delete(reply));
  }

  /** A sign of life on every stream. */
  keepAlive(): void {
    for (const reply of this.#open.keys()) reply.write(SSE_KEEP_ALIVE);
  }

  /** The server goes. */
  close(): void {
    for (const [reply, farewell] of this.#open) {
      reply.write(farewell);
      reply.end();
    }
    this.#open.clear();
  }
}

const ACKNOWLEDGED = { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged' };
