/**
 * A quantile function that is dear to compute, made cheap: tabulated once and interpolated for ever after.
 *
 * The table holds ln x over the logit of u, where the quantiles of positive laws are nearly straight at both ends; cubic
 * Hermite pieces with the exact slopes follow them to better than 1e-7 and, at this step, keep them monotone (Fritsch and
 * Carlson, SIAM J. Numer. Anal. 17, 1980). A draw costs one logarithm and one exponential. The one draw in four million
 * that lies beyond the table is computed.
 */
export interface PositiveLaw {
  /** ln of the quantile of u in (0, 1), exact; `near` is ln of a quantile close by, if one is known. */
  logQuantile(u: number, near?: number): number;
  /** x f(x) at x = exp(logX), f being the density. */
  densityOfLog(logX: number): number;
}

/** Logits from -16 to 16: u from 1.1e-7 to as close to 1. */
const REACH = 16;
const CELLS_PER_UNIT = 32;
const CELLS = 2 * REACH * CELLS_PER_UNIT;

export const tabulated = (law: PositiveLaw): ((u: number) => number) => {
  const { heights, slopes } = tabulate(law);
  return (u) => {
    const at = (Math.log(u / (1 - u)) + REACH) * CELLS_PER_UNIT;
    if (!(at > 0 && at < CELLS)) return Math.exp(law.logQuantile(u));
    const cell = Math.floor(at);
    const s = at - cell;
    const low = heights[cell]!;
    const rise = heights[cell + 1]! - low;
    const bend = (slopes[cell]! - rise) * (1 - s) + (rise - slopes[cell + 1]!) * s;
    return Math.exp(low + s * (rise + (1 - s) * bend));
  };
};

/** ln x at the edges of the cells, and its slope there by the cell. */
const tabulate = (law: PositiveLaw): { heights: Float64Array; slopes: Float64Array } => {
  const heights = new Float64Array(CELLS + 1);
  const slopes = new Float64Array(CELLS + 1);
  for (let i = 0; i <= CELLS; i++) {
    const odds = Math.exp(i / CELLS_PER_UNIT - REACH);
    const u = odds / (1 + odds);
    const logX = law.logQuantile(u, i > 0 ? heights[i - 1] : undefined);
    heights[i] = logX;
    slopes[i] = (u * (1 - u)) / law.densityOfLog(logX) / CELLS_PER_UNIT;
  }
  return { heights, slopes };
};
