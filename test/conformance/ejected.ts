/** What the rules about ejection share: calls put to it, and who is out. */
import type { Ejection } from '../../src/policies/ejection/ejection.ts';

/** `good` calls, then `bad` ones. */
export const settle = (
  ejection: Ejection,
  server: number,
  good: number,
  bad: number,
  now = 0,
): void => {
  for (let call = 0; call < good; call++) ejection.settled(now, server, 'ok');
  for (let call = 0; call < bad; call++) ejection.settled(now, server, 'http-5xx');
};

/** Null, or how the ejected ones of `count` servers differ from `expected`. */
export const sameServers = (
  ejection: Ejection,
  count: number,
  expected: readonly number[],
): string | null => {
  const got = Array.from({ length: count }, (_, server) => server).filter((server) =>
    ejection.ejected(server),
  );
  return got.join() === expected.join()
    ? null
    : `expected ejected [${expected.join(', ')}], got [${got.join(', ')}]`;
};

export const firstBreach = (...breaches: readonly (string | null)[]): string | null =>
  breaches.find((breach) => breach !== null) ?? null;

export const isMap = (row: unknown): row is Readonly<Record<string, unknown>> =>
  typeof row === 'object' && row !== null;
