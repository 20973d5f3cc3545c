/**
 * A fleet of random policies whose modules are watched: the real balancer, breakers and health monitors, each behind a
 * guard that asserts what the fleet owes them and keeps books of its own.
 */
import fc from 'fast-check';
import { invariant } from '../../src/core/invariant.ts';
import type { ServerId } from '../../src/core/request.ts';
import { sequential } from '../../src/core/rng.ts';
import { NEVER, type Millis } from '../../src/core/units.ts';
import { PLAIN, type FleetOptions } from '../../src/fleet/options.ts';
import { AUTOSCALERS } from '../../src/policies/autoscaler/index.ts';
import type { Balancer } from '../../src/policies/balancer/balancer.ts';
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import type { Breaker, Permit } from '../../src/policies/breaker/breaker.ts';
import { BREAKERS } from '../../src/policies/breaker/index.ts';
import { BUDGETS } from '../../src/policies/budget/index.ts';
import { CoDel } from '../../src/policies/guards/codel.ts';
import { EJECTIONS } from '../../src/policies/ejection/index.ts';
import { HEALTHS } from '../../src/policies/health/index.ts';
import { LIMITS } from '../../src/policies/limit/index.ts';
import type { Health } from '../../src/policies/health/health.ts';
import type { Registry } from '../../src/policies/registry.ts';

/** What a random fleet is made of; plain data, so that two equal fleets can be made of it. */
export interface Recipe {
  readonly servers: number;
  readonly balancer: string;
  readonly breaker: string;
  readonly failures: number;
  readonly halfOpenCalls: number;
  readonly recovery: Millis;
  readonly health: string;
  readonly unhealthy: number;
  readonly autoscaler: string;
  readonly affinity: 'none' | 'session' | 'key';
  readonly drain: Millis;
  readonly timeout: Millis;
  readonly attempts: number;
  readonly backoff: Millis;
  readonly ejection: string;
  readonly panic: number;
  /** Calls in flight in the scope; null = any number. */
  readonly limit: number | null;
  readonly limitScope: 'server' | 'fleet';
  readonly codel: boolean;
  readonly slowStart: boolean;
  readonly rebalance: boolean;
  readonly places: number;
  readonly hedges: boolean;
  readonly budget: string;
}

export const MIN_SERVERS = 1;
export const MAX_SERVERS = 6;

export const recipes: fc.Arbitrary<Recipe> = fc.record({
  servers: fc.integer({ min: 1, max: 5 }),
  balancer: fc.constantFrom(...Object.keys(BALANCERS)),
  breaker: fc.constantFrom(...Object.keys(BREAKERS)),
  failures: fc.integer({ min: 1, max: 3 }),
  halfOpenCalls: fc.integer({ min: 1, max: 2 }),
  recovery: fc.constantFrom(0, 20, 100),
  health: fc.constantFrom(...Object.keys(HEALTHS)),
  unhealthy: fc.integer({ min: 1, max: 2 }),
  autoscaler: fc.constantFrom(...Object.keys(AUTOSCALERS)),
  affinity: fc.constantFrom('none', 'session', 'key'),
  drain: fc.constantFrom(0, 60, NEVER),
  timeout: fc.constantFrom(40, 150, NEVER),
  attempts: fc.integer({ min: 1, max: 4 }),
  backoff: fc.constantFrom(0, 10, 50),
  ejection: fc.constantFrom(...Object.keys(EJECTIONS)),
  panic: fc.constantFrom(0, 0, 0.6),
  limit: fc.constantFrom(null, null, 1, 3),
  limitScope: fc.constantFrom('server', 'fleet'),
  codel: fc.boolean(),
  slowStart: fc.boolean(),
  rebalance: fc.boolean(),
  places: fc.constantFrom(0, 2, 50),
  hedges: fc.boolean(),
  budget: fc.constantFrom(...Object.keys(BUDGETS)),
});

export class WatchedPolicies {
  readonly breakers: WatchedBreaker[] = [];
  readonly healths: Health[] = [];
  readonly balancer: WatchedBalancer;
  readonly options: FleetOptions;

  constructor(recipe: Recipe) {
    this.balancer = new WatchedBalancer(made(BALANCERS, recipe.balancer, {}));
    const { failures, halfOpenCalls, unhealthy } = recipe;
    const recovery = `${recipe.recovery}ms`;
    // So few calls that every breaker opens, and breaks so short that it tries again.
    const eager = {
      failures,
      recovery: recipe.breaker === 'polly' ? `${recipe.recovery + 1}ms` : recovery,
      halfOpenCalls,
      minimumCalls: 2,
      throughput: 2,
      size: 4,
      longest: '300ms',
      patience: '30ms',
      halfOpenWait: '30ms',
    };
    const checks = { interval: '50ms', timeout: '20ms', unhealthy, healthy: 2 };
    const scale = {
      every: '70ms',
      cooldown: '100ms',
      min: MIN_SERVERS,
      max: MAX_SERVERS,
      up: 0.05,
      down: 0.01,
    };
    this.options = {
      weights: Array.from({ length: recipe.servers }, (_, k) => 1 + k),
      newWeight: 1,
      balancer: this.balancer,
      health: (server) => (this.healths[server] = made(HEALTHS, recipe.health, checks)),
      breaker: (server) =>
        (this.breakers[server] = new WatchedBreaker(
          made(BREAKERS, recipe.breaker, eager),
          'halfOpenCalls' in BREAKERS[recipe.breaker]!.options.shape ? halfOpenCalls : 1,
        )),
      autoscaler: made(AUTOSCALERS, recipe.autoscaler, scale),
      affinity: recipe.affinity,
      drain: recipe.drain,
      timeout: recipe.timeout,
      attempts: recipe.attempts,
      backoff: () => recipe.backoff,
      probePhase: (server) => ((server * 37) % 100) / 100,
      ...PLAIN,
      ejection: made(EJECTIONS, recipe.ejection, {
        interval: '60ms',
        baseTime: '80ms',
        consecutive5xx: 2,
      }),
      panic: recipe.panic,
      limit:
        recipe.limit === null
          ? null
          : {
              scope: recipe.limitScope,
              make: () => made(LIMITS, 'fixed', { inFlight: recipe.limit }),
            },
      backlog:
        recipe.places === 0
          ? null
          : {
              places: recipe.places,
              wait: 70,
              codel: recipe.codel ? new CoDel({ target: 5, interval: 20 }) : null,
            },
      slowStart: recipe.slowStart
        ? {
            rule: { as: 'envoy', window: 60, aggression: 1, minWeight: 0.1 },
            rng: sequential(1, 'slow start'),
          }
        : null,
      rebalance: recipe.rebalance ? { after: 50, above: 1.2 } : null,
      budget: made(BUDGETS, recipe.budget, {}),
      hedging: recipe.hedges ? { after: 30, attempts: 2 } : null,
    };
  }
}

/** Options that an entry does not know are left out. */
const made = <Policy>(
  family: Registry<Policy>,
  name: string,
  wished: Readonly<Record<string, unknown>>,
): Policy => {
  const entry = family[name]!;
  const known = Object.entries(wished).filter(([key]) => key in entry.options.shape);
  const options = entry.options.parse(Object.fromEntries(known));
  return entry.make(options as never, sequential(1, name));
};

/** Sees to it that every permit is given while the circuit admits, and comes back once. */
export class WatchedBreaker implements Breaker {
  /** Permits that are out, and whether they were given half-open. */
  readonly #out: { permit: Permit; halfOpen: boolean }[] = [];
  readonly #inner: Breaker;
  readonly #halfOpenCalls: number;

  constructor(inner: Breaker, halfOpenCalls: number) {
    this.#inner = inner;
    this.#halfOpenCalls = halfOpenCalls;
  }

  get out(): number {
    return this.#out.length;
  }

  sent(now: Millis): Permit {
    invariant(this.#inner.admits(now), 'a call was sent through a circuit that does not admit it');
    const permit = this.#inner.sent(now);
    this.#out.push({ permit, halfOpen: this.#inner.state(now) === 'half-open' });
    const trials = this.#out.filter((one) => one.halfOpen && one.permit === permit).length;
    invariant(trials <= this.#halfOpenCalls, 'more half-open calls than the limit');
    return permit;
  }

  settled(...[now, permit, outcome, tookMs]: Parameters<Breaker['settled']>): void {
    const index = this.#out.findIndex((one) => one.permit === permit);
    invariant(index >= 0, 'a permit came back twice');
    this.#out.splice(index, 1);
    this.#inner.settled(now, permit, outcome, tookMs);
  }

  state(now: Millis) {
    return this.#inner.state(now);
  }

  admits(now: Millis): boolean {
    return this.#inner.admits(now);
  }

  because(): string {
    return this.#inner.because();
  }

  wakeAt(now: Millis): Millis {
    return this.#inner.wakeAt(now);
  }
}

/** Sees to it that picks are candidates, that they match `joined` and `left`, and that no call is settled unsent. */
class WatchedBalancer implements Balancer {
  readonly listens: boolean;
  readonly polls: boolean;
  readonly inFlight: number[] = [];
  readonly #members = new Set<ServerId>();
  readonly #inner: Balancer;

  constructor(inner: Balancer) {
    this.listens = inner.listens;
    this.polls = inner.polls;
    this.#inner = inner;
  }

  pick(...[now, request, candidates]: Parameters<Balancer['pick']>): ServerId {
    invariant(
      candidates.size === this.#members.size,
      'the balancer was not told who may be picked',
    );
    const server = this.#inner.pick(now, request, candidates);
    invariant(candidates.has(server) && this.#members.has(server), 'picked a stranger');
    return server;
  }

  sent(now: Millis, server: ServerId): void {
    this.inFlight[server] = (this.inFlight[server] ?? 0) + 1;
    this.#inner.sent(now, server);
  }

  settled(...[now, server, outcome, tookMs]: Parameters<Balancer['settled']>): void {
    const left = (this.inFlight[server] ?? 0) - 1;
    invariant(left >= 0, 'fewer than no calls in flight');
    invariant(tookMs >= 0, 'a call took less than no time');
    this.inFlight[server] = left;
    this.#inner.settled(now, server, outcome, tookMs);
  }

  reported(...[now, server, report]: Parameters<Balancer['reported']>): void {
    this.#inner.reported(now, server, report);
  }

  poll(now: Millis): ServerId {
    return this.#inner.poll(now);
  }

  joined(now: Millis, server: ServerId, weight: number): void {
    invariant(!this.#members.has(server), 'joined twice');
    this.#members.add(server);
    this.#inner.joined(now, server, weight);
  }

  left(now: Millis, server: ServerId): void {
    invariant(this.#members.delete(server), 'left without having joined');
    this.#inner.left(now, server);
  }
}
