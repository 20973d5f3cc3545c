/**
 * The record of a live run from its two witnesses: the driver saw what clients saw (latency, errors, sessions), the
 * gateway's recorder what happened at the door (attempts, breakers, servers). Where both saw a thing the driver is
 * believed: a client's latency is measured at the client.
 */
import type { MetricName, Metrics } from '../core/metrics.ts';
import type { Request } from '../core/request.ts';
import type { LiveRun } from '../live/launcher.ts';
import type { Sample } from '../live/driver/samples.ts';
import { RequestLedger } from '../results/request-ledger.ts';
import type { RunRecord, SessionRow } from '../results/results.ts';
import { RunSeries } from '../results/run-series.ts';
import type { Scenario, Traffic } from '../scenario/scenario.ts';

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
  const sessionRow = traffic.sessions && rowOf(sessions);
  return {
    ...record,
    metrics: {
      ...withoutClients(record.metrics),
      ...without(ledger.metrics(duration - warmup), OF_THE_DOOR),
      ...(sessionRow && { sessions: sessionRow.started, sessionsLost: sessionRow.lost }),
    },
    latency: ledger.latency.counts,
    failures: ledger.failures(),
    series: seen(series.finish().series, record.series),
    tools: ledger.tools(),
    sessions: sessionRow,
  };
};

const requestOf = (sample: Sample, traffic: Traffic): Request => {
  const { arrival, call, session, kind, tool, at } = sample;
  const era = session > 0 ? traffic.sessions!.era : traffic.era;
  const safe = tool < 0 || traffic.calls[tool]!.safe;
  return { arrival, call, session, kind, tool, key: 0, at, era, safe, account: -1 };
};

const rowOf = ({ started, lost, recovered, calls }: LiveRun<unknown>['sessions']): SessionRow => ({
  started,
  lost,
  recovered,
  callsMean: started === 0 ? null : calls / started,
});

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
