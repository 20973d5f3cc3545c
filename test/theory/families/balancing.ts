/**
 * The balancers against theory: N servers with one slot each. Round robin hands every server each N-th arrival (E_N/M/1,
 * and D/M/1 in the limit), random splits the stream into Poisson streams, power of d and least connections look at
 * queues. Where theory takes N to infinity, a thousand servers have to come within 2 %.
 */
import type { PolicyChoice } from '../../../src/scenario/scenario.ts';
import type { Experiment, Family, Quantity } from '../experiment.ts';
import { exponential } from '../laws.ts';
import { quantitiesOf } from '../quantities.ts';
import { numberOf } from '../references.ts';
import { relaxationOf, steadyState } from '../steady-state.ts';
import { choice, poisson } from '../system.ts';

/** Stands for infinity. */
const MANY = 1000;
const NEAR_ENOUGH = 0.02;

interface Fleet {
  /** Utilisation. */
  readonly load: number;
  /** Service rate of a server. */
  readonly mu: number;
  readonly servers: number;
  readonly balancer: PolicyChoice;
  /** Relaxation time of one server; that of M/M/1 unless given. */
  readonly relaxation?: number;
}

const fleet = (
  { load, mu, servers, balancer, relaxation = relaxationOf(load * mu, mu) }: Fleet,
  quantities: readonly Quantity[],
  label = '',
): Experiment => {
  const rate = load * mu * servers;
  return steadyState({
    label,
    system: { arrivals: poisson(rate), work: exponential(1 / mu), servers, balancer },
    load,
    rate,
    relaxation,
    quantities,
  });
};

/** Every N-th arrival of a Poisson stream: gaps that vary N times less. */
const takingTurns = (load: number, mu: number, servers: number): Fleet => ({
  load,
  mu,
  servers,
  balancer: choice('round-robin'),
  relaxation: relaxationOf(load * mu, mu, 1, (1 + 1 / servers) / 2),
});

/** Balancers that look at queues keep them short: an idle server drains them in a few service times. */
const shortQueues = (load: number, mu: number): number => 2 / (mu * (1 - load));

const near = (quantities: readonly Quantity[]): readonly Quantity[] =>
  quantities.map((quantity, k) => ({
    ...quantity,
    rule: 'near',
    slack: NEAR_ENOUGH,
    weight: k === 0 ? 'key' : 'extreme',
  }));

export const roundRobin: Family = {
  matches: /^Round robin over N/,
  modelledAs: 'N servers with one slot under `round-robin`',
  experiments: (entry) => {
    const [load, mu] = [numberOf(entry.params, 'rho'), numberOf(entry.params, 'mu')];
    return [fleet(takingTurns(load, mu, numberOf(entry.params, 'N')), quantitiesOf(entry))];
  },
};

export const evenGaps: Family = {
  matches: /^D\/M\/1/,
  modelledAs:
    'one server with one slot and `constant` arrivals; and 1,000 servers under `round-robin`, within 2 %',
  experiments: (entry) => {
    const load = numberOf(entry.params, 'rho');
    const quantities = quantitiesOf(entry);
    return [
      steadyState({
        label: '1 server',
        system: { arrivals: { kind: 'constant', rate: load }, work: exponential(1) },
        load,
        rate: load,
        relaxation: relaxationOf(load, 1, 1, 0.5),
        quantities,
      }),
      fleet(takingTurns(load, 1, MANY), near(quantities), '1,000 servers'),
    ];
  },
};

/** Any number of servers will do: each is a queue of its own. */
const ANY = 10;

export const randomSplit: Family = {
  matches: /^Random split/,
  modelledAs: `${ANY} servers with one slot under \`random\`, and under \`weighted\` with like weights`,
  experiments: (entry) => {
    const [load, mu] = [numberOf(entry.params, 'rho'), numberOf(entry.params, 'mu')];
    const written = entry.params['N'];
    const servers = typeof written === 'number' ? written : ANY;
    return ['random', 'weighted'].map((name) =>
      fleet({ load, mu, servers, balancer: choice(name) }, quantitiesOf(entry), name),
    );
  },
};

export const powerOfChoices: Family = {
  matches: /^Power of d/,
  modelledAs: `1,000 servers with one slot under \`p2c\` with d choices, within 2 %; with d = 1, a random split that no number of servers changes, ${ANY}`,
  experiments: (entry) => {
    const [load, choices] = [numberOf(entry.params, 'lambda_'), numberOf(entry.params, 'd')];
    const balancer = choice('p2c', { choices, replacement: false });
    const quantities = quantitiesOf(entry);
    if (choices === 1) return [fleet({ load, mu: 1, servers: ANY, balancer }, quantities)];
    const relaxation = shortQueues(load, 1);
    return [fleet({ load, mu: 1, servers: MANY, balancer, relaxation }, near(quantities))];
  },
};

export const shortestQueue: Family = {
  matches: /^JSQ/,
  modelledAs: 'N servers with one slot under `least-connections`',
  experiments: (entry) => {
    const [load, mu] = [numberOf(entry.params, 'rho'), numberOf(entry.params, 'mu')];
    const servers = numberOf(entry.params, 'N');
    // As one queue with N slots, which it hardly differs from when it is long.
    const relaxation = Math.max(
      relaxationOf(load * mu * servers, mu, servers),
      shortQueues(load, mu),
    );
    const balancer = choice('least-connections');
    return [fleet({ load, mu, servers, balancer, relaxation }, quantitiesOf(entry))];
  },
};
