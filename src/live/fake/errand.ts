/**
 * One piece of work on behalf of one HTTP request: from the door of the workplace to the answer, or to the client's
 * leaving. In the modern era a client that goes cancels its call; in the legacy era the server works on, and only
 * `notifications/cancelled` takes the call out.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import type { Request } from '../../core/request.ts';
import { NO_JOB, type JobId } from '../../fake/jobs.ts';
import { deferral } from '../mcp/deferral.ts';
import { errorBody, type JsonRpcId } from '../mcp/errors.ts';
import { CODE } from '../mcp/names.ts';
import { responseOf } from './tools.ts';
import type { Reply } from './reply.ts';
import type { Answer, Waiter, Workplace } from './workplace.ts';

/** Seconds, for a client that was turned away. */
const RETRY_AFTER = { 'retry-after': '1' };

export class Errand implements Waiter {
  readonly #workplace: Workplace;
  readonly #reply: Reply;
  readonly #id: JsonRpcId;
  readonly #complete: (toolFailed: boolean) => void;
  #job: JobId = NO_JOB;
  #over = false;
  /** How often full servers have sent this request away. */
  #deferrals = 0;

  /** `complete` answers, when the work is done. */
  constructor(
    workplace: Workplace,
    reply: Reply,
    id: JsonRpcId,
    complete: (toolFailed: boolean) => void,
  ) {
    this.#workplace = workplace;
    this.#reply = reply;
    this.#id = id;
    this.#complete = complete;
  }

  /** Does the work. `ended` is called when nobody waits any more: answered, given up or cancelled. */
  run(request: Request, attempt: number, ended?: () => void): void {
    this.#deferrals = request.deferrals ?? 0;
    const job = this.#workplace.offer(request, attempt, this);
    if (this.#over) {
      ended?.();
      return;
    }
    this.#job = job;
    this.#reply.onClose(() => {
      this.#leave(request.era === 'modern');
      ended?.();
    });
  }

  /** The client wants no answer any more: none is given (MCP 2025-11-25, cancellation). */
  cancel(): void {
    if (this.#over) return;
    this.#leave(true);
    this.#reply.withdraw();
  }

  began(): void {
    // Work of no length is answered before the tick: its head and its event leave together.
    process.nextTick(() => {
      if (!this.#over) this.#reply.openEvents();
    });
  }

  answered(answer: Answer): void {
    this.#over = true;
    switch (answer) {
      case 'ok':
      case 'tool-error':
        this.#complete(answer === 'tool-error');
        break;
      case 'overloaded':
        this.#fail(503, CODE.server, 'Server overloaded: try again later', RETRY_AFTER);
        break;
      case 'deferred':
        this.#reply.answer(responseOf(this.#id, deferral(this.#deferrals + 1)));
        break;
      case 'throttled':
        this.#fail(429, CODE.server, 'Too many requests: try again later', RETRY_AFTER);
        break;
      case 'http-5xx':
        this.#fail(500, CODE.internalError, 'Internal error');
        break;
      case 'session-lost':
        this.#fail(404, CODE.sessionNotFound, 'Session not found');
        break;
      case 'refused':
      case 'reset':
        this.#reply.destroy();
        break;
    }
  }

  #fail(status: number, code: number, message: string, headers: OutgoingHttpHeaders = {}): void {
    this.#reply.json(status, errorBody(this.#id, code, message), headers);
  }

  #leave(cancelled: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#workplace.leave(this.#job, cancelled);
  }
}
