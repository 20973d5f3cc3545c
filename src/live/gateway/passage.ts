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
import type { ReplyContext } from '../mcp/reply-outcome.ts';
import { ReplyJudge, STRAY } from '../mcp/reply.ts';
import type { ClientReply } from './client-reply.ts';
import { outcomeOfError } from './upstream-error.ts';

/** Told by servers whose list of tools has changed. */
const TOOLS_CHANGED = 'notifications/tools/list_changed';

export interface PassageOptions {
  /** A stream must have begun by `deadline`, anything else must be over. */
  readonly stream: boolean;
  readonly deadline: Millis;
  /** What an error of ours answers. */
  readonly id: JsonRpcId;
  /** Called once, however it ends; with the status of its answer, 0 when there was none. */
  readonly ended: (outcome: Outcome, status: number) => void;
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
  /** Of its answer, once that has begun. */
  #status = 0;
  #over = false;

  constructor(client: ClientReply, context: ReplyContext | null, options: PassageOptions) {
    const { deadline } = options;
    this.#client = client;
    this.#context = context;
    this.#options = options;
    this.#timer = deadline === NEVER ? null : setTimeout(() => this.#expire(), deadline);
  }

  /** The client has gone: whoever streams need not any more. */
  abort(): void {
    this.#end('cancelled');
    this.#controller?.abort(new Error('given up'));
  }

  /** The gateway goes: a stream that has begun ends, anything else is refused. */
  close(): void {
    if (this.#over) return;
    if (this.#options.stream && this.#status > 0) this.#client.end();
    else this.#client.refuse('no-server', this.#options.id);
    this.abort();
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
    this.#status = status;
    if (this.#options.stream) this.#calm();
    if (this.#context !== null) this.#judge = new ReplyJudge(this.#context, status, headers);
    this.#client.begin(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    if (chunk.includes(TOOLS_CHANGED)) this.#options.toolsChanged();
    const passed = this.#judge === null ? chunk : this.#judge.read(chunk);
    if (passed === null) controller.abort(new Error(STRAY));
    if (passed === null || passed.length === 0 || this.#client.data(passed)) return;
    controller.pause();
    this.#client.whenDrained(() => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#over) return;
    const rest = this.#judge?.rest();
    if (rest === null) {
      this.#fail('reset');
      return;
    }
    if (rest !== undefined && rest.length > 0) this.#client.data(rest);
    this.#client.end();
    this.#end(this.#judge?.verdict() ?? 'ok');
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(outcomeOfError(error));
  }

  #expire(): void {
    this.#fail('timeout');
    this.#controller?.abort(new Error('too late'));
  }

  #fail(reason: 'refused' | 'reset' | 'timeout'): void {
    if (this.#over) return;
    this.#client.refuse(reason, this.#options.id);
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
    this.#options.ended(outcome, this.#status);
  }
}
