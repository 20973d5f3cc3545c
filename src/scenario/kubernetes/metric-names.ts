/**
 * Names of metrics in manifests, and which of the fleet's own measures each means. A cluster's metrics are whatever its
 * exporters call them; three things are told by their names: what waits, what is in flight, and what comes a second.
 * Those that an export writes are among them, so that they are read as what they were.
 */
export type PodMeasure = 'inFlight' | 'queued' | 'requests';
export type FleetMeasure = 'backlog' | 'concurrency' | 'arrivals';

interface Meaning {
  readonly pods: PodMeasure;
  readonly fleet: FleetMeasure;
  readonly told: RegExp;
  readonly unit: 'count' | 'rate';
}

const MEANINGS: readonly Meaning[] = [
  { pods: 'queued', fleet: 'backlog', told: /queue|backlog|pending|waiting|lag\b/, unit: 'count' },
  {
    pods: 'inFlight',
    fleet: 'concurrency',
    told: /in_?flight|concurren|active|in_?progress|at_?work|sessions|connections/,
    unit: 'count',
  },
  {
    pods: 'requests',
    fleet: 'arrivals',
    told: /per_?sec|_?rps\b|_?qps\b|_rate\b|arrivals|requests/,
    unit: 'rate',
  },
];

/** Null when the name tells none of them. */
export const meaningOf = (name: string): Meaning | null => meaningsOf(name)[0] ?? null;

/** A query may speak of several: `sum(mcp_backlog) + sum(mcp_calls_at_work)`. */
export const meaningsOf = (text: string): readonly Meaning[] => {
  const plain = text.toLowerCase().replaceAll(/[-./ ]/g, '_');
  return MEANINGS.filter(({ told }) => told.test(plain));
};

export const METRIC_ALLOWED =
  'cpu, or a metric whose name speaks of a queue or backlog, of what is in flight, or of requests a second';

/** How an export calls them; `atWork`: the calls that have a slot, which the policy `queue` may count too. */
export const EXPORTED_NAMES: Readonly<Record<PodMeasure | FleetMeasure | 'atWork', string>> = {
  inFlight: 'mcp_requests_in_flight',
  queued: 'mcp_queue_length',
  requests: 'mcp_calls_per_second',
  backlog: 'mcp_backlog',
  atWork: 'mcp_calls_at_work',
  concurrency: 'mcp_concurrency',
  arrivals: 'mcp_arrivals_per_second',
};
