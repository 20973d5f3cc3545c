/**
 * What both eras do alike: answering at once, in the mood that the server's faults leave it in, and calling a tool. An
 * answer at once takes no slot, but a server that hangs does not answer a ping either.
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Era } from '../../core/request.ts';
import type { Clock } from '../clock.ts';
import { deferralsIn } from '../mcp/deferral.ts';
import { errorBody, type JsonRpcId } from '../mcp/errors.ts';
import { CODE, HEADER } from '../mcp/names.ts';
import { Errand } from './errand.ts';
import { isRecord, type Message, type Params } from './message.ts';
import type { FakeServerSettings } from './messages.ts';
import { Numbering, type Particulars } from './numbering.ts';
import type { Reply } from './reply.ts';
import { responseOf, resultText, Tools } from './tools.ts';
import type { Workplace } from './workplace.ts';

export type Posted = Extract<Message, { kind: 'request' }>;

/** One request that was posted, and where its answer goes. */
export interface Visit {
  readonly message: Posted;
  readonly headers: IncomingHttpHeaders;
  readonly reply: Reply;
}

export class Desk {
  readonly tools: Tools;
  readonly #workplace: Workplace;
  readonly #numbering: Numbering;
  readonly #clock: Clock;

  constructor(settings: FakeServerSettings, workplace: Workplace, clock: Clock) {
    this.tools = new Tools(settings.id, settings.traffic.calls);
    this.#workplace = workplace;
    this.#numbering = new Numbering(settings.traffic, settings.seed);
    this.#clock = clock;
  }

  /** Does `then` if the server is able to; else what its faults do. */
  inMood(reply: Reply, id: JsonRpcId, then: () => void): void {
    switch (this.#workplace.mood()) {
      case 'fine':
        then();
        break;
      case 'silent':
        break;
      case 'http-5xx':
        reply.json(500, errorBody(id, CODE.internalError, 'Internal error'));
        break;
      case 'refused':
        reply.destroy();
        break;
    }
  }

  /** The result of a request that is no work. */
  result({ message: { id }, reply }: Visit, result: string): void {
    this.inMood(reply, id, () => reply.answer(responseOf(id, result)));
  }

  /** A JSON-RPC error in a good HTTP answer: the request was understood, and cannot be done. */
  error({ message: { id }, reply }: Visit, code: number, message: string): void {
    this.inMood(reply, id, () => reply.answer(errorBody(id, code, message)));
  }

  /** An HTTP error with the JSON-RPC error that says why. */
  refuse(
    reply: Reply,
    id: JsonRpcId,
    status: number,
    [code, message, data]: readonly [code: number, message: string, data?: unknown],
    headers?: OutgoingHttpHeaders,
  ): void {
    this.inMood(reply, id, () => reply.json(status, errorBody(id, code, message, data), headers));
  }

  /** `tools/call`. `session`: its number, 0 for none. Gives the errand when there is something to wait for. */
  call(visit: Visit, era: Era, session: number, ended?: () => void): Errand | null {
    const { params, id } = visit.message;
    const tool =
      typeof params['name'] === 'string' ? this.tools.indexOf(params['name']) : undefined;
    if (tool === undefined) {
      this.error(visit, CODE.invalidParams, `Unknown tool: ${String(params['name'])}`);
      return null;
    }
    const said = saidIn(params);
    if (said === MALFORMED) {
      const text = 'Invalid arguments: allowed is an object with an optional string `text`';
      this.result(visit, resultText(era, text, true));
      return null;
    }
    const deferrals = deferralsIn(params['requestState']);
    const particulars = { kind: 'call', tool, era, session, deferrals } as const;
    return this.work(visit, particulars, ended, (failed) => {
      const result = failed ? this.tools.failed(era, tool) : this.tools.done(era, tool, said);
      visit.reply.answer(responseOf(id, result));
    });
  }

  /** Any request that is work: takes its number and its way through the workplace. */
  work(
    { message: { id, params }, headers, reply }: Visit,
    particulars: Particulars,
    ended: (() => void) | undefined,
    complete: (toolFailed: boolean) => void,
  ): Errand | null {
    const request = this.#numbering.request(params['_meta'], particulars, this.#clock.now());
    if (typeof request === 'string') {
      this.refuse(reply, id, 400, [CODE.invalidParams, request]);
      return null;
    }
    const errand = new Errand(this.#workplace, reply, id, complete);
    errand.run(request, attemptOf(headers), ended);
    return errand;
  }
}

const MALFORMED = Symbol('malformed arguments');

/** The argument `text`, if there is one. */
const saidIn = ({ arguments: given }: Params): string | undefined | typeof MALFORMED => {
  if (given === undefined) return undefined;
  if (!isRecord(given)) return MALFORMED;
  const { text } = given;
  return text === undefined || typeof text === 'string' ? text : MALFORMED;
};

const attemptOf = (headers: IncomingHttpHeaders): number => {
  const told = headers[HEADER.attempt];
  return typeof told === 'string' && /^\d{1,9}$/.test(told) ? Number(told) : 0;
};
