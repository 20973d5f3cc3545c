/** A server's report of its load as one header of an answer: seven numbers in a fixed order, with spaces between. */
import type { LoadReport } from '../../core/load-report.ts';
import { toMicros } from '../../core/units.ts';

const NUMBERS = 7;

/** Times to the microsecond. */
export const loadText = (report: LoadReport): string => {
  const { busy, slots, queued, busyMs, finished, failed, latencyMs } = report;
  return `${busy} ${slots} ${queued} ${toMicros(busyMs)} ${finished} ${failed} ${toMicros(latencyMs)}`;
};

/** Null for anything else. */
export const parseLoad = (text: unknown): LoadReport | null => {
  if (typeof text !== 'string') return null;
  const numbers = text.split(' ').map(Number);
  if (numbers.length !== NUMBERS || !numbers.every((one) => one >= 0 && one < Infinity))
    return null;
  const [busy, slots, queued, busyMs, finished, failed, latencyMs] = numbers as Seven;
  return { busy, slots, queued, busyMs, finished, failed, latencyMs };
};

type Seven = [number, number, number, number, number, number, number];
