/**
 * The demand: who arrives when, wanting what. Every draw is keyed by the request's own (arrival, call), so that all
 * contenders, and the simulated and the live world, meet the same demand request by request. A session is a client in a
 * closed loop: it initialises (legacy only), calls, waits for the reply, thinks, and calls again.
 */
import { sampler, durationSampler, type Sampler } from '../core/distributions.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Request, RequestKind } from '../core/request.ts';
import { Draws } from '../core/rng.ts';
import { Zipf } from '../core/zipf.ts';
import { NEVER, type Millis } from '../core/units.ts';
import { arrivalStream, type ArrivalStream } from './arrivals.ts';
import type { Inputs, Traffic } from './scenario.ts';

/** A client in a session. */
interface Client {
  readonly arrival: number;
  /** Tool calls it will make. */
  readonly calls: number;
  made: number;
  initialised: boolean;
  /** Times it initialised after the first. */
  renewals: number;
  lost: boolean;
  /** It began in the measured time. */
  readonly counted: boolean;
}

export interface SessionTally {
  started: number;
  lost: number;
  recovered: number;
  calls: number;
}

/** How long what is in flight when the duration is over is followed. */
export const followMs = (traffic: Traffic, duration: Millis): Millis =>
  traffic.timeout ?? duration / 10;

/** Pause of a deferred client before its second and each later return; it comes at once the first time. */
export const COME_AGAIN_MS: Millis = 100;

/** Renewed initialisations get call numbers from here on, so that tool calls keep theirs. */
const RENEWALS_FROM = 1_000_000;

export class Demand {
  /** When the next arrival is due; NEVER when there are no more. */
  nextAt: Millis;
  readonly tally: SessionTally = { started: 0, lost: 0, recovered: 0, calls: 0 };
  readonly #traffic: Traffic;
  /** Sessions that start from this instant on are counted in the tally. */
  readonly #countFrom: Millis;
  readonly #stream: ArrivalStream;
  readonly #clients = new Map<number, Client>();
  readonly #tools: Draws;
  readonly #works: Draws;
  readonly #thinks: Draws;
  readonly #mix: Draws;
  readonly #cumulative: readonly number[];
  readonly #workSamplers: readonly Sampler[];
  readonly #sessionCalls: Sampler | null;
  readonly #think: Sampler | null;
  readonly #keys: Zipf | null;
  readonly #keyDraws: Draws;
  #arrivals = 0;
  #sessions = 0;

  constructor(traffic: Traffic, inputs: Inputs, seed: number, countFrom: Millis = 0) {
    this.#traffic = traffic;
    this.#countFrom = countFrom;
    this.#stream = arrivalStream(traffic.arrivals, inputs, seed);
    this.#tools = new Draws(seed, 'tool');
    this.#works = new Draws(seed, 'work');
    this.#thinks = new Draws(seed, 'think');
    this.#mix = new Draws(seed, 'session');
    let sum = 0;
    this.#cumulative = traffic.calls.map((tool) => (sum += tool.share));
    this.#workSamplers = traffic.calls.map((tool) => durationSampler(tool.work, inputs));
    this.#sessionCalls = traffic.sessions && sampler(traffic.sessions.calls, inputs);
    this.#think = traffic.sessions && durationSampler(traffic.sessions.think, inputs);
    this.#keys = traffic.keys && new Zipf(traffic.keys.count, traffic.keys.skew);
    this.#keyDraws = new Draws(seed, 'key');
    this.nextAt = this.#stream.next();
  }

  /** The request that arrives at `nextAt`; moves on to the next arrival. */
  arrive(): Request {
    const at = this.nextAt;
    const arrival = this.#arrivals++;
    this.nextAt = this.#stream.next();
    const { sessions } = this.#traffic;
    const inSession =
      sessions !== null && (sessions.share >= 1 || this.#mix.uniform(arrival) < sessions.share);
    if (!inSession) return this.#call(at, arrival, 0, 0);
    const calls = Math.max(1, Math.round(this.#sessionCalls!(this.#mix.uniform(arrival, 1))));
    const client: Client = {
      arrival,
      calls,
      made: 0,
      initialised: sessions.era === 'modern',
      renewals: 0,
      lost: false,
      counted: at >= this.#countFrom,
    };
    const session = ++this.#sessions;
    this.#clients.set(session, client);
    if (client.counted) this.tally.started++;
    return this.#nextOf(at, session, client);
  }

  /** After the reply to a request of a session: when its client comes again, NEVER if it is done. */
  replied(now: Millis, request: Request, outcome: Outcome): Millis {
    const client = this.#clients.get(request.session);
    if (client === undefined) return NEVER;
    if (request.kind === 'initialize') {
      client.initialised = outcome === 'ok';
      if (client.initialised) return now;
      // Nobody to talk to: a client that came to begin goes away, one that recovers tries again later.
      if (client.renewals === 0) client.made = client.calls;
    } else if (outcome === 'session-lost') this.#lose(client);
    if (client.made >= client.calls) {
      this.#clients.delete(request.session);
      return NEVER;
    }
    return now + this.#think!(this.#thinks.uniform(client.arrival, request.call));
  }

  /** Is the session still going on? */
  isOpen(session: number): boolean {
    return this.#clients.has(session);
  }

  /** The next request of a session whose time has come. Its session number is new after a recovery. */
  resume(now: Millis, session: number): Request {
    const client = this.#clients.get(session)!;
    if (client.initialised) return this.#nextOf(now, session, client);
    this.#clients.delete(session);
    const renewed = ++this.#sessions;
    this.#clients.set(renewed, client);
    client.renewals++;
    if (client.renewals === 1 && client.counted) this.tally.recovered++;
    return this.#nextOf(now, renewed, client);
  }

  /** Time in a slot at speed 1 that a request takes, ms; a handshake takes none. */
  workOf(request: Request): Millis {
    if (request.kind === 'initialize') return 0;
    return this.#workSamplers[request.tool]!(this.#works.uniform(request.arrival, request.call));
  }

  /** The process that held a session has died; its client does not know yet. */
  holderDied(session: number): void {
    const client = this.#clients.get(session);
    if (client !== undefined) this.#countLost(client);
  }

  #lose(client: Client): void {
    this.#countLost(client);
    if (this.#traffic.sessions!.recover) client.initialised = false;
  }

  /** Once a session. */
  #countLost(client: Client): void {
    if (!client.lost && client.counted) this.tally.lost++;
    client.lost = true;
  }

  #nextOf(at: Millis, session: number, client: Client): Request {
    if (client.initialised) {
      if (client.counted) this.tally.calls++;
      return this.#call(at, client.arrival, ++client.made, session);
    }
    const call = client.renewals === 0 ? 0 : RENEWALS_FROM + client.renewals;
    return this.#request(at, client.arrival, call, session, 'initialize', -1);
  }

  #call(at: Millis, arrival: number, call: number, session: number): Request {
    return this.#request(at, arrival, call, session, 'call', this.#toolOf(arrival, call));
  }

  #toolOf(arrival: number, call: number): number {
    const cumulative = this.#cumulative;
    const last = cumulative.length - 1;
    if (last === 0) return 0;
    const point = this.#tools.uniform(arrival, call);
    let tool = 0;
    while (tool < last && point >= cumulative[tool]!) tool++;
    return tool;
  }

  #request(
    at: Millis,
    arrival: number,
    call: number,
    session: number,
    kind: RequestKind,
    tool: number,
  ): Request {
    const era = session === 0 ? this.#traffic.era : this.#traffic.sessions!.era;
    const safe = tool < 0 || this.#traffic.calls[tool]!.safe;
    const key = this.#keys === null ? 0 : this.#keys.at(this.#keyDraws.uniform(arrival));
    return { arrival, call, kind, tool, safe, era, session, key, at, account: -1 };
  }
}
