/**
 * Control variates (Lavenberg & Welch, Management Science 27, 1981): what a replication happened to draw, such as the mean
 * square of its service times, is known in expectation; regressing a figure on how far such controls are from theirs takes
 * that luck out. In a heavy-tailed M/G/1 queue it saves a factor of twenty in requests.
 *
 * It would also take out an error in the draws themselves, so the controls are compared with theory as well.
 */
import { invariant } from '../../src/core/invariant.ts';

export interface Controlled {
  readonly mean: number;
  readonly se: number;
}

/**
 * The mean of `values` as if every control had been at its expectation, by least squares; `deviations[k]` says by how much
 * each control of replication k is off. More replications are needed than controls and one.
 */
export const controlled = (
  values: readonly number[],
  deviations: readonly (readonly number[])[],
): Controlled => {
  const rows = deviations.map((row) => [1, ...row]);
  const width = rows[0]!.length;
  invariant(values.length >= width, 'fewer replications than controls');
  const columns = Array.from({ length: width }, (_, j) => j);
  const normal = columns.map((i) => [
    ...columns.map((j) => sum(rows.map((row) => row[i]! * row[j]!))),
    sum(rows.map((row, k) => row[i]! * values[k]!)),
    i === 0 ? 1 : 0,
  ]);
  const solved = eliminated(normal);
  const coefficients = solved.map((row) => row[width]!);
  const residuals = rows.map(
    (row, k) => values[k]! - sum(row.map((value, j) => value * coefficients[j]!)),
  );
  const spread =
    sum(residuals.map((residual) => residual * residual)) / Math.max(1, values.length - width);
  return { mean: coefficients[0]!, se: Math.sqrt(spread * solved[0]![width + 1]!) };
};

/** Gauss-Jordan elimination, with the largest pivot of each column, of a square system and its right-hand sides. */
const eliminated = (system: readonly (readonly number[])[]): number[][] => {
  const rows = system.map((row) => [...row]);
  for (let k = 0; k < rows.length; k++) {
    let best = k;
    for (let i = k + 1; i < rows.length; i++)
      if (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!)) best = i;
    [rows[k], rows[best]] = [rows[best]!, rows[k]!];
    const pivot = rows[k]!.map((value) => value / rows[k]![k]!);
    rows[k] = pivot;
    for (let i = 0; i < rows.length; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]!;
      rows[i] = rows[i]!.map((value, j) => value - factor * pivot[j]!);
    }
  }
  return rows;
};

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
