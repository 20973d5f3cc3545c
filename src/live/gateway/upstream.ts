/**
 * The way to one server: two pools of keep-alive connections, one for calls and one for what may stay open for hours, so
 * that a thousand idle streams do not stand in the way of a call. Neither has a limit on connections: how many calls a
 * server gets is the balancer's decision, and a queue in front of it that nobody sees would be another one. Deadlines
 * are the fleet's, so the pools have none.
 *
 * How long an idle connection is kept is the server's word, up to a limit (of one that says nothing, undici's 4 s for
 * calls): a stream that is dropped leaves one behind, since undici connects anew when it breaks a connection off, and a
 * thousand of those must not stay for minutes.
 */
import { Pool, type Dispatcher } from 'undici';

/** To connect: a server that does not answer a SYN for so long has not been reached. */
const CONNECT_TIMEOUT_MS = 5000;
/** Calls come one after the other, and their connections with them. */
const CALLS_IDLE_MS = 60_000;
/** A stream or a health check is seldom followed by another one soon. */
const REST_IDLE_MS = 2000;

export interface Outbound {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer | string | null;
  /** `?x=y`, or empty. */
  readonly search?: string;
  /** Instead of the path of the MCP endpoint. */
  readonly path?: string;
}

export class Upstream {
  readonly url: URL;
  /** Calls that are there now, as the gateway counts them. */
  inFlight = 0;
  /** Streams that are open now. */
  streams = 0;
  readonly #calls: Pool;
  readonly #rest: Pool;

  constructor(url: URL) {
    this.url = url;
    this.#calls = poolTo(url, { keepAliveMaxTimeout: CALLS_IDLE_MS });
    this.#rest = poolTo(url, {
      keepAliveTimeout: REST_IDLE_MS,
      keepAliveMaxTimeout: REST_IDLE_MS,
    });
  }

  /** Sends a call. */
  call(outbound: Outbound, handler: Dispatcher.DispatchHandler): void {
    this.#dispatch(this.#calls, outbound, handler);
  }

  /** Sends anything else: a stream, a notification, a health check. */
  pass(outbound: Outbound, handler: Dispatcher.DispatchHandler): void {
    this.#dispatch(this.#rest, outbound, handler);
  }

  /** Breaks off whatever is there. */
  async destroy(): Promise<void> {
    await Promise.all([this.#calls.destroy(), this.#rest.destroy()]);
  }

  #dispatch(pool: Pool, outbound: Outbound, handler: Dispatcher.DispatchHandler): void {
    const { method, headers, body, search = '', path = this.url.pathname } = outbound;
    // undici only reads the list.
    const list = headers as string[];
    pool.dispatch(
      { path: `${path}${search || this.url.search}`, method, headers: list, body },
      handler,
    );
  }
}

const poolTo = (url: URL, idle: Pool.Options): Pool =>
  new Pool(url.origin, {
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    ...idle,
  });
