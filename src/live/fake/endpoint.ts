/**
 * The MCP endpoint: tells the era of each exchange by itself, as both kinds of client may come to the same server, and
 * hands it to that era. A server can be told to speak one era alone; then it says so to clients of the other.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CODE, LEGACY_VERSIONS } from '../mcp/names.ts';
import type { Desk } from './desk.ts';
import type { Legacy } from './legacy.ts';
import { readMessage, type Message } from './message.ts';
import type { Eras, ReplyForm } from './messages.ts';
import { isModern, Modern, namesModernVersion, unsupported } from './modern.ts';
import { Reply, wantsEvents, type Standing } from './reply.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface EndpointOptions {
  readonly eras: Eras;
  readonly form: ReplyForm;
}

export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #desk: Desk;
  readonly #modern: Modern;
  readonly #legacy: Legacy;
  readonly #standing: Standing;

  constructor(
    options: EndpointOptions,
    desk: Desk,
    legacy: Legacy,
    subscriptions: Subscriptions,
    standing: Standing,
  ) {
    this.#options = options;
    this.#desk = desk;
    this.#modern = new Modern(desk, subscriptions);
    this.#legacy = legacy;
    this.#standing = standing;
  }

  post(request: IncomingMessage, response: ServerResponse, body: string): void {
    const asEvents = wantsEvents(request, this.#options.form);
    const reply = new Reply(response, this.#standing, asEvents === true);
    if (asEvents === null) {
      this.#desk.refuse(reply, null, 406, notAcceptable('application/json and text/event-stream'));
      return;
    }
    const message = readMessage(body);
    if (message === 'not-json') this.#desk.refuse(reply, null, 400, NOT_JSON);
    else if (message === 'invalid') this.#desk.refuse(reply, null, 400, NOT_JSON_RPC);
    else this.#take(message, request, reply);
  }

  /** The stream of a legacy session. */
  get(request: IncomingMessage, response: ServerResponse): void {
    const reply = new Reply(response, this.#standing, true);
    if (this.#hasNoSessions(request)) this.#desk.refuse(reply, null, 405, NOT_ALLOWED, ALLOW_POST);
    else if (wantsEvents(request, 'sse') === null) {
      this.#desk.refuse(reply, null, 406, notAcceptable('text/event-stream'));
    } else this.#legacy.stream(request.headers, reply);
  }

  /** The end of a legacy session. */
  delete(request: IncomingMessage, response: ServerResponse): void {
    const reply = new Reply(response, this.#standing, false);
    if (this.#hasNoSessions(request)) this.#desk.refuse(reply, null, 405, NOT_ALLOWED, ALLOW_POST);
    else this.#legacy.end(request.headers, reply);
  }

  #take(message: Message, { headers }: IncomingMessage, reply: Reply): void {
    const { eras } = this.#options;
    const modern = isModern(message, headers);
    if (modern && eras === 'legacy') {
      const id = message.kind === 'request' ? message.id : null;
      this.#desk.refuse(reply, id, 400, LEGACY_ALONE);
    } else if (!modern && eras !== 'modern') {
      if (message.kind === 'request') this.#legacy.request({ message, headers, reply });
      else this.#legacy.remark(message, headers, reply);
    } else if (message.kind === 'notification') {
      this.#desk.inMood(reply, null, () => reply.empty(202));
    } else if (message.kind === 'response') {
      this.#desk.refuse(reply, null, 400, NO_RESPONSES);
    } else if (modern) this.#modern.request({ message, headers, reply });
    else this.#desk.refuse(reply, message.id, 400, unsupported(message.params['protocolVersion']));
  }

  #hasNoSessions({ headers }: IncomingMessage): boolean {
    const { eras } = this.#options;
    return eras === 'modern' || (eras === 'both' && namesModernVersion(headers));
  }
}

const NOT_JSON = [CODE.parseError, 'Parse error: the body is not JSON'] as const;
const NOT_JSON_RPC = [
  CODE.invalidRequest,
  'Invalid Request: the body is not one JSON-RPC message',
] as const;
const NO_RESPONSES = [CODE.invalidRequest, 'Bad Request: responses cannot be posted'] as const;
const NOT_ALLOWED = [CODE.server, 'Method not allowed.'] as const;
const ALLOW_POST = { allow: 'POST' };
const LEGACY_ALONE = [
  CODE.server,
  `Bad Request: Unsupported protocol version (supported: ${LEGACY_VERSIONS.join(', ')})`,
] as const;

const notAcceptable = (types: string) =>
  [CODE.server, `Not Acceptable: Client must accept ${types}`] as const;
