/** What the lateness of a live driver means for its results. The rule for one run is where the lag is measured. */
import { formatNumber } from '../core/format.ts';
import { quoted } from './answer/words.ts';
import type { ContenderResults, LagRow } from './results.ts';

/** Of one run: from the intended instant to the sending, ms, and the p99 that would colour the result. */
export interface RunLag {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly limit: number;
}

/** A row for each contender that has runs. */
export const lagRows = (
  contenders: readonly ContenderResults[],
  lags: readonly (readonly RunLag[])[],
): LagRow[] =>
  contenders.flatMap(({ name }, index) => {
    const runs = lags[index] ?? [];
    if (runs.length === 0) return [];
    const worst = (figure: (lag: RunLag) => number) => Math.max(...runs.map(figure));
    return {
      contender: name,
      p50: worst(({ p50 }) => p50),
      p99: worst(({ p99 }) => p99),
      max: worst(({ max }) => max),
      limit: Math.min(...runs.map(({ limit }) => limit)),
      valid: runs.every(({ p99, limit }) => p99 <= limit),
    };
  });

/** A sentence for each contender whose driver was too late. */
export const lagWarnings = (rows: readonly LagRow[]): string[] =>
  rows
    .filter(({ valid }) => !valid)
    .map(
      ({ contender, p99, limit }) =>
        `The driver fell behind with ${quoted(contender)}: in the worst run it sent one request in a hundred ${ms(p99)} late or later (lag p99), and ${ms(limit)} is the most that would not show. The latencies are partly the driver's own; use a quieter machine or a lower rate.`,
    );

const ms = (value: number): string => `${formatNumber(Number(value.toPrecision(2)))} ms`;
