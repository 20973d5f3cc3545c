/**
 * The listening socket of a fake server, which a fault can close and its end open again: on the same port, as clients
 * know no other. While it is closed the kernel refuses connections; those that are busy finish what they do.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Between attempts to listen again on a port that somebody else holds at the moment, ms. */
const REOPEN_MS = 100;

export class Door {
  readonly #server: Server;
  #address: { readonly port: number; readonly host: string } | null = null;
  #retry: NodeJS.Timeout | undefined;

  constructor(server: Server) {
    this.#server = server;
  }

  get isOpen(): boolean {
    return this.#server.listening;
  }

  /** Opens it for the first time; `port` 0 takes any free one. Rejects as `net.Server.listen` fails. */
  open(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        this.#address = { port: (this.#server.address() as AddressInfo).port, host };
        resolve(this.#address.port);
      });
    });
  }

  /** Closes it for a while. */
  shut(): void {
    clearTimeout(this.#retry);
    if (!this.isOpen) return;
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  /** Opens it again. */
  reopen(): void {
    if (this.isOpen || this.#address === null) return;
    const { port, host } = this.#address;
    const onError = (): void => {
      this.#retry = setTimeout(() => this.reopen(), REOPEN_MS);
    };
    this.#server.once('error', onError);
    this.#server.listen(port, host, () => this.#server.off('error', onError));
  }

  /** Closes it for good, with every connection there is. */
  async close(): Promise<void> {
    clearTimeout(this.#retry);
    this.shut();
    // Answers given in this turn of the loop leave first.
    await new Promise((resolve) => setImmediate(resolve));
    this.#server.closeAllConnections();
  }
}
