/**
 * What does speed cost? Server-seconds against p99 latency, with the intervals of both, and the front: contenders that
 * no other beats on both counts. Where every contender held the same servers, cost tells nothing apart and failed
 * requests take its place, since latency is often bought with errors.
 */
import { formatInterval, formatMetric, possible } from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import { listed, quoted } from '../../results/answer/words.ts';
import type { Estimate } from '../../results/results.ts';
import type { Cast, Member } from '../cast.ts';
import { bandNote, hasBand } from './bands.ts';
import type { Chart } from './chart.ts';
import { axesOf, HEIGHT, layersOf, MARGIN, SPEED, WIDTH, type Point } from './pareto-layers.ts';

/** Null when there is nothing to weigh: fewer than two contenders, or no metric that sets them apart. */
export const paretoChart = (cast: Cast): Chart | null => {
  const cost = costMetric(cast);
  if (cost === null) return null;
  const points = pointsOf(cast.charted, cost);
  if (points.length < 2) return null;
  const axes = axesOf(points);
  return {
    title: `${METRICS[cost].label} against ${METRICS[SPEED].label}`,
    finding:
      findingOf(points, cost, cast) +
      bandNote(
        'Bars',
        points.map(({ member }) => member.contender),
        axes.cut,
      ),
    legend: [],
    plot: { width: WIDTH, height: HEIGHT, margin: MARGIN, layers: layersOf(points, axes, cost) },
    table: {
      columns: [
        'contender',
        METRICS[cost].label,
        '95 % interval',
        METRICS[SPEED].label,
        '95 % interval',
        'on the front',
      ],
      rows: points.map(({ member, x, y, front }) => ({
        cells: [
          member.contender.name,
          formatMetric(cost, x.mean),
          formatInterval(cost, x),
          formatMetric(SPEED, y.mean),
          formatInterval(SPEED, y),
          front ? 'yes' : 'no',
        ],
      })),
    },
  };
};

/** Cost in servers if it differs by more than half a per cent, else errors, else nothing. */
const costMetric = (cast: Cast): MetricName | null => {
  const differs = (metric: MetricName): boolean => {
    const means = cast.charted.flatMap(({ contender }) => contender.metrics[metric]?.mean ?? []);
    return means.length > 1 && Math.max(...means) - Math.min(...means) > 0.005 * Math.max(...means);
  };
  return (['serverSeconds', 'errorRate'] as const).find(differs) ?? null;
};

const pointsOf = (members: readonly Member[], cost: MetricName): readonly Point[] => {
  const points = members.flatMap((member) => {
    const { [cost]: x, [SPEED]: y } = member.contender.metrics;
    if (x === undefined || y === undefined) return [];
    return [{ member, x: shown(member, cost, x), y: shown(member, SPEED, y) }];
  });
  return points.map((point) => ({
    ...point,
    front:
      point.member.contender.stable &&
      !points.some(
        ({ member, x, y }) =>
          member.contender.stable &&
          x.mean <= point.x.mean &&
          y.mean <= point.y.mean &&
          (x.mean < point.x.mean || y.mean < point.y.mean),
      ),
  }));
};

/** The interval as far as it is possible, and none where too few seeds stand behind it. */
const shown = (member: Member, metric: MetricName, estimate: Estimate): Estimate => ({
  mean: estimate.mean,
  ...(hasBand(member.contender) ? possible(metric, estimate) : { low: null, high: null }),
});

const findingOf = (points: readonly Point[], cost: MetricName, cast: Cast): string => {
  const best = points.filter(({ front }) => front).map(({ member }) => member);
  const named = best.filter(({ lead }) => lead).map(({ contender }) => quoted(contender.name));
  const rest = best.length - named.length;
  const front = listed([
    ...named,
    ...(rest === 0
      ? []
      : [`${rest} ${named.length === 0 ? 'of the contenders' : rest === 1 ? 'other' : 'others'}`]),
  ]);
  const why =
    cost === 'errorRate' ? 'All held the same servers, so failed requests stand in for cost. ' : '';
  const bound =
    cast.charted.length < cast.all.length
      ? ` Shown: ${cast.charted.length} of ${cast.all.length} contenders.`
      : '';
  return (
    `${why}Lower left is better. No contender beats ` + `${front} on both counts at once.${bound}`
  );
};
