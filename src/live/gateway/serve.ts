/**
 * Puts a gateway together from its parts, and takes it apart in good order. Who calls it brings the fleet, since live code
 * knows the door but not the policies behind it.
 */
import type { ServerResponse } from 'node:http';
import { NEVER, type Millis } from '../../core/units.ts';
import type { Facts } from '../../fleet/facts.ts';
import type { Intentions } from '../../fleet/intentions.ts';
import type { Clock } from '../clock.ts';
import { LINGER_MS } from './attempt.ts';
import type { Distance } from './distance.ts';
import { Gateway, type Page } from './gateway.ts';
import type { ServerHost } from './host.ts';
import { learnTools } from './learn-tools.ts';
import { LiveWorld } from './live-world.ts';
import type { Log } from './log.ts';
import { Meters } from './meters.ts';
import type { ProbeKind } from './probe.ts';
import { statusOf } from './status.ts';
import { ToolCatalogue } from './tool-catalogue.ts';

export interface ServeOptions {
  readonly clock: Clock;
  readonly host: ServerHost;
  readonly weights: readonly number[];
  readonly newWeight: number;
  readonly probe: ProbeKind;
  readonly affinity: 'none' | 'session' | 'key';
  /** Name of the balancer, for `/status`. */
  readonly strategy: string;
  /** An autoscaler listens to reports of load. */
  readonly reports: boolean;
  /** In a driven run the tools are known, and requests carry the driver's numbers; else null. */
  readonly driven: readonly { readonly name: string; readonly safe: boolean }[] | null;
  /** The network that lies between, beyond that of the machine; none unless given. */
  readonly distance?: Distance;
  /** Deadline of a call; it holds for what passes beside the fleet as well. */
  readonly timeout?: Millis;
  readonly sessionIdle?: Millis;
  /** Names by which clients may call the gateway, besides those of the loopback. */
  readonly hosts?: readonly string[];
  /** How long a legacy request goes on whose client has gone; five minutes unless given. */
  readonly linger?: Millis;
  /** Where `/status` and `/metrics` are: with MCP, nowhere, or here. */
  readonly admin: 'with MCP' | 'off' | 'apart';
  readonly log: Log;
  /** The door: makes the fleet in front of these intentions. */
  readonly fleet: (world: Intentions) => Facts;
}

export const MCP_PATH = '/mcp';
const CHECK_MS = 5000;
/** A server that has not said a word for so long will say none. */
const PATIENCE_MS = 60_000;

/** A gateway put together; nothing runs yet. */
export class Served {
  readonly world: LiveWorld;
  readonly gateway: Gateway;
  /** Serves `/status`, `/metrics` and `/health` alone, where those are apart. */
  readonly pages: ReadonlyMap<string, Page>;
  readonly #options: ServeOptions;
  readonly #tools: ToolCatalogue;
  #learning = false;

  constructor(options: ServeOptions) {
    const { clock, log, affinity, driven, admin, strategy } = options;
    this.#options = options;
    this.#tools = new ToolCatalogue(driven ?? []);
    const meters = new Meters();
    const tools = this.#tools;
    this.world = new LiveWorld({
      ...options,
      distance: options.distance ?? null,
      tools,
      watch: meters,
    });
    meters.observe(this.world.roster, this.world.sessions);
    const { roster, sessions } = this.world;
    const status: Page = (response) =>
      json(response, 200, statusOf(strategy, roster, sessions, this.gateway.closing));
    const metrics: Page = (response) =>
      void meters.registry.metrics().then((text) => {
        response.writeHead(200, { 'content-type': meters.registry.contentType }).end(text);
      });
    const health: Page = (response) => {
      const well = !this.gateway.closing && roster.eligible.length > 0;
      json(response, well ? 200 : 503, { status: well ? 'ok' : 'unavailable' });
    };
    this.pages = new Map([
      ['/status', status],
      ['/metrics', metrics],
      ['/health', health],
    ]);
    this.gateway = new Gateway({
      world: this.world,
      clock,
      tools,
      log,
      path: MCP_PATH,
      affinity,
      driven: driven !== null,
      pages: admin === 'with MCP' ? this.pages : new Map([['/health', health]]),
      sessionIdle: options.sessionIdle ?? NEVER,
      patience: Math.min(options.timeout ?? PATIENCE_MS, PATIENCE_MS),
      hosts: options.hosts ?? [],
      linger: options.linger ?? LINGER_MS,
      passed: (method, outcome, tookMs) => meters.passed(method, outcome, tookMs),
      toolsChanged: () => this.#learn(),
    });
  }

  /** Starts the servers of time 0 and opens the door. */
  async open(): Promise<void> {
    await this.world.start0();
    if (this.#options.driven === null) {
      this.#learn();
      this.world.rehearseProbes(CHECK_MS);
    }
  }

  /** From now on there is a fleet behind the door. */
  begin(): void {
    this.world.open(this.#options.fleet(this.world));
  }

  /** Finishes what is in flight within `deadline` ms, then ends everything. */
  async close(deadline: Millis): Promise<void> {
    await this.gateway.close(deadline);
    await this.world.close();
  }

  /** Asks the first server that answers for its tools; all replicas have the same. */
  #learn(): void {
    if (this.#learning || this.#options.driven !== null) return;
    this.#learning = true;
    void this.#ask().finally(() => (this.#learning = false));
  }

  async #ask(): Promise<void> {
    const { log } = this.#options;
    for (const { upstream } of this.world.roster.all) {
      if (upstream === null) continue;
      const era = await learnTools(upstream, this.#tools);
      if (era === null) continue;
      log.info({ url: upstream.url.href, era, tools: this.#tools.size }, 'learned the tools');
      return;
    }
    log.warn({}, 'no server told its tools: until a client lists them, no call is retried');
  }
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
