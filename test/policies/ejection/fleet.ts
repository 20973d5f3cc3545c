/** A fleet told as a story: calls of a server in a row, and sweeps on time. */
import type { Outcome } from '../../../src/core/outcome.ts';
import type { Ejection } from '../../../src/policies/ejection/ejection.ts';

export const join = (ejection: Ejection, count: number): void => {
  for (let server = 0; server < count; server++) ejection.joined(0, server);
};

/** `count` calls of `server` in a row with that outcome. */
export const calls = (
  ejection: Ejection,
  now: number,
  server: number,
  count: number,
  outcome: Outcome = 'http-5xx',
): void => {
  for (let call = 0; call < count; call++) ejection.settled(now, server, outcome);
};

/** 100 calls of each server; `rates[server]` % of them go well, the good ones evenly among the bad. */
export const interval = (ejection: Ejection, now: number, rates: readonly number[]): void => {
  for (const [server, rate] of rates.entries())
    for (let call = 0; call < 100; call++) {
      const good = Math.floor(((call + 1) * rate) / 100) > Math.floor((call * rate) / 100);
      ejection.settled(now, server, good ? 'ok' : 'http-5xx');
    }
};

/** The servers among the first 100 that are out. */
export const out = (ejection: Ejection): number[] =>
  Array.from({ length: 100 }, (_, server) => server).filter((server) => ejection.ejected(server));

/** Sweeps every interval from `from` on, until `server` is back: when. */
export const backAt = (ejection: Ejection, from: number, server = 0): number => {
  let now = from;
  while (ejection.ejected(server)) ejection.sweep((now += ejection.every));
  return now;
};
