/**
 * The live world: does what a fleet wants, with real connections to real servers, and tells it what happened. Everything
 * runs on one thread and every fact carries the time at which it is told, so facts come in order and a journal of them
 * can be replayed. Bytes are relayed as they come; the fleet hears of the first and the last.
 */
import { isFailure, type Outcome } from '../../core/outcome.ts';
import { serverName, type Request, type ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { Facts } from '../../fleet/facts.ts';
import type { Call, FleetNote, Intentions } from '../../fleet/intentions.ts';
import type { Clock } from '../clock.ts';
import { parseLoad } from '../mcp/load-header.ts';
import { HEADER } from '../mcp/names.ts';
import { Alarm } from './alarm.ts';
import { Attempt, type AttemptEvents } from './attempt.ts';
import { Checks, type CheckOptions } from './checks.ts';
import type { Exchange } from './exchange.ts';
import type { ServerHost } from './host.ts';
import { Roster, type Listed } from './roster.ts';
import { SessionNames, type Session } from './session-names.ts';
import { TaskHolders } from './task-holders.ts';
import type { ToolCatalogue } from './tool-catalogue.ts';
import { Turns } from './turns.ts';
import { Upstream } from './upstream.ts';

/** Who looks on: meters. */
export interface Watch {
  sent(call: Call): void;
  replied(exchange: Exchange, outcome: Outcome, tookMs: Millis): void;
  noted(note: FleetNote): void;
}

export interface LiveWorldOptions extends CheckOptions {
  readonly clock: Clock;
  readonly host: ServerHost;
  /** Of the servers at time 0, by id. */
  readonly weights: readonly number[];
  /** Of every server started later. */
  readonly newWeight: number;
  /** Somebody listens to reports of load. */
  readonly reports: boolean;
  readonly tools: ToolCatalogue;
  readonly watch: Watch;
}

const NOT_FOUND = 404;

export class LiveWorld implements Intentions, AttemptEvents {
  readonly roster = new Roster();
  readonly sessions = new SessionNames();
  readonly tasks = new TaskHolders();
  readonly #options: LiveWorldOptions;
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  /** By call slot. */
  readonly #attempts: (Attempt | null)[] = [];
  /** The session that an `initialize` in its slot has named, until it is settled. */
  readonly #named = new Map<Attempt, Session>();
  #facts: Facts | null = null;
  readonly #turns = new Turns();
  readonly #checks: Checks;

  constructor(options: LiveWorldOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#checks = new Checks(this.roster, options);
    this.#alarm = new Alarm(options.clock, () =>
      this.#turns.take(() => this.#facts?.woke(this.#clock.now())),
    );
  }

  /** Starts the servers of time 0; resolves when all listen. */
  async start0(): Promise<void> {
    const { weights, host } = this.#options;
    const listed = weights.map((weight, id) => this.roster.add(id, weight, true));
    const urls = await Promise.all(listed.map(({ id }) => host.start(id)));
    listed.forEach((entry, id) => (entry.upstream = new Upstream(urls[id]!)));
    const first = listed[0]?.upstream;
    if (first) await this.#options.distance?.measure(first, this.#options.probe);
  }

  /** The doors open: from here on `facts` is told what happens. */
  open(facts: Facts): void {
    this.#facts = facts;
    facts.opened(this.#clock.now());
  }

  /** A client wants something. */
  arrive(exchange: Exchange): void {
    this.#turns.take(() => this.#facts?.arrived(this.#clock.now(), exchange));
  }

  /** A modern client went away, which in that era cancels its request. */
  leave(exchange: Exchange): void {
    this.#turns.take(() => {
      if (!exchange.concluded) this.#facts?.left(this.#clock.now(), exchange);
    });
  }

  /** A session is over: said goodbye, or forgotten. */
  endSession(session: Session): void {
    this.sessions.forget(session.name);
    this.#turns.take(() => this.#facts?.closed(this.#clock.now(), session.number));
  }

  /** A server has come back, maybe at another address, or is up for the first time after a bad start. */
  relocate(id: ServerId, url: URL): void {
    const listed = this.roster.all[id];
    if (listed === undefined || listed.upstream?.url.href === url.href) return;
    if (listed.phase === 'starting') {
      this.#up(listed, url);
      return;
    }
    void listed.upstream?.destroy();
    listed.upstream = new Upstream(url);
  }

  /** Ends all that is going on. The fleet hears no more. */
  async close(): Promise<void> {
    this.#facts = null;
    this.#alarm.set(Infinity);
    this.#options.distance?.close();
    await Promise.all(this.roster.all.map(async ({ upstream }) => upstream?.destroy()));
    await this.#options.host.close();
  }

  send(_now: Millis, call: Call): void {
    const exchange = call.request as Exchange;
    const { upstream } = this.roster.all[call.server]!;
    const attempt = new Attempt(call.id, call.server, upstream!, exchange, this);
    exchange.hold(null);
    this.#attempts[call.id] = attempt;
    upstream!.inFlight++;
    this.#options.watch.sent(call);
    const headers = exchange.driven
      ? [...exchange.headers, HEADER.attempt, String(call.attempt)]
      : exchange.headers;
    const { distance } = this.#options;
    if (distance === null) attempt.send(headers);
    else {
      attempt.send(headers, (outbound) => distance.call(upstream!, outbound, attempt, call));
    }
  }

  abandon(_now: Millis, call: Call): void {
    // Its answer may be what the fleet is hearing at this very moment, its deadline having passed before.
    const attempt = this.#attempts[call.id];
    if (attempt === null || attempt === undefined) return;
    this.#settled(attempt);
    attempt.abandon();
    this.#settleSession(attempt, false);
  }

  withhold(_now: Millis, request: Request): void {
    (request as Exchange).hold(null);
  }

  probe(_now: Millis, server: ServerId, timeout: Millis): void {
    this.#checks.check(server, timeout, ({ ok, report }) =>
      this.#turns.take(() => {
        const now = this.#clock.now();
        if (report !== null && this.#options.reports) this.#facts?.reported(now, server, report);
        this.#facts?.probed(now, server, ok);
      }),
    );
  }

  /** As a scrape would: a health check by HTTP that is none. */
  ask(_now: Millis, server: ServerId): void {
    this.#checks.scrape(server, (report) =>
      this.#turns.take(() => this.#facts?.reported(this.#clock.now(), server, report)),
    );
  }

  start(_now: Millis, server: ServerId): void {
    const { host, newWeight, log } = this.#options;
    const listed = this.roster.add(server, newWeight, false);
    host.start(server).then(
      (url) => this.#up(listed, url),
      (error: Error) => {
        if (listed.phase === 'gone') return;
        listed.lastError = error.message;
        log.warn({ server: serverName(server) }, `cannot be started: ${error.message}`);
      },
    );
  }

  stop(_now: Millis, server: ServerId): void {
    const listed = this.roster.all[server]!;
    void this.#options.host.stop(server).then(async () => {
      await listed.upstream?.destroy();
      this.#turns.take(() => this.#facts?.exited(this.#clock.now(), server));
    });
  }

  wakeAt(_now: Millis, at: Millis): void {
    this.#alarm.set(at);
  }

  reply(_now: Millis, request: Request, outcome: Outcome): void {
    const exchange = request as Exchange;
    exchange.conclude(outcome);
    this.#options.watch.replied(exchange, outcome, this.#clock.now() - exchange.at);
  }

  note(note: FleetNote): void {
    const { kind, server, text, because, state, tool } = note;
    const { watch, log, tools } = this.#options;
    this.roster.note(note);
    watch.noted(note);
    const where = server === null ? {} : { server: serverName(server) };
    const what = tool === undefined ? {} : { tool: tools.nameOf(tool) ?? null };
    log.info({ kind, ...where, ...what, state, because }, text);
  }

  began(attempt: Attempt): void {
    this.#turns.take(() => this.#began(attempt));
  }

  ended(attempt: Attempt, outcome: Outcome, error: string | null): void {
    this.#turns.take(() => this.#ended(attempt, outcome, error));
  }

  #began(attempt: Attempt): void {
    if (this.#attempts[attempt.call] !== attempt) return;
    const now = this.#clock.now();
    const { exchange, server, headers } = attempt;
    const name = headers[HEADER.session];
    if (exchange.kind === 'initialize' && typeof name === 'string') {
      this.#named.set(attempt, this.sessions.learn(name, exchange.session, server, now));
    }
    this.#facts?.began(now, attempt.call);
  }

  #ended(attempt: Attempt, outcome: Outcome, error: string | null): void {
    const { exchange, call, server } = attempt;
    // Given up before its turn came.
    if (this.#attempts[call] !== attempt) return;
    this.#settled(attempt);
    if (isFailure(outcome)) this.roster.all[server]!.lastError = error ?? outcome;
    if (outcome === 'ok') this.#learn(attempt);
    const now = this.#clock.now();
    this.#facts?.answered(now, call, outcome);
    // Not before: any fact settles deadlines, and this call's may be due.
    this.#tellLoad(now, attempt);
    if (outcome === 'session-lost' && attempt.status === NOT_FOUND) this.#forgetLost(now, exchange);
    if (exchange.kind !== 'initialize') return;
    // A server without sessions: there will be no farewell to wait for.
    if (outcome === 'ok' && !this.#named.has(attempt)) this.#facts?.closed(now, exchange.session);
    this.#settleSession(attempt, outcome === 'ok');
  }

  /** Health checks of which the fleet is not told. */
  rehearseProbes(timeout: Millis): void {
    this.#checks.rehearse(timeout);
  }

  #up(listed: Listed, url: URL): void {
    if (listed.phase === 'gone' || this.#facts === null) return;
    listed.upstream = new Upstream(url);
    this.#turns.take(() => this.#facts?.started(this.#clock.now(), listed.id));
  }

  /** Our own fake servers say with each answer how busy they are. */
  #tellLoad(now: Millis, { headers, server }: Attempt): void {
    const queued = headers[HEADER.queued];
    if (queued === undefined) return;
    this.roster.all[server]!.queued = Number(queued);
    if (!this.#options.reports) return;
    const report = parseLoad(headers[HEADER.load]);
    if (report !== null) this.#facts?.reported(now, server, report);
  }

  #settled(attempt: Attempt): void {
    this.#attempts[attempt.call] = null;
    attempt.upstream.inFlight--;
  }

  #settleSession(attempt: Attempt, ok: boolean): void {
    const session = this.#named.get(attempt);
    if (session === undefined) return;
    this.#named.delete(attempt);
    const before = this.sessions.settle(session, ok);
    if (before === null) return;
    // A server that was restarted may count its sessions anew; what another one calls the same would be mixed up.
    if (before.server !== session.server) {
      const [one, other] = [serverName(before.server), serverName(session.server)];
      this.#options.log.warn({ servers: [one, other] }, 'two servers gave a session the same id');
    }
    this.#facts?.closed(this.#clock.now(), before.number);
  }

  /** The server itself says, as the specification has it, that it knows the session no more. */
  #forgetLost(now: Millis, { sessionName, session }: Exchange): void {
    if (sessionName === null || this.sessions.find(sessionName)?.number !== session) return;
    this.sessions.forget(sessionName);
    this.#facts?.closed(now, session);
  }

  #learn({ exchange, answer, server }: Attempt): void {
    if (exchange.method === 'tools/list') this.#options.tools.learn(answer);
    else if (exchange.method === 'tools/call') this.tasks.learn(answer, server);
  }
}
