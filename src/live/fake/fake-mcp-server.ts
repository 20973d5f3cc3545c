/**
 * The fake MCP server: the behaviour in `fake/` served over Streamable HTTP, in both eras, at /mcp, with GET /health
 * beside it.
 *
 * `refuse` closes the listening socket and idle connections, while calls that run are answered. A crash is not done
 * here: whoever started the process kills it.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ServerTally } from '../../fake/fake-server.ts';
import type { FaultEffect } from '../../scenario/scenario.ts';
import type { LoadReport } from '../../core/load-report.ts';
import { NEVER, type Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';
import type { GuardOptions } from '../mcp/guard.ts';
import { Desk } from './desk.ts';
import { Door } from './door.ts';
import { Endpoint } from './endpoint.ts';
import { makeFront } from './front.ts';
import { Legacy } from './legacy.ts';
import type { FakeServerSettings } from './messages.ts';
import { Reply, type Standing } from './reply.ts';
import { Subscriptions } from './subscriptions.ts';
import { Workplace, type Waits } from './workplace.ts';

export interface FakeMcpServerOptions extends GuardOptions {
  /** A leak has run its course: the process is to die. */
  readonly leakedOut: () => void;
}

const KEEP_ALIVE_MS = 15_000;
/** Between looks at whether something has come about, ms. */
const LOOK_MS = 10;

export class FakeMcpServer implements Standing {
  readonly #options: FakeMcpServerOptions;
  readonly #workplace: Workplace;
  readonly #legacy: Legacy;
  readonly #subscriptions = new Subscriptions();
  readonly #front: FastifyInstance;
  readonly #door: Door;
  readonly #keepAliveMs: Millis;
  #keepAlive: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(settings: FakeServerSettings, clock: Clock, options: FakeMcpServerOptions) {
    const { eras = 'both', reply: form = 'auto', keepAlive = KEEP_ALIVE_MS } = settings;
    this.#options = options;
    this.#keepAliveMs = keepAlive;
    this.#workplace = new Workplace(settings, clock);
    const desk = new Desk(settings, this.#workplace, clock);
    this.#legacy = new Legacy(desk, this.#workplace, clock, settings.sessionIdle ?? NEVER);
    const endpoint = new Endpoint({ eras, form }, desk, this.#legacy, this.#subscriptions, this);
    const routes = {
      post: endpoint.post.bind(endpoint),
      get: endpoint.get.bind(endpoint),
      delete: endpoint.delete.bind(endpoint),
      health: this.#health.bind(this),
    };
    this.#front = makeFront(routes, options);
    this.#door = new Door(this.#front.server);
  }

  get busy(): number {
    return this.#workplace.busy;
  }

  get report(): LoadReport | null {
    return this.#workplace.report;
  }

  get queued(): number {
    return this.#workplace.queued;
  }

  get listening(): boolean {
    return this.#door.isOpen;
  }

  /** Starts to serve; `port` 0 takes any free one. Resolves with the port, rejects as `net.Server.listen` fails. */
  async listen(port: number, host = '127.0.0.1'): Promise<number> {
    await this.#front.ready();
    const bound = await this.#door.open(port, host);
    this.#workplace.rise();
    this.#keepAlive = setInterval(() => this.#giveSignOfLife(), this.#keepAliveMs);
    this.#moveDoor();
    return bound;
  }

  /** A fault begins or ends; `fault` is its number in the scenario. Crashes and flaps are the parent's to do. */
  setFault(fault: number, on: boolean, effect: FaultEffect, healthOk: boolean): void {
    if (effect.kind === 'crash' || effect.kind === 'flap') return;
    if (on) this.#workplace.faultBegins(fault, effect, healthOk);
    else this.#workplace.faultEnds(fault);
    if (on && effect.kind === 'leak') this.#awaitLeak(effect.over);
    this.#moveDoor();
  }

  /** What it has done since it rose. */
  tally(): { readonly tally: ServerTally; readonly waits: Waits } {
    return this.#workplace.tally();
  }

  /** Goes. Before that it finishes the work it has, for at most `grace`, and takes no new connections. */
  async close(grace: Millis = 0): Promise<void> {
    this.#closing = true;
    clearInterval(this.#keepAlive);
    this.#door.shut();
    this.#legacy.close();
    this.#subscriptions.close();
    const deadline = performance.now() + grace;
    while (this.#workplace.open > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    this.#workplace.close();
    await this.#door.close();
    await this.#front.close();
  }

  #giveSignOfLife(): void {
    this.#legacy.keepAlive();
    this.#subscriptions.keepAlive();
  }

  #health(response: ServerResponse): void {
    const reply = new Reply(response, this, false);
    const say = (code: number, status: string): void => {
      reply.json(code, JSON.stringify({ status, ...this.report }));
    };
    if (this.#workplace.refuses) reply.destroy();
    else if (this.#closing) say(503, 'draining');
    else {
      const check = this.#workplace.healthCheck();
      if (check === 'ok') say(200, 'ok');
      else if (check === 'bad') say(503, 'failing');
    }
  }

  /** A refusal that health checks do not see leaves the socket open, and cuts calls one by one. */
  #moveDoor(): void {
    if (this.#closing) return;
    if (this.#workplace.refuses) this.#door.shut();
    else this.#door.reopen();
  }

  /** Looks after `ms` whether a leak has run its course, and again if it came too early: a restart sets a leak back. */
  #awaitLeak(ms: Millis): void {
    const look = (): void => {
      if (this.#closing || !this.#workplace.leaks) return;
      if (this.#workplace.leaksOut()) this.#options.leakedOut();
      else this.#awaitLeak(LOOK_MS);
    };
    setTimeout(look, ms).unref();
  }
}
