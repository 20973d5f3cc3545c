/**
 * The reference's MCPLoadBalancer in front of the caller's own HTTP client: `getServer` says where the next call goes,
 * `releaseServer` that it is over, and health checks run in the background. Inside is the same Fleet that the simulator runs
 * and the gateway serves with: this class is one more world behind its door, whose calls are made by somebody else.
 *
 * As in the reference, servers are trusted until a check says otherwise and `getServer` works before `start`. Unlike there,
 * checks do not march in step (each server has a phase of its own in the interval), ties and membership changes do not skew
 * the strategies, and each `getServer` hands out a lease, so that a release ends exactly the call it belongs to.
 */
import { ScenarioError } from '../../core/scenario-error.ts';
import { Draws, sequential } from '../../core/rng.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Request } from '../../core/request.ts';
import { NEVER, type Millis } from '../../core/units.ts';
import type { CallId } from '../../fleet/facts.ts';
import { PLAIN } from '../../fleet/options.ts';
import { Fleet } from '../../fleet/fleet.ts';
import { AUTOSCALERS } from '../../policies/autoscaler/index.ts';
import { BALANCERS } from '../../policies/balancer/index.ts';
import type { Breaker } from '../../policies/breaker/breaker.ts';
import { BREAKERS } from '../../policies/breaker/index.ts';
import { HEALTHS } from '../../policies/health/index.ts';
import { unknownName } from '../../scenario/suggest.ts';
import { FleetWorld } from './fleet-world.ts';
import { probeHealth, type Probe } from './health-probe.ts';
import { NoServerError } from './no-server-error.ts';
import { outcomeOf } from './outcome-of.ts';
import { Seat, type ServerStatus } from './seat.ts';
import { makePolicy, type Duration } from './settings.ts';
import { systemTime, type Timekeeper } from './timekeeper.ts';

/** The reference's names; those of scenario files (`least-connections`) are understood, too. */
export type Strategy =
  | 'round_robin'
  | 'random'
  | 'least_connections'
  | 'weighted'
  | 'p2c'
  | 'round-robin'
  | 'least-connections';

export interface LoadBalancerOptions {
  /** At least one; each a URL, or a URL with a weight (1 if absent). */
  readonly servers: readonly (string | { readonly url: string; readonly weight?: number })[];
  /** 'round_robin'. */
  readonly strategy?: Strategy;
  /** '30s'. */
  readonly healthCheckInterval?: Duration;
  /** '5s'. */
  readonly healthCheckTimeout?: Duration;
  /** Failed checks in a row that take a server out; 3. */
  readonly unhealthyThreshold?: number;
  /** Good checks in a row that bring it back; 2. */
  readonly healthyThreshold?: number;
  /** Seed of random choices; by chance. */
  readonly seed?: number;
  /** For tests: the clock and the alarm. */
  readonly time?: Timekeeper;
  /** For tests, and for servers without GET /health. */
  readonly probe?: Probe;
}

/** Leave to make one call; give it back with `releaseServer`. */
export interface Lease {
  readonly url: string;
  readonly weight: number;
}

export interface BalancerStatus {
  readonly strategy: string;
  readonly servers: readonly ServerStatus[];
  readonly healthyCount: number;
  readonly totalCount: number;
}

interface OpenCall {
  readonly id: CallId;
  readonly seat: Seat;
}

export class LoadBalancer {
  readonly #strategy: string;
  readonly #seats: readonly Seat[];
  readonly #time: Timekeeper;
  readonly #fleet: Fleet;
  readonly #world: FleetWorld;
  readonly #open = new Map<Lease, OpenCall>();
  #arrivals = 0;

  /** Throws ScenarioError when an option is not allowed. `makeBreaker`: the circuit of each server; none here. */
  constructor(options: LoadBalancerOptions, makeBreaker: () => Breaker = noBreaker) {
    const { strategy = 'round_robin', time = systemTime(), probe = probeHealth } = options;
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
    this.#strategy = strategy;
    this.#time = time;
    this.#seats = seatsOf(options, makeBreaker);
    const phases = new Draws(seed, 'probe phase');
    this.#world = new FleetWorld(this.#seats, time, probe);
    this.#fleet = new Fleet(
      {
        weights: this.#seats.map(({ weight }) => weight),
        newWeight: 1,
        balancer: makePolicy(
          'LoadBalancer',
          balancerNamed(strategy),
          [],
          sequential(seed, 'balancer'),
        ),
        health: (server) => this.#seats[server]!.health,
        breaker: (server) => this.#seats[server]!.breaker,
        autoscaler: makePolicy('LoadBalancer', AUTOSCALERS['none']!, []),
        affinity: 'none',
        drain: 0,
        timeout: NEVER,
        attempts: 1,
        backoff: () => 0,
        probePhase: (server) => phases.uniform(server),
        ...PLAIN,
      },
      this.#world,
    );
    this.#world.open(this.#fleet);
  }

  /** Servers there are, healthy or not. */
  get serverCount(): number {
    return this.#seats.length;
  }

  /** Begins the health checks. They keep no process alive. */
  start(): void {
    this.#world.beginChecks();
  }

  /** Ends the health checks, also those under way. Leases stay good, and servers as healthy as they were last seen. */
  async stop(): Promise<void> {
    await this.#world.endChecks();
  }

  /** The server for the next call. Throws NoServerError when none may be used. */
  getServer(): Lease {
    const now = this.#time.now();
    const call = this.#world.place(requestOf(this.#arrivals++, now));
    if (call === null) throw this.#noServer(now);
    const seat = this.#seats[call.server]!;
    const lease: Lease = Object.freeze({ url: seat.url, weight: seat.weight });
    this.#open.set(lease, { id: call.id, seat });
    seat.active++;
    return lease;
  }

  /** The call is over. A lease that was given back already is ignored, so `finally` is a safe place. */
  releaseServer(lease: Lease, outcome: Outcome = 'ok'): void {
    const call = this.#open.get(lease);
    if (call === undefined) return;
    this.#open.delete(lease);
    call.seat.active--;
    this.#world.finish(call.id, outcome);
  }

  /** Gets a server, makes the call and releases it. Throws what `call` throws, or NoServerError. */
  async execute<T>(call: (url: string) => T | Promise<T>): Promise<T> {
    const lease = this.getServer();
    let outcome: Outcome = 'ok';
    try {
      return await call(lease.url);
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      this.releaseServer(lease, outcome);
    }
  }

  getStatus(): BalancerStatus {
    const now = this.#time.now();
    const servers = this.#seats.map((seat) => seat.status(now));
    return {
      strategy: this.#strategy,
      servers,
      healthyCount: servers.filter(({ healthy }) => healthy).length,
      totalCount: servers.length,
    };
  }

  #noServer(now: Millis): NoServerError {
    const healthy = this.#seats.filter(({ health }) => health.healthy(now));
    const changes =
      healthy.length > 0
        ? healthy.map(({ breaker }) => breaker.wakeAt(now))
        : this.#seats.map((seat) => (this.#world.checking ? seat.nextCheckAt(now) : NEVER));
    const at = Math.min(...changes);
    return new NoServerError(
      healthy.length > 0 ? 'circuit-open' : 'unhealthy',
      at < NEVER ? at - now : null,
    );
  }
}

const noBreaker = (): Breaker => makePolicy('LoadBalancer', BREAKERS['none']!, []);

const balancerNamed = (strategy: string) => {
  const name = strategy.replaceAll('_', '-');
  const entry = Object.hasOwn(BALANCERS, name) ? BALANCERS[name] : undefined;
  if (entry !== undefined) return entry;
  const message = unknownName('strategy', strategy, Object.keys(BALANCERS));
  throw new ScenarioError(message, { file: 'LoadBalancer.strategy' });
};

const seatsOf = (options: LoadBalancerOptions, makeBreaker: () => Breaker): Seat[] => {
  const place = { file: 'LoadBalancer.servers' };
  if (options.servers.length === 0) throw new ScenarioError('allowed: at least one server', place);
  const seen = new Set<string>();
  return options.servers.map((server) => {
    const { url, weight = 1 } = typeof server === 'string' ? { url: server } : server;
    if (!URL.canParse(url)) throw new ScenarioError(`\`${url}\` is not a URL`, place);
    if (seen.has(url)) throw new ScenarioError(`\`${url}\` is named twice`, place);
    if (!(weight > 0 && weight < Infinity))
      throw new ScenarioError(`the weight of ${url}; allowed: a number above 0`, place);
    seen.add(url);
    return new Seat(url, weight, makeHealth(options), makeBreaker());
  });
};

const makeHealth = (options: LoadBalancerOptions) =>
  makePolicy('LoadBalancer', HEALTHS['active']!, [
    ['interval', 'healthCheckInterval', options.healthCheckInterval],
    ['timeout', 'healthCheckTimeout', options.healthCheckTimeout],
    ['unhealthy', 'unhealthyThreshold', options.unhealthyThreshold],
    ['healthy', 'healthyThreshold', options.healthyThreshold],
  ]);

/** What the fleet is asked to place: a request of which only the moment is known. */
const requestOf = (arrival: number, at: Millis): Request => ({
  arrival,
  call: 0,
  kind: 'call',
  tool: 0,
  safe: false,
  era: 'modern',
  session: 0,
  at,
  key: 0,
  account: -1,
});
