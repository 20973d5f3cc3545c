/**
 * One HTTP exchange over undici's `dispatch`, without a promise: headers and body are gathered as they come, and told
 * when the last byte is there, or with the reason why it never will be.
 */
import type { Dispatcher } from 'undici';

/** What came back; or nothing did, and `error` is the system's code (ECONNREFUSED, UND_ERR_SOCKET ...). */
export type Reply =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: Buffer;
    }
  | { readonly error: string };

/** A body beyond this is not kept whole: no answer that anyone judges is that long. Bytes. */
const MOST_BYTES = 8 * 1024 * 1024;

export class Exchange implements Dispatcher.DispatchHandler {
  readonly #done: (reply: Reply) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};

  constructor(done: (reply: Reply) => void) {
    this.#done = done;
  }

  /** Its presence is how undici tells this from a handler of version 6. */
  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= MOST_BYTES) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#done({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    this.#done({ error: code ?? error.name });
  }
}
