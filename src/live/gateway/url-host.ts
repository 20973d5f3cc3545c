/**
 * Servers that somebody else runs, at URLs. It can start nothing: `start` hands out the next URL that is free at once, and
 * `stop` takes it back. When a fleet wants more servers than there are, it is told so by a rejection.
 */
import type { ServerId } from '../../core/request.ts';
import type { ServerHost } from './host.ts';

export class UrlHost implements ServerHost {
  readonly #free: URL[];
  readonly #taken = new Map<ServerId, URL>();

  constructor(urls: readonly URL[]) {
    this.#free = [...urls];
  }

  start(id: ServerId): Promise<URL> {
    const url = this.#free.shift();
    if (url === undefined) return Promise.reject(new Error('no further URL was given'));
    this.#taken.set(id, url);
    return Promise.resolve(url);
  }

  stop(id: ServerId): Promise<void> {
    const url = this.#taken.get(id);
    this.#taken.delete(id);
    if (url !== undefined) this.#free.push(url);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
