/**
 * The balancers against theory: N servers with one slot each. Round robin hands every server each N-th arrival (E_N/M/1,
 * and D/M/1 in the limit), random splits the stream into Poisson streams, power of d and least connections look at
 * queues. Where theory takes N to infinity, a thousand servers have to come within 2 %.
 */
import type { Experiment, Family, Quantity } from '../experiment.ts';
import { exponential } from '../laws.ts';
import { quantitiesOf } from '../quantities.ts';
import { numberOf, type Entry } from '../references.ts';
import { relaxationOf, steadyState } from '../steady-state.ts';
import { choice, poisson, type System } from '../system.ts';

/** Stands for infinity. */
const MANY = 1000;
const NEAR_ENOUGH = 0.02;

/** N servers of `mu` at utilisation `load` under a balancer. */
const fleet = (
  load: number,
  mu: number,
  servers: number,
  balancer: NonNullable<System['balancer']>,
  quantities: readonly Quantity[],
  label = '',
): Experiment => {
  const rate = load * mu * servers;
  return steadyState({
    label,
    system: { arrivals: poisson(rate), work: exponential(1 / mu), servers, balancer },
    load,
    rate,
    relaxation: relaxationOf(load * mu, mu),
    quantities,
  });
};

const near = (quantities: readonly Quantity[]): readonly Quantity[] =>
  quantities.map((quantity) => ({ ...quantity, rule: 'near', slack: NEAR_ENOUGH }));

export const roundRobin: Family = {
  matches: /^Round robin over N/,
  modelledAs: 'N servers with one slot under `round-robin`',
  experiments: (entry) => [
    fleet(
      numberOf(entry.params, 'rho'),
      numberOf(entry.params, 'mu'),
      numberOf(entry.params, 'N'),
      choice('round-robin'),
      quantitiesOf(entry),
    ),
  ],
};

export const evenGaps: Family = {
  matches: /^D\/M\/1/,
  modelledAs:
    'one server with one slot and `constant` arrivals; and 1,000 servers under `round-robin`',
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
      fleet(load, 1, MANY, choice('round-robin'), near(quantities), '1,000 servers'),
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
      fleet(load, mu, servers, choice(name), quantitiesOf(entry), name),
    );
  },
};

export const powerOfChoices: Family = {
  matches: /^Power of d/,
  modelledAs: '1,000 servers with one slot under `p2c` with d choices',
  experiments: (entry) => {
    const [load, choices] = [numberOf(entry.params, 'lambda_'), numberOf(entry.params, 'd')];
    const balancer = choice('p2c', { choices, replacement: false });
    const finite = entry.params['N'];
    const servers = typeof finite === 'number' ? finite : MANY;
    return [fleet(load, 1, servers, balancer, near(quantitiesOf(entry)))];
  },
};

export const shortestQueue: Family = {
  matches: /^JSQ/,
  modelledAs: 'N servers with one slot under `least-connections`',
  experiments: (entry: Entry) => [
    fleet(
      numberOf(entry.params, 'rho'),
      numberOf(entry.params, 'mu'),
      numberOf(entry.params, 'N'),
      choice('least-connections'),
      quantitiesOf(entry),
    ),
  ],
};
