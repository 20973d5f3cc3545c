/**
 * What two reports of a server say about it. Nothing is made up: a value that the reports do not give is null, and a
 * total that shrank (the process began anew) gives no rate.
 */
import type { Millis } from '../../core/units.ts';
import type { ServerLoad } from './autoscaler.ts';

export type ServerMetric = 'busy' | 'inFlight' | 'queued' | 'requests';

/** Busy slots and requests a second between the last two reports; calls in the server and calls queued at the last. */
export const valueOf = (metric: ServerMetric, server: ServerLoad): number | null => {
  const { report } = server;
  if (report === null) return null;
  if (metric === 'inFlight') return report.busy + report.queued;
  if (metric === 'queued') return report.queued;
  return metric === 'busy' ? growth(server, 'busyMs', 1) : growth(server, 'finished', 1000);
};

const growth = (
  { report, reportedAt, previous, previousAt }: ServerLoad,
  total: 'busyMs' | 'finished',
  scale: number,
): number | null => {
  const window = reportedAt - previousAt;
  if (report === null || previous === null || !(window > 0)) return null;
  const grown = report[total] - previous[total];
  return grown < 0 ? null : (grown * scale) / window;
};

/** Scrapes that may be missed before a report counts as lost. */
const MISSED = 3;

export const isFresh = (now: Millis, reportedAt: Millis, scrape: Millis): boolean =>
  now - reportedAt <= MISSED * scrape;

/** Does it serve: started, and passing its checks? */
export const isServing = ({ phase, healthy }: ServerLoad): boolean => phase === 'ready' && healthy;

/**
 * Calls in the servers, those queued or all of them, together. Starting servers hold none. One whose report is missing
 * counts as the others do on average, but not for more than the balancer has sent it; null when there are servers and
 * none has reported.
 */
export const totalOf = (
  now: Millis,
  metric: 'inFlight' | 'queued',
  servers: readonly ServerLoad[],
  scrape: Millis,
): number | null => {
  const silent: ServerLoad[] = [];
  let told = 0;
  let sum = 0;
  for (const server of servers) {
    if (server.phase === 'starting') continue;
    const value = isFresh(now, server.reportedAt, scrape) ? valueOf(metric, server) : null;
    if (value === null) silent.push(server);
    else {
      told++;
      sum += value;
    }
  }
  if (told === 0) return silent.length === 0 ? 0 : null;
  const mean = sum / told;
  return silent.reduce((total, { inFlight }) => total + Math.min(mean, inFlight), sum);
};
