/**
 * What passes through without being a request of the fleet's: streams (a legacy GET, a modern subscription), which have no
 * outcome and may stay for hours once they have begun, and a client's notifications, answers and farewells, which belong
 * where their session is. A server that says nothing at all is waited for as long as for a call, and at most a minute.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { NEVER, type Millis } from '../../core/units.ts';
import type { ClientReply } from './client-reply.ts';
import { refusal } from './refusal.ts';

/** Told by servers whose list of tools has changed. */
const TOOLS_CHANGED = 'notifications/tools/list_changed';

export class Passage implements Dispatcher.DispatchHandler {
  readonly #client: ClientReply;
  readonly #ended: (passage: Passage) => void;
  readonly #toolsChanged: () => void;
  /** While a deadline runs. */
  #timer: NodeJS.Timeout | null;
  readonly #stream: boolean;
  #controller: Dispatcher.DispatchController | null = null;
  #over = false;

  /**
   * A stream must have begun by `deadline` ms, anything else must be over. `ended` is called once, however it ends.
   */
  constructor(
    client: ClientReply,
    stream: boolean,
    deadline: Millis,
    ended: (passage: Passage) => void,
    toolsChanged: () => void,
  ) {
    this.#client = client;
    this.#stream = stream;
    this.#ended = ended;
    this.#toolsChanged = toolsChanged;
    this.#timer = deadline === NEVER ? null : setTimeout(() => this.#expire(), deadline);
  }

  /** The client has gone, or the gateway is: whoever streams need not any more. */
  abort(): void {
    this.#controller?.abort(new Error('given up'));
    this.#end();
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
    if (this.#stream) this.#calm();
    this.#client.begin(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    if (chunk.includes(TOOLS_CHANGED)) this.#toolsChanged();
    if (this.#client.data(chunk)) return;
    controller.pause();
    this.#client.whenDrained(() => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#client.end();
    this.#end();
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
    const { status, headers, body } = refusal(reason, null);
    this.#client.send(status, headers, body);
    this.#end();
  }

  #calm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#calm();
    this.#ended(this);
  }
}
