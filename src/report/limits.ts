/**
 * How much the page holds. A report is mailed and attached, so it stays below a megabyte; with many contenders, cells
 * or notes it is drawn again with less, from the top of this list down, and says at each place what it left out.
 */
export interface Limits {
  /** Rows of the leaderboard and of the objectives. */
  readonly contenders: number;
  /** Contenders with tables of their own. */
  readonly detailed: number;
  readonly servers: number;
  readonly notes: number;
  /** Rows of the table beside each chart; beyond, every second, third, ... row is shown. */
  readonly chartRows: number;
  /** Heat maps a metric, for a matrix of three axes and more. */
  readonly maps: number;
  /** Characters of the embedded data. */
  readonly data: number;
}

export const PAGE_BYTES = 1_000_000;

export const LIMITS: readonly [Limits, ...Limits[]] = [
  { contenders: 100, detailed: 8, servers: 20, notes: 100, chartRows: 400, maps: 6, data: 280_000 },
  { contenders: 60, detailed: 4, servers: 20, notes: 100, chartRows: 60, maps: 4, data: 160_000 },
  { contenders: 40, detailed: 2, servers: 12, notes: 40, chartRows: 30, maps: 2, data: 60_000 },
  { contenders: 16, detailed: 1, servers: 6, notes: 10, chartRows: 12, maps: 1, data: 20_000 },
];
