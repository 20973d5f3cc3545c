/**
 * Prequal by its parts: the hot-cold rule and the evictions of the probe pool, how many servers each query asks, and what
 * it does with too few probes or with nobody left that is trusted. The pool's latencies have no unit; its times are us.
 */
import { z } from 'zod';
import { emptyReport } from '../../src/core/load-report.ts';
import type { ServerId } from '../../src/core/request.ts';
import { sequential } from '../../src/core/rng.ts';
import { CandidateSet } from '../../src/fleet/candidate-set.ts';
import { NOBODY } from '../../src/policies/balancer/balancer.ts';
import { Prequal, prequal as entry } from '../../src/policies/balancer/prequal.ts';
import { ProbePool } from '../../src/policies/balancer/probe-pool.ts';
import { request } from '../contracts/balancer-arena.ts';
import { ruleOf, type Rule } from './rule.ts';

const COUNT = z.int().min(0);
const PROBE = z.object({
  replica: COUNT,
  rif: COUNT,
  latency: z.number().min(0),
  atUs: z.number().min(0).default(0),
});
const REPLICAS = z.array(COUNT);

type PoolOf = readonly z.output<typeof PROBE>[];

const poolOf = (probes: PoolOf): ProbePool => {
  const pool = new ProbePool(Math.max(16, probes.length));
  for (const { replica, rif, latency, atUs } of probes)
    pool.add({ server: replica, rif, latencyMs: latency, at: atUs, uses: 2 });
  return pool;
};

const EVERYBODY = { has: () => true };

/** `allowed`: null, or the replicas that may be picked. */
const choice = ruleOf(
  z.object({
    pool: z.array(PROBE).min(1),
    rifThreshold: z.number(),
    allowed: REPLICAS.nullable().default(null),
    expectedReplica: COUNT,
  }),
  ({ pool, rifThreshold, allowed, expectedReplica }) => {
    const candidates = allowed === null ? EVERYBODY : new Set(allowed);
    const got = poolOf(pool).best(rifThreshold, candidates)?.server;
    return got === expectedReplica ? null : `expected replica ${expectedReplica}, got ${got}`;
  },
);

const eviction = ruleOf(
  z.object({
    pool: z.array(PROBE).min(1),
    nowUs: z.number(),
    maxAgeUs: z.number(),
    afterExpire: REPLICAS,
    rifThreshold: z.number().optional(),
    afterRemoveWorst: REPLICAS.optional(),
  }),
  ({ pool: probes, nowUs, maxAgeUs, afterExpire, rifThreshold, afterRemoveWorst }) => {
    const pool = poolOf(probes);
    pool.expire(nowUs, maxAgeUs);
    const expired = unlike(pool, afterExpire, 'after expiry');
    if (expired !== null || afterRemoveWorst === undefined) return expired;
    pool.removeWorst(rifThreshold ?? Infinity);
    return unlike(pool, afterRemoveWorst, 'after removing the worst');
  },
);

const unlike = (pool: ProbePool, expected: readonly number[], when: string): string | null => {
  const got = pool.servers.sort((a, b) => a - b);
  const wanted = [...expected].sort((a, b) => a - b);
  return got.join() === wanted.join()
    ? null
    : `${when}: expected ${wanted.join()}, got ${got.join()}`;
};

const asking = ruleOf(
  z.object({
    probesPerQuery: z.number().min(0),
    replicas: z.int().min(1),
    queries: COUNT,
    expectedCounts: z.array(COUNT),
  }),
  ({ probesPerQuery, replicas, queries, expectedCounts }) => {
    const { balancer, candidates } = fleetOf(replicas, { probes: probesPerQuery });
    const counts: number[] = [];
    for (let query = 0; query < queries; query++) {
      balancer.pick(query, request(query, query), candidates);
      const asked = askedBy(balancer);
      if (new Set(asked).size < asked.length) return `query ${query + 1} asks a replica twice`;
      counts.push(asked.length);
    }
    return counts.join() === expectedCounts.join()
      ? null
      : `expected ${expectedCounts.join()}, got ${counts.join()}`;
  },
);

const FLEET = 5;

/** Too few probes: picks are uniform, by four standard errors. */
const sparse = ruleOf(
  z.object({ poolSize: COUNT.max(1), expected: z.string() }),
  ({ poolSize }) => {
    const { balancer, candidates } = fleetOf(FLEET, { probes: 0, removes: 0 });
    const counts = new Array<number>(FLEET).fill(0);
    const picks = 5000;
    for (let now = 0; now < picks; now++) {
      for (let server = 0; server < poolSize; server++)
        balancer.reported(now, server, emptyReport());
      counts[balancer.pick(now, request(now, now), candidates)]! += 1;
    }
    const bound = 4 * Math.sqrt((picks * (FLEET - 1)) / FLEET ** 2);
    return counts.every((count) => Math.abs(count - picks / FLEET) < bound)
      ? null
      : `not uniform: ${counts.join()}`;
  },
);

/** Ejection and panic are the fleet's: what is left for the balancer is to pick from whatever it is offered. */
const panic = ruleOf(z.object({ expected: z.string() }), () => {
  const { balancer, candidates } = fleetOf(2, {});
  for (const server of [0, 1]) balancer.reported(0, server, emptyReport());
  for (const server of [0, 1]) {
    candidates.remove(server);
    balancer.left();
  }
  candidates.add(1);
  balancer.joined();
  const got = balancer.pick(0, request(0, 0), candidates);
  return got === 1 ? null : `expected the one replica that is offered, got ${got}`;
});

const fleetOf = (servers: number, written: Readonly<Record<string, unknown>>) => {
  const balancer = new Prequal(
    { ...entry.options.parse({}), ...written } as never,
    sequential(1, 'prequal'),
  );
  const candidates = new CandidateSet();
  for (let server = 0; server < servers; server++) candidates.add(server);
  return { balancer, candidates };
};

const askedBy = (balancer: Prequal): ServerId[] => {
  const asked: ServerId[] = [];
  for (let server = balancer.poll(); server !== NOBODY; server = balancer.poll())
    asked.push(server);
  return asked;
};

const has = (row: unknown, ...keys: readonly string[]): boolean =>
  typeof row === 'object' && row !== null && keys.every((key) => key in row);

/** Which part a row speaks of is told by what it holds. */
const partOf = (row: unknown): Rule | undefined => {
  if (has(row, 'pool', 'expectedReplica')) return choice;
  if (has(row, 'pool', 'afterExpire')) return eviction;
  if (has(row, 'probesPerQuery', 'expectedCounts')) return asking;
  if (has(row, 'poolSize', 'expected')) return sparse;
  return isAboutEjection(row) ? panic : undefined;
};

/** A row in words. */
const isAboutEjection = (row: unknown): boolean =>
  has(row, 'expected') && /ejected/.test(String((row as { expected: unknown }).expected));

export const prequal: Rule = {
  covers: (row) => partOf(row) !== undefined,
  breach: (row) => partOf(row)?.breach(row) ?? null,
};
