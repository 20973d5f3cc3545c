/**
 * The record of a live run from its two witnesses: the driver saw what clients saw (latency, errors, sessions), the
 * gateway's recorder what happened at the door (attempts, breakers, servers). Where both saw a thing the driver is
 * believed: a client's latency is measured at the client.
 */
import type { MetricName, Metrics } from '../core/metrics.ts';
import type { LiveRun } from '../live/launcher.ts';
import { requestOf } from '../live/driver/samples.ts';
import { RequestLedger } from '../results/request-ledger.ts';
import type { RunRecord } from '../results/results.ts';
import { sessionRow } from '../results/rows.ts';
import { RunSeries } from '../results/run-series.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** What only the door knows of requests: how often they were sent, and what became of each attempt. */
const OF_THE_DOOR: readonly MetricName[] = ['attempts', 'retries', 'timeouts', 'rejected'];

export const joined = (
  scenario: Scenario,
  { samples, sessions, record }: LiveRun<RunRecord>,
): RunRecord => {
  const { duration, warmup, contenders } = scenario;
  const { traffic } = contenders[record.contender]!.setup;
  const ledger = new RequestLedger(traffic, warmup);
  const series = new RunSeries(duration);
  for (const sample of samples) {
    const request = requestOf(sample, traffic);
    const doneAt = sample.at + sample.latencyMs;
    ledger.arrived(request);
    series.arrived(sample.at);
    ledger.replied(doneAt, request, sample.outcome);
    series.replied(doneAt, sample.at, sample.outcome);
  }
  const row = traffic.sessions && sessionRow(sessions);
  return {
    ...record,
    metrics: {
      ...withoutClients(record.metrics),
      ...without(ledger.metrics(duration - warmup), OF_THE_DOOR),
      ...(row && { sessions: row.started, sessionsLost: row.lost }),
    },
    latency: ledger.latency.counts,
    failures: ledger.failures(),
    series: seen(series.finish().series, record.series),
    tools: ledger.tools(),
    sessions: row,
  };
};

/** Curves of what clients saw from the driver, gauges of the fleet from the door. */
const seen = (clients: RunRecord['series'], door: RunRecord['series']): RunRecord['series'] => {
  const { arrivalsRps, goodputRps, latencyMsP99, errorRate } = clients.values;
  const curves = { arrivalsRps, goodputRps, latencyMsP99, errorRate };
  return { ...door, values: { ...door.values, ...(curves as RunRecord['series']['values']) } };
};

/** The door's opinion of what clients saw is dropped even where no client saw anything. */
const withoutClients = (metrics: Metrics): Metrics =>
  Object.fromEntries(Object.entries(metrics).filter(([name]) => !OF_CLIENTS.test(name)));
const OF_CLIENTS =
  /^(?:latencyMs.*|arrived|requests|completed|failed|errorRate|toolErrorRate|goodputRps)$/;

const without = (metrics: Metrics, names: readonly MetricName[]): Metrics =>
  Object.fromEntries(
    Object.entries(metrics).filter(([name]) => !names.includes(name as MetricName)),
  );
