/**
 * The tables of a contender: tools, servers and sessions, each figure a mean over the runs that have it. A server that an
 * autoscaler started in some runs only is averaged over those.
 */
import { FAILURES } from '../core/outcome.ts';
import type { SessionTotals } from '../fleet/world.ts';
import type { ContenderResults, RunRecord, ServerRow, SessionRow, ToolRow } from './results.ts';
import { mean } from './statistics.ts';
import { remarkableScores } from './remarkable.ts';

export const mergeTools = (runs: readonly RunRecord[]): ToolRow[] =>
  byName(runs.map(({ tools }) => tools)).map((rows) => ({
    name: rows[0].name,
    requests: over(rows, 'requests'),
    errorRate: over(rows, 'errorRate'),
    toolErrorRate: over(rows, 'toolErrorRate'),
    latencyMsMean: overKnown(rows, 'latencyMsMean'),
    latencyMsP50: overKnown(rows, 'latencyMsP50'),
    latencyMsP99: overKnown(rows, 'latencyMsP99'),
  }));

export const mergeServers = (runs: readonly RunRecord[]): ServerRow[] => {
  const servers = byName(runs.map((run) => run.servers)).map((rows) => ({
    name: rows[0].name,
    group: rows[0].group,
    attempts: over(rows, 'attempts'),
    errorRate: over(rows, 'errorRate'),
    utilisation: overKnown(rows, 'utilisation'),
    waitMsMean: overKnown(rows, 'waitMsMean'),
    readySeconds: over(rows, 'readySeconds'),
    breakerOpens: over(rows, 'breakerOpens'),
    ejections: over(rows, 'ejections'),
  }));
  const scores = remarkableScores(servers);
  return servers.map((server, index) => ({ ...server, remarkable: scores[index] ?? 0 }));
};

/** One run's. */
export const sessionRow = ({ started, lost, recovered, calls }: SessionTotals): SessionRow => ({
  started,
  lost,
  recovered,
  callsMean: started === 0 ? null : calls / started,
});

/** Null when no run had sessions. */
export const mergeSessions = (runs: readonly RunRecord[]): SessionRow | null => {
  const rows = runs.flatMap(({ sessions }) => sessions ?? []);
  if (rows.length === 0) return null;
  return {
    started: over(rows, 'started'),
    lost: over(rows, 'lost'),
    recovered: over(rows, 'recovered'),
    callsMean: overKnown(rows, 'callsMean'),
  };
};

/** Mean number of failed requests a run, by reason, most frequent first. */
export const mergeFailures = (runs: readonly RunRecord[]): ContenderResults['failures'] => {
  if (runs.length === 0) return {};
  const means = FAILURES.map(
    (reason) => [reason, mean(runs.map((run) => run.failures[reason] ?? 0))] as const,
  );
  return Object.fromEntries(means.filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]));
};

type NonEmpty<T> = [T, ...T[]];

/** Rows of equal name gathered over runs, in order of first appearance. */
const byName = <Row extends { readonly name: string }>(
  runs: readonly (readonly Row[])[],
): NonEmpty<Row>[] => {
  const gathered = new Map<string, NonEmpty<Row>>();
  for (const row of runs.flat()) {
    const rows = gathered.get(row.name);
    if (rows) rows.push(row);
    else gathered.set(row.name, [row]);
  }
  return [...gathered.values()];
};

const over = <Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key) =>
  mean(rows.map((row) => row[key]));

const overKnown = <Key extends string>(
  rows: readonly Readonly<Record<Key, number | null>>[],
  key: Key,
): number | null => {
  const known = rows.flatMap((row): number[] => {
    const value = row[key];
    return value === null ? [] : [value];
  });
  return known.length === 0 ? null : mean(known);
};
