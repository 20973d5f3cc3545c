/**
 * Servers that break and are repaired, up for an exponential time and down for another. A crash loses the work in hand,
 * so breakdowns after which the work goes on where it stood are slow faults without end in sight under processor sharing:
 * exponential work makes that the same Markov chain as first come, first served. Availability needs no work at all and
 * is taken from crashes.
 */
import { Draws } from '../../../src/core/rng.ts';
import type { Fault, FaultEffect } from '../../../src/scenario/scenario.ts';
import type { Family } from '../experiment.ts';
import type { Figures } from '../figures.ts';
import { exponential, UNIT } from '../laws.ts';
import type { Observation } from '../observe.ts';
import { equal, quantitiesOf } from '../quantities.ts';
import { numberOf } from '../references.ts';
import { steadyState } from '../steady-state.ts';
import { poisson } from '../system.ts';

/** A second of work takes thirty years. */
const FROZEN: FaultEffect = { kind: 'slow', factor: 1e9 };

export const breakdowns: Family = {
  matches: /with breakdowns/,
  modelledAs:
    'one server with one slot under `processor-sharing`, at exponential intervals slowed by 1e9 (a crash would lose the work in hand); with exponential work the number present is the same chain as in FIFO',
  experiments: (entry) => {
    const [rate, mu] = [numberOf(entry.params, 'lambda_'), numberOf(entry.params, 'mu')];
    const [fall, repair] = [numberOf(entry.params, 'f'), numberOf(entry.params, 'r')];
    const up = repair / (fall + repair);
    const spare = mu * up - rate;
    return [
      steadyState({
        system: {
          arrivals: poisson(rate),
          work: exponential(1 / mu),
          discipline: 'processor-sharing',
          // What is frozen at the end stays frozen, and is not waited for.
          timeout: null,
        },
        load: rate / (mu * up),
        rate,
        relaxation: (rate + mu * up + (2 * up * (1 - up) * mu * mu) / (fall + repair)) / spare ** 2,
        quantities: [...quantitiesOf(entry), equal('availability', up)],
        faults: (seed, duration) => outages(seed, duration, 1, fall, repair, FROZEN),
        also: (observation) => ({ availability: upTimes(observation, 1, 1).share }),
      }),
    ];
  },
};

export const availability: Family = {
  matches: /^Availability of k-of-n/,
  modelledAs: 'n servers that crash and come back; up time as the servers themselves count it',
  experiments: ({ params, expected }) => {
    const [servers, least] = [numberOf(params, 'n'), numberOf(params, 'k')];
    const [fall, repair] = [numberOf(params, 'f'), numberOf(params, 'r')];
    return [
      steadyState({
        system: { arrivals: poisson(servers * fall), work: exponential(1 / repair), servers },
        load: 0,
        rate: servers * fall,
        relaxation: 1 / (fall + repair),
        quantities: [
          equal('perServer', numberOf(expected, 'perServer')),
          equal('pAtLeastK', numberOf(expected, 'pAtLeastK')),
        ],
        faults: (seed, duration) =>
          outages(seed, duration, servers, fall, repair, { kind: 'crash' }),
        also: (observation) => ({
          perServer: countedBy(observation),
          pAtLeastK: upTimes(observation, servers, least).share,
        }),
      }),
    ];
  },
};

/** Up and down in turn, from up, each server by draws of its own. */
const outages = (
  seed: number,
  duration: number,
  servers: number,
  fall: number,
  repair: number,
  effect: FaultEffect,
): Fault[] => {
  const draws = new Draws(seed, 'outages');
  const time = (rate: number, draw: number) => (-Math.log(draw) / rate) * UNIT;
  const faults: Fault[] = [];
  for (let server = 0; server < servers; server++) {
    let at = 0;
    for (let k = 0; ; k++) {
      at += time(fall, draws.uniform(server, k, 0));
      if (at >= duration) break;
      const length = time(repair, draws.uniform(server, k, 1));
      const label = `${effect.kind} on s${server + 1}`;
      faults.push({
        at,
        for: length,
        every: null,
        servers: [server],
        healthOk: true,
        effect,
        label,
      });
      at += length;
    }
  }
  return faults;
};

/** Share of the measured time in which at least `least` of `servers` suffered no fault, as the world told it. */
const upTimes = (
  { world, record, measuredMs }: Observation,
  servers: number,
  least: number,
): { share: number } => {
  const end = record.series.binMs * record.series.at.length;
  const from = end - measuredMs;
  let up = servers;
  let seen = 0;
  let enough = 0;
  for (const { at, on } of [...world.faults, { at: end, on: true }]) {
    if (up >= least) enough += Math.max(0, Math.min(at, end) - Math.max(seen, from));
    seen = at;
    up += on ? -1 : 1;
  }
  return { share: enough / measuredMs };
};

const countedBy = ({ record, measuredMs }: Observation): Figures[string] =>
  record.servers.reduce((sum, server) => sum + server.readySeconds * 1000, 0) /
  (measuredMs * record.servers.length);
