/**
 * What passes through without being a request of the fleet's: streams (a legacy GET, a modern subscription), which have no
 * outcome and may stay for hours once they have begun, and a client's notifications, answers and farewells, which belong
 * where their session is; and requests about a task, which only the server that made it can answer. A server that says
 * nothing at all is waited for as long as for a call, and at most a minute.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Outcome } from '../../core/outcome.ts';
import { NEVER, type Millis } from '../../core/units.ts';
import type { JsonRpcId } from '../mcp/errors.ts';
import { ReplyJudge, STRAY, type ReplyContext } from '../mcp/reply.ts';
import type { ClientReply } from './client-reply.ts';
import { refusal } from './refusal.ts';

/** Told by servers whose list of tools has changed. */
const TOOLS_CHANGED = 'notifications/tools/list_changed';

export interface PassageOptions {
  /** A stream must have begun by `deadline`, anything else must be over. */
  readonly stream: boolean;
  readonly deadline: Millis;
  /** What an error of ours answers. */
  readonly id: JsonRpcId;
  /** Called once, however it ends. */
  readonly ended: (outcome: Outcome) => void;
  readonly toolsChanged: () => void;
}

export class Passage implements Dispatcher.DispatchHandler {
  readonly #client: ClientReply;
  readonly #options: PassageOptions;
  /** By which a request is judged; null for anything else. */
  readonly #context: ReplyContext | null;
  #judge: ReplyJudge | null = null;
  /** While a deadline runs. */
  #timer: NodeJS.Timeout | null;
  #controller: Dispatcher.DispatchController | null = null;
  #over = false;

  constructor(client: ClientReply, context: ReplyContext | null, options: PassageOptions) {
    const { deadline } = options;
    this.#client = client;
    this.#context = context;
    this.#options = options;
    this.#timer = deadline === NEVER ? null : setTimeout(() => this.#expire(), deadline);
  }

  /** The client has gone, or the gateway is: whoever streams need not any more. */
  abort(): void {
    this.#controller?.abort(new Error('given up'));
    this.#end('cancelled');
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('given up'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (this.#over || status < 200) return;
    if (this.#options.stream) this.#calm();
    if (this.#context !== null) this.#judge = new ReplyJudge(this.#context, status, headers);
    this.#client.begin(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    if (chunk.includes(TOOLS_CHANGED)) this.#options.toolsChanged();
    if (this.#judge?.read(chunk) === false) {
      controller.abort(new Error(STRAY));
      return;
    }
    if (this.#client.data(chunk)) return;
    controller.pause();
    this.#client.whenDrained(() => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#over) return;
    if (this.#judge?.strays() === true) {
      this.#fail('reset');
      return;
    }
    this.#client.end();
    this.#end(this.#judge?.verdict() ?? 'ok');
  }

  onResponseError(_controller: Dispatcher.DispatchController, _error: Error): void {
    this.#fail('reset');
  }

  #expire(): void {
    this.#fail('timeout');
    this.#controller?.abort(new Error('too late'));
  }

  #fail(reason: 'reset' | 'timeout'): void {
    if (this.#over) return;
    const { status, headers, body } = refusal(reason, this.#options.id);
    this.#client.send(status, headers, body);
    this.#end(reason);
  }

  #calm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #end(outcome: Outcome): void {
    if (this.#over) return;
    this.#over = true;
    this.#calm();
    this.#options.ended(outcome);
  }
}
