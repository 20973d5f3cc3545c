/**
 * What passes through without being a request of the fleet's: streams (a legacy GET, a modern subscription), which have no
 * deadline and no outcome, and a client's notifications, answers and farewells, which belong where their session is.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { ClientReply } from './client-reply.ts';
import { refusal } from './refusal.ts';

/** Told by servers whose list of tools has changed. */
const TOOLS_CHANGED = 'notifications/tools/list_changed';

export class Passage implements Dispatcher.DispatchHandler {
  status = 0;
  headers: IncomingHttpHeaders = {};
  readonly #client: ClientReply;
  readonly #ended: (passage: Passage) => void;
  readonly #toolsChanged: () => void;
  #controller: Dispatcher.DispatchController | null = null;
  #over = false;

  /** `ended` is called once, however it ends. */
  constructor(
    client: ClientReply,
    ended: (passage: Passage) => void,
    toolsChanged: () => void = () => {},
  ) {
    this.#client = client;
    this.#ended = ended;
    this.#toolsChanged = toolsChanged;
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
    this.status = status;
    this.headers = headers;
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
    if (this.#over) return;
    const { status, headers, body } = refusal('reset', null);
    this.#client.send(status, headers, body);
    this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended(this);
  }
}
