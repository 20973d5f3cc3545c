/**
 * The scenario's identity: what `compare` asks for before it sets two results side by side. It covers demand and world of
 * the base (arrivals, sessions, tools, servers, network, faults, duration, warm-up), and neither policies, seeds and
 * question, nor names that only people read.
 */
import type { Distribution } from '../core/distributions.ts';
import type { Arrivals, Scenario } from './scenario.ts';
import { sha256 } from './trace-file.ts';

/** `sha256:...` */
export const scenarioHash = ({ base, duration, warmup }: Scenario): string => {
  const { arrivals, sessions, keys, calls } = base.traffic;
  const demand = {
    arrivals: nameless(arrivals),
    sessions: sessions && {
      calls: nameless(sessions.calls),
      think: nameless(sessions.think),
      share: sessions.share,
    },
    // Absent while there are none, so that scenarios without keys keep the hash they had.
    ...(keys && { keys }),
    calls: calls.map(({ work, ...tool }) => ({ ...tool, work: nameless(work) })),
  };
  const { overload, ...servers } = base.servers;
  const world = {
    servers: overload === 'reject' ? servers : base.servers,
    network: nameless(base.network),
    faults: base.faults.map(({ label: _, ...fault }) => fault),
  };
  return sha256(canonical({ duration, warmup, demand, world }));
};

/** A file is what it contains (its own hash), wherever it lies. */
const nameless = (from: Distribution | Arrivals): object => {
  if (!('file' in from)) return from;
  const { file: _, ...rest } = from;
  return rest;
};

/** JSON with sorted keys: the order in which a file gives its keys does not matter. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
