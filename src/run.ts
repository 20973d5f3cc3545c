/**
 * One run: a contender, a seed, and a world that runs to its end by itself; which world, the caller decides. What has no
 * such world makes its fleet elsewhere, of the same `fleetOptions`: a live run (cli/driven-run.ts), the gateway and a
 * replay. The library's balancer alone has options of its own.
 */
import { durationSampler } from './core/distributions.ts';
import { InvariantError } from './core/invariant.ts';
import { isUnsent, isUntouched } from './core/outcome.ts';
import { Draws, sequential } from './core/rng.ts';
import { NEVER } from './core/units.ts';
import { Fleet } from './fleet/fleet.ts';
import { wantsReports, type FleetOptions } from './fleet/options.ts';
import type { World } from './fleet/world.ts';
import { AUTOSCALERS } from './policies/autoscaler/index.ts';
import { BALANCERS } from './policies/balancer/index.ts';
import { BREAKERS } from './policies/breaker/index.ts';
import { BUDGETS } from './policies/budget/index.ts';
import { EJECTIONS } from './policies/ejection/index.ts';
import { HEALTHS } from './policies/health/index.ts';
import { LIMITS } from './policies/limit/index.ts';
import type { Registry } from './policies/registry.ts';
import { CoDel } from './policies/guards/codel.ts';
import { Recorder } from './results/recorder.ts';
import type { RunRecord } from './results/results.ts';
import type { Inputs, PolicyChoice, Scenario, Setup } from './scenario/scenario.ts';

export interface Task {
  readonly scenario: Scenario;
  readonly inputs: Inputs;
  /** Index into the scenario's contenders. */
  readonly contender: number;
  readonly seed: number;
  /** Draw this contender's demand and weather from streams of its own. */
  readonly independent: boolean;
}

/** What a world needs to know. */
export interface WorldOptions {
  readonly setup: Setup;
  readonly inputs: Inputs;
  readonly seed: number;
  readonly duration: number;
  readonly warmup: number;
  /** Does the fleet want a report of load with each answer? */
  readonly reports: boolean;
}

/**
 * Runs `task` in the world that `makeWorld` makes. A breached invariant names the run that breached it.
 * `adapt` may wrap the policies, as a tracer does that wants to see each pick.
 */
export const run = (
  task: Task,
  makeWorld: (options: WorldOptions) => World,
  adapt: (options: FleetOptions) => FleetOptions = (options) => options,
): RunRecord => {
  const { scenario, inputs, contender, seed } = task;
  const { name, setup } = scenario.contenders[contender]!;
  const { duration, warmup } = scenario;
  const streams = task.independent ? ownSeed(seed, contender) : seed;
  const options = adapt(fleetOptions(setup, inputs, streams));
  const reports = wantsReports(options);
  const world = makeWorld({ setup, inputs, seed: streams, duration, warmup, reports });
  const recorder = new Recorder({ contender, seed, setup, duration, warmup });
  const fleet = new Fleet(options, recorder.intentions(world));
  try {
    world.run(recorder.facts(fleet), recorder);
    return recorder.record();
  } catch (error) {
    if (error instanceof InvariantError)
      error.message += `\n  scenario ${scenario.name}, contender "${name}", seed ${seed}`;
    throw error;
  }
};

/** The real modules, made for one run. */
export const fleetOptions = (setup: Setup, inputs: Inputs, seed: number): FleetOptions => {
  const { traffic, servers } = setup;
  const pause = durationSampler(traffic.retries.backoff, inputs);
  const pauses = new Draws(seed, 'backoff');
  const phases = new Draws(seed, 'probe phase');
  const { limit, slowStart, backlog } = setup;
  return {
    weights: servers.groups.flatMap((group) => Array<number>(group.count).fill(group.weight)),
    newWeight: servers.groups.at(-1)!.weight,
    balancer: make(BALANCERS, setup.balancer, seed, 'balancer'),
    health: (server) => make(HEALTHS, setup.health, seed, `health ${server}`),
    breaker: (server, tool) =>
      make(BREAKERS, setup.breaker, seed, `breaker ${server}${tool < 0 ? '' : `/${tool}`}`),
    autoscaler: make(AUTOSCALERS, setup.autoscaler, seed, 'autoscaler'),
    affinity: setup.affinity,
    drain: setup.drain,
    timeout: traffic.timeout ?? NEVER,
    attempts: traffic.retries.attempts ?? Infinity,
    untouched: traffic.retries.trustsRefusals === false ? isUnsent : isUntouched,
    backoff: (arrival, call, attempt) => pause(pauses.uniform(arrival, call, attempt)),
    probePhase: (server) => phases.uniform(server),
    circuits: setup.breaker.options['scope'] === 'tool' ? 'tool' : 'server',
    tools: traffic.calls.map(({ name }) => name),
    ejection: unlessNone(setup.ejection, (chosen) => make(EJECTIONS, chosen, seed, 'ejection')),
    panic: setup.panic,
    slowStart: slowStart && { rule: slowStart, rng: sequential(seed, 'slow start') },
    limit: unlessNone(limit, (chosen) => ({
      scope: chosen.options['scope'] === 'fleet' ? 'fleet' : 'server',
      make: () => make(LIMITS, chosen, seed, 'limit'),
    })),
    backlog: backlog && { ...backlog, codel: backlog.codel && new CoDel(backlog.codel) },
    budget: traffic.budget && make(BUDGETS, traffic.budget, seed, 'budget'),
    hedging: traffic.hedging,
    rebalance: setup.rebalance,
    victims: setup.victims,
  };
};

/** What is named `none` is left out, and costs nothing. */
const unlessNone = <Made>(
  choice: PolicyChoice,
  made: (choice: PolicyChoice) => Made,
): Made | null => (choice.name === 'none' ? null : made(choice));

const make = <Policy>(
  family: Registry<Policy>,
  choice: PolicyChoice,
  seed: number,
  stream: string,
): Policy => family[choice.name]!.make(choice.options as never, sequential(seed, stream));

/** A seed of its own for each contender, far from those people write. */
const ownSeed = (seed: number, contender: number): number =>
  Math.floor(new Draws(seed, 'independent').uniform(contender) * 2 ** 31);
