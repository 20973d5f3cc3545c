/**
 * The HTTP side of all clients together: one pool of connections to the gateway that grows as far as it is asked, since
 * an open loop must never wait for a connection to be free. Knows the server's names of legacy sessions.
 */
import { Pool } from 'undici';
import type { Outcome } from '../../core/outcome.ts';
import type { Request } from '../../core/request.ts';
import type { Traffic } from '../../scenario/scenario.ts';
import { COME_AGAIN_MS } from '../../scenario/traffic.ts';
import { HEADER } from '../mcp/names.ts';
import { Exchange, type Reply } from './exchange.ts';
import { outcomeOf, requestContext, stateIn } from './verdict.ts';
import { legacyHeaders, Wire, type Message } from './wire.ts';

/** No deadline of the client's own: the gateway keeps `timeout`, and the driver ends the run. */
const NO_LIMIT = 0;
/** Connections are kept over pauses in the traffic; less, when the gateway says so. */
const KEEP_ALIVE_MS = 60_000;

export class Client {
  readonly #pool: Pool;
  readonly #path: string;
  readonly #wire: Wire;
  /** The server's name of a session, by its number. */
  readonly #ids = new Map<number, string>();

  constructor(url: URL, traffic: Traffic, seed: number) {
    this.#path = `${url.pathname}${url.search}`;
    this.#wire = new Wire(traffic, seed);
    this.#pool = new Pool(url.origin, {
      connections: null,
      pipelining: 1,
      headersTimeout: NO_LIMIT,
      bodyTimeout: NO_LIMIT,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
    });
  }

  /** Sends it now; `done` hears how it ended when the last byte is there. */
  send(request: Request, done: (outcome: Outcome) => void): void {
    this.#send(request, null, done);
  }

  /** A request that a full server deferred is sent again with the `requestState` it gave: at once, later after a pause. */
  #send(request: Request, state: string | null, done: (outcome: Outcome) => void): void {
    const sessionId = this.#ids.get(request.session) ?? null;
    const message = this.#wire.message(request, sessionId, state);
    this.#post(message, (reply) => {
      const context = requestContext(request.era, sessionId, message);
      const outcome = outcomeOf(reply, context);
      if (request.kind === 'initialize' && outcome === 'ok') this.#learn(request.session, reply);
      if (outcome !== 'deferred') done(outcome);
      else this.#comeAgain(request, state !== null, stateIn(reply), done);
    });
  }

  #comeAgain(
    request: Request,
    pauses: boolean,
    state: string | null,
    done: (outcome: Outcome) => void,
  ): void {
    if (pauses) setTimeout(() => this.#send(request, state, done), COME_AGAIN_MS);
    else this.#send(request, state, done);
  }

  /** The second half of a legacy handshake; `done` when the server has heard it, or will not. */
  confirm(session: number, done: () => void): void {
    this.#post(this.#wire.initialized(this.#ids.get(session) ?? null), done);
  }

  /** Ends a legacy session at the server, as a polite client does. Nobody waits for the answer. */
  endSession(session: number): void {
    const id = this.#ids.get(session);
    if (id === undefined) return;
    this.#ids.delete(session);
    const headers = legacyHeaders(id);
    this.#pool.dispatch({ method: 'DELETE', path: this.#path, headers }, new Exchange(() => {}));
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  #learn(session: number, reply: Reply): void {
    const id = 'headers' in reply ? reply.headers[HEADER.session] : undefined;
    if (typeof id === 'string') this.#ids.set(session, id);
  }

  #post({ headers, body }: Message, done: (reply: Reply) => void): void {
    const options = { method: 'POST', path: this.#path, headers, body } as const;
    this.#pool.dispatch(options, new Exchange(done));
  }
}
