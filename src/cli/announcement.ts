/** What is about to be simulated, in a line; and when that will take long, how long. */
import { availableParallelism } from 'node:os';
import { counted, formatNumber } from '../core/format.ts';
import { plain } from '../report/terminal.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { roughTime } from './progress.ts';

/** Requests a second on one core, roughly, with all that comes with them; README says the same. */
const REQUESTS_PER_SECOND = 500_000;
/** Whoever waits longer than this should know before. */
const LONG_MS = 10 * 60_000;

/** `cores`: of this machine; more workers than that share them. */
export const announcement = (
  scenario: Scenario,
  requests: number,
  workers: number,
  cores = availableParallelism(),
): string[] => {
  const { name, contenders, seeds } = scenario;
  const what = `${counted(contenders.length, 'contender')} x ${counted(seeds.length, 'seed')}`;
  const line = `${plain(name)}: ${what}, about ${formatNumber(Math.round(requests))} requests, on ${counted(workers, 'worker')}`;
  const tookMs = (1000 * requests) / (REQUESTS_PER_SECOND * Math.min(workers, cores));
  if (tookMs < LONG_MS) return [line];
  return [
    line,
    `This will take ${roughTime(tookMs)}. Ctrl-C ends it early and keeps the seeds that are done; --quick runs 5 seeds.`,
  ];
};
