/**
 * A laboratory for small runs: a setup in which nothing is left to chance unless a test says so (arrivals at instants
 * that are listed, work and network constant, no health checks, no breaker), and a witness that writes down what was
 * sent where and how each request ended, so that expectations can be worked out by hand.
 */
import { UNGUARDED } from '../unguarded.ts';
import type { Distribution } from '../../src/core/distributions.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { requestName, serverName, type Request } from '../../src/core/request.ts';
import { AUTOSCALERS } from '../../src/policies/autoscaler/index.ts';
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import { BREAKERS } from '../../src/policies/breaker/index.ts';
import { HEALTHS } from '../../src/policies/health/index.ts';
import type { Registry } from '../../src/policies/registry.ts';
import type { Facts } from '../../src/fleet/facts.ts';
import type { Call, FleetNote, Intentions } from '../../src/fleet/intentions.ts';
import type { Observer, World } from '../../src/fleet/world.ts';
import type { RunRecord } from '../../src/results/results.ts';
import { run, type WorldOptions } from '../../src/run.ts';
import type {
  Arrivals,
  Fault,
  FaultEffect,
  PolicyChoice,
  Scenario,
  ServerGroup,
  Servers,
  Setup,
  Traffic,
} from '../../src/scenario/scenario.ts';
import { SimWorld } from '../../src/sim/sim-world.ts';

export const constant = (value: number): Distribution => ({ kind: 'constant', value });

/** A policy of a registry with its options resolved by its own schema, durations as people write them. */
export const policyOf = <Policy>(
  family: Registry<Policy>,
  name: string,
  options: Readonly<Record<string, unknown>> = {},
): PolicyChoice => ({ name, options: family[name]!.options.parse(options) });

export const balancer = (name: string, options = {}) => policyOf(BALANCERS, name, options);
export const health = (options: Readonly<Record<string, unknown>> = {}) =>
  policyOf(HEALTHS, 'active', options);
export const breaker = (options: Readonly<Record<string, unknown>> = {}) =>
  policyOf(BREAKERS, 'counter', options);
export const autoscaler = (options: Readonly<Record<string, unknown>> = {}) =>
  policyOf(AUTOSCALERS, 'threshold', options);

/** Requests at these instants (ms, ascending), and at no others. */
export const at = (...instants: readonly number[]): Timetable => ({ instants });
interface Timetable {
  readonly instants: readonly number[];
}

/** `count` instants, one every `every` ms, from `from`. */
export const each = (every: number, count: number, from = every): Timetable => ({
  instants: Array.from({ length: count }, (_, k) => from + k * every),
});

export interface Lab {
  readonly arrivals?: Timetable | Arrivals;
  readonly traffic?: Partial<Traffic>;
  readonly servers?: Partial<Omit<Servers, 'groups'>>;
  /** Of all servers, when there is one group. */
  readonly server?: Partial<ServerGroup>;
  readonly groups?: readonly Partial<ServerGroup>[];
  readonly setup?: Partial<Omit<Setup, 'traffic' | 'servers'>>;
  readonly duration?: number;
  readonly warmup?: number;
  readonly seed?: number;
}

const TABLE = 'timetable';

export const setupOf = ({ arrivals, traffic, servers, server, groups, setup }: Lab): Setup => {
  const written = groups ?? [{ count: servers?.count ?? 1, ...server }];
  const filled = written.map((group, k): ServerGroup => ({
    name: `group ${k + 1}`,
    count: 1,
    speed: 1,
    weight: 1,
    slots: 1,
    queue: null,
    patience: null,
    ...group,
  }));
  const count = filled.reduce((sum, group) => sum + group.count, 0);
  return {
    traffic: {
      arrivals: arrivalsOf(arrivals ?? at()),
      era: 'modern',
      timeout: null,
      retries: { attempts: 1, backoff: constant(0) },
      sessions: null,
      keys: null,
      hedging: null,
      budget: null,
      calls: [tool()],
      ...traffic,
    },
    servers: {
      startup: 0,
      discipline: 'fifo',
      overload: 'reject',
      ...servers,
      count,
      groups: filled,
    },
    network: constant(0),
    faults: [],
    balancer: balancer('round-robin'),
    affinity: 'none',
    ...UNGUARDED,
    health: policyOf(HEALTHS, 'none'),
    breaker: policyOf(BREAKERS, 'none'),
    autoscaler: policyOf(AUTOSCALERS, 'none'),
    drain: Infinity,
    slo: [],
    ...setup,
  };
};

/** A tool whose work takes `ms`, or is distributed so. */
export const tool = (work: number | Distribution = 10, safe = true) => ({
  name: 'call',
  share: 1,
  work: typeof work === 'number' ? constant(work) : work,
  safe,
});

/** A fault from `from` to `to` on the servers of these ids. */
export const fault = (
  effect: FaultEffect,
  from: number,
  to: number | null,
  servers: Fault['servers'] = [0],
  change: Partial<Fault> = {},
): Fault => ({
  at: from,
  for: to === null ? null : to - from,
  every: null,
  servers,
  healthOk: false,
  effect,
  label: effect.kind,
  ...change,
});

const arrivalsOf = (arrivals: Timetable | Arrivals): Arrivals =>
  'kind' in arrivals
    ? arrivals
    : { kind: 'trace', file: TABLE, sha256: '', counts: null, scale: 1 };

/** A scenario of one contender for each lab; demand and length are the first one's. */
export const scenarioOf = (labs: readonly Lab[], seeds: readonly number[] = [1]): Scenario => {
  const [first] = labs;
  return {
    name: 'lab',
    question: 'What happens?',
    duration: first?.duration ?? 1000,
    warmup: first?.warmup ?? 0,
    seeds,
    judge: ['errorRate', 'latencyMsP99'],
    margin: 0.05,
    base: setupOf(first ?? {}),
    contenders: labs.map((lab, k) => ({
      name: `contender ${k + 1}`,
      changes: {},
      cell: null,
      setup: setupOf(lab),
    })),
    matrix: null,
  };
};

export const simulated = (options: WorldOptions): SimWorld => new SimWorld(options);

const inputsOf = ({ arrivals }: Lab) => ({
  [TABLE]: Float64Array.from(arrivals && 'instants' in arrivals ? arrivals.instants : []),
});

/** The record of one run of the lab. */
export const simulate = (lab: Lab): RunRecord => witnessed(lab).record;

export interface Sent {
  readonly at: number;
  readonly request: string;
  readonly attempt: number;
  readonly server: string;
}

export interface Replied {
  readonly at: number;
  readonly request: string;
  readonly outcome: Outcome;
  readonly tookMs: number;
}

/** The record of one run, and what a witness at the door saw. */
export const witnessed = (lab: Lab): { record: RunRecord; witness: Witness } => {
  const scenario = scenarioOf([lab]);
  const task = { scenario, inputs: inputsOf(lab), contender: 0, seed: lab.seed ?? 1 };
  let witness!: Witness;
  const record = run({ ...task, independent: false }, (options) => {
    witness = new Witness(simulated(options));
    return witness;
  });
  return { record, witness };
};

/** Stands between fleet and world and writes down what is intended. */
export class Witness implements World {
  readonly sent: Sent[] = [];
  readonly replied: Replied[] = [];
  readonly notes: FleetNote[] = [];
  readonly probed: { readonly at: number; readonly server: string }[] = [];
  readonly stopped: { readonly at: number; readonly server: string }[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** `request outcome tookMs`, in the order of the replies. */
  get story(): string[] {
    return this.replied.map(({ request, outcome, tookMs }) => `${request} ${outcome} ${tookMs}`);
  }

  /** Outcomes by request, in the order of the requests' names. */
  get outcomes(): Outcome[] {
    return this.replied
      .toSorted((a, b) => Number(a.request) - Number(b.request))
      .map(({ outcome }) => outcome);
  }

  run(facts: Facts, observer: Observer): void {
    this.#world.run(facts, observer);
  }

  send(now: number, call: Call): void {
    const { request, attempt, server } = call;
    this.sent.push({
      at: now,
      request: requestName(request),
      attempt,
      server: serverName(server),
    });
    this.#world.send(now, call);
  }

  abandon(now: number, call: Call, because: 'timeout' | 'cancelled'): void {
    this.#world.abandon(now, call, because);
  }

  withhold(...told: Parameters<Intentions['withhold']>): void {
    this.#world.withhold(...told);
  }

  probe(now: number, server: number, timeout: number): void {
    this.probed.push({ at: now, server: serverName(server) });
    this.#world.probe(now, server, timeout);
  }

  ask(now: number, server: number): void {
    this.#world.ask(now, server);
  }

  start(now: number, server: number): void {
    this.#world.start(now, server);
  }

  stop(now: number, server: number): void {
    this.stopped.push({ at: now, server: serverName(server) });
    this.#world.stop(now, server);
  }

  wakeAt(now: number, until: number): void {
    this.#world.wakeAt(now, until);
  }

  reply(now: number, request: Request, outcome: Outcome): void {
    const tookMs = now - request.at;
    this.replied.push({ at: now, request: requestName(request), outcome, tookMs });
    this.#world.reply(now, request, outcome);
  }

  note(note: FleetNote): void {
    this.notes.push(note);
    this.#world.note(note);
  }
}
