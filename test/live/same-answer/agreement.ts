/**
 * Do the live world and the simulator give the same answer? Latency percentiles within 10 %, error rates within one
 * percentage point, and the contenders in the same order by the first judged metric, where contenders that live cannot
 * be told apart (closer than the tolerance) may change places.
 */
import { METRICS, type MetricName } from '../../../src/core/metrics.ts';
import type { ContenderResults, Results, TwinError } from '../../../src/results/results.ts';

const PERCENTILES: readonly MetricName[] = ['latencyMsP50', 'latencyMsP90', 'latencyMsP99'];
const RELATIVE = 0.1;
const POINTS = 0.01;

export interface Agreement {
  readonly scenario: string;
  readonly rows: readonly Row[];
  /** Both worlds order the contenders alike. */
  readonly sameOrder: boolean;
  readonly judged: MetricName;
  /** Best first. */
  readonly liveOrder: readonly string[];
  readonly simOrder: readonly string[];
  /** The driver's own lateness, worst run, ms. */
  readonly lagP99: number;
  readonly agrees: boolean;
}

export interface Row {
  readonly contender: string;
  readonly requests: number;
  readonly errors: readonly TwinError[];
  readonly agrees: boolean;
}

/** `live` has its twin's figures in it; `sim` is the twin. */
export const agreementOf = (live: Results, sim: Results): Agreement => {
  const judged = live.scenario.judge[0]!;
  const rows = live.contenders.map((contender) => rowOf(contender, live));
  const [liveOrder, simOrder] = [orderOf(live, judged), orderOf(sim, judged)];
  const sameOrder = inSameOrder(live, sim, judged);
  const lag = live.lag ?? [];
  return {
    scenario: live.scenario.name,
    rows,
    sameOrder,
    judged,
    liveOrder,
    simOrder,
    lagP99: Math.max(...lag.map(({ p99 }) => p99)),
    agrees: sameOrder && rows.every(({ agrees }) => agrees) && lag.every(({ valid }) => valid),
  };
};

const rowOf = ({ name, metrics }: ContenderResults, live: Results): Row => {
  const all = live.twin!.find(({ contender }) => contender === name)!.errors;
  const errors = [...PERCENTILES, 'errorRate' as const].flatMap((metric) =>
    all.filter((error) => error.metric === metric),
  );
  return {
    contender: name,
    requests: metrics.requests?.mean ?? 0,
    errors,
    agrees: errors.length === PERCENTILES.length + 1 && errors.every(isClose),
  };
};

const isClose = ({ metric, error }: TwinError): boolean =>
  error !== null && Math.abs(error) <= (METRICS[metric].unit === 'share' ? POINTS : RELATIVE);

const meanOf = ({ contenders }: Results, metric: MetricName): readonly [string, number][] =>
  contenders.map(({ name, metrics }) => [name, metrics[metric]?.mean ?? NaN]);

const orderOf = (results: Results, metric: MetricName): string[] => {
  const sign = METRICS[metric].better === 'higher' ? -1 : 1;
  return meanOf(results, metric)
    .toSorted((a, b) => sign * (a[1] - b[1]))
    .map(([name]) => name);
};

/** No pair that live tells apart is the other way round in the simulator. */
const inSameOrder = (live: Results, sim: Results, metric: MetricName): boolean => {
  const foretold = new Map(meanOf(sim, metric));
  const measured = meanOf(live, metric);
  return measured.every(([a, liveA]) =>
    measured.every(([b, liveB]) => {
      const apart = Math.abs(liveA - liveB);
      const tolerance = METRICS[metric].unit === 'share' ? POINTS / 10 : (RELATIVE / 10) * liveA;
      if (a === b || apart <= tolerance) return true;
      return Math.sign(liveA - liveB) === Math.sign(foretold.get(a)! - foretold.get(b)!);
    }),
  );
};
