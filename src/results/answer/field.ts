/**
 * The answer for three contenders and more, or for a matrix: for each judged metric who is best, who cannot be told from the
 * best, and what the best gains over the baseline. "Best" is a place from rank.ts, so a lucky run is not crowned. For
 * a matrix the neighbours of the best cell are told too: an optimum whose neighbours do as well is one to trust,
 * a lone peak is one to doubt.
 */
import { formatInterval, formatMetric } from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import { ranks } from '../rank.ts';
import type { Comparison, ContenderResults, Results } from '../results.ts';
import { FEWEST_RUNS } from '../verdict.ts';
import { cheapest } from './cheapest.ts';
import { neighboursOf } from './neighbours.ts';
import { listed, noun, quoted, seedCount, sizeAgainstBaseline } from './words.ts';

type Field = Pick<Results, 'contenders' | 'comparisons' | 'scenario' | 'independent'>;

/** First place on one metric: the best mean, and all who share its place (itself among them). */
interface Podium {
  readonly metric: MetricName;
  readonly best: ContenderResults;
  readonly first: readonly ContenderResults[];
  /** Contenders that were ranked at all. */
  readonly ranked: number;
}

export const fieldAnswer = (field: Field): string => {
  const { contenders, scenario } = field;
  const podiums = scenario.judge.flatMap((metric) => podiumOf(field, metric) ?? []);
  const unstable = contenders.filter(({ stable }) => !stable);
  const excluded =
    unstable.length === 0 ? [] : [`${namesOf(unstable)} ${be(unstable)} UNSTABLE and not ranked`];
  if (podiums.length === 0)
    return `${['No contender can be ranked on a judged metric', ...excluded].join('; ')}.`;
  const runs = contenders[0]?.runs.length ?? 0;
  const told =
    runs < FEWEST_RUNS
      ? [soFar(podiums, runs)]
      : [...cheapest(contenders), ...decided(field, podiums)];
  return `${[...told, ...excluded].join('; ')}.`;
};

const podiumOf = (
  { contenders, scenario, independent }: Field,
  metric: MetricName,
): Podium | null => {
  const places = ranks(contenders, metric, { margin: scenario.margin, independent });
  const sign = METRICS[metric].better === 'lower' ? 1 : -1;
  const first = contenders.filter((_, index) => places[index] === 1);
  const [best] = first.toSorted((a, b) => sign * (meanOf(a, metric) - meanOf(b, metric)));
  const ranked = places.filter((place) => place !== null).length;
  return best === undefined ? null : { metric, best, first, ranked };
};

const meanOf = ({ metrics }: ContenderResults, metric: MetricName): number =>
  metrics[metric]?.mean ?? 0;

/** One clause for all metrics with the same podium; then the neighbours of the best on the first metric. */
const decided = (field: Field, podiums: readonly Podium[]): string[] => {
  const groups: Podium[][] = [];
  for (const podium of podiums) {
    const group = groups.find(([other]) => other !== undefined && isAlike(other, podium));
    if (group) group.push(podium);
    else groups.push([podium]);
  }
  const [first] = podiums;
  const clauses = groups.flatMap((group) => standing(field, group));
  return first === undefined ? clauses : [...clauses, ...surroundings(field, first)];
};

const isAlike = (a: Podium, b: Podium): boolean =>
  a.best === b.best &&
  a.first.length === b.first.length &&
  a.first.every((c) => b.first.includes(c));

/** Who is best in the metrics of one group, which share their podium. */
const standing = (field: Field, group: readonly Podium[]): string[] => {
  const [podium] = group;
  if (podium === undefined) return [];
  const { best, first, ranked } = podium;
  const figures = listed(group.map(({ metric }) => worth(field, best, metric)));
  if (ranked === 1) return [`${titled(field, best)} alone is ranked, in ${figures}`];
  if (first.length === 1) return [`${titled(field, best)} is best in ${figures}`];
  const others = namesOf(first.filter((contender) => contender !== best));
  return first.length === ranked
    ? [`no contender can be told from the best, ${titled(field, best)}, in ${figures}`]
    : [`${titled(field, best)} leads in ${figures}, but ${others} cannot be told from it`];
};

/** `error rate at 1.2 %, 0.6 points or 33 % below the baseline (95 % interval ...)`. */
const worth = (field: Field, best: ContenderResults, metric: MetricName): string => {
  const figure = `${noun(metric)} at ${formatMetric(metric, best.metrics[metric]?.mean)}`;
  const row = rowAgainstBaseline(field, best, metric);
  return row?.verdict === 'better' ? `${figure}, ${sizeAgainstBaseline(row)}` : figure;
};

const rowAgainstBaseline = (
  { comparisons }: Field,
  { name }: ContenderResults,
  metric: MetricName,
): Comparison | undefined =>
  comparisons.find((row) => row.judged && row.contender === name && row.metric === metric);

const soFar = (podiums: readonly Podium[], runs: number): string => {
  const figure = ({ metric, best }: Podium): string =>
    `${noun(metric)} (${formatMetric(metric, best.metrics[metric]?.mean)})`;
  const level = podiums.filter(
    (podium) => podium.ranked > 1 && leadersOf(podium).length === podium.ranked,
  );
  const leads = podiums
    .filter((podium) => !level.includes(podium))
    .map((podium) => `${namesOf(leadersOf(podium))} in ${figure(podium)}`);
  const told = [
    ...(leads.length > 0 ? [`the best means so far are those of ${listed(leads)}`] : []),
    ...(level.length > 0 ? [`no difference so far in ${listed(level.map(figure))}`] : []),
  ];
  return `Exploratory, with ${seedCount(runs)} nothing is decided: ${[...told, `run at least ${FEWEST_RUNS} seeds`].join('; ')}`;
};

/** All whose mean is the best one. With few seeds everyone shares the first place, so none is missing here. */
const leadersOf = ({ metric, best, first }: Podium): readonly ContenderResults[] =>
  first.filter((contender) => meanOf(contender, metric) === meanOf(best, metric));

/** What the cells beside the best one do on the first judged metric. */
const surroundings = (field: Field, { metric, best, first }: Podium): string[] => {
  const beside = neighboursOf(field.contenders, best).filter(({ stable }) => stable);
  const figures = beside.flatMap(({ metrics }) => metrics[metric]?.mean ?? []);
  if (figures.length === 0) return [];
  const worse = beside.filter((cell) => !first.includes(cell)).length;
  const [only] = figures;
  if (beside.length === 1) {
    const found = worse === 1 ? 'is worse' : 'is not shown to be worse';
    return [
      `its only stable neighbour in the matrix ${found} (${noun(metric)} ${formatMetric(metric, only)})`,
    ];
  }
  const found =
    worse === 0
      ? 'none is shown to be worse'
      : `${worse === beside.length ? 'all' : worse} ${worse === 1 ? 'is' : 'are'} worse`;
  const range = formatInterval(metric, { low: Math.min(...figures), high: Math.max(...figures) });
  return [
    `of the ${beside.length} stable neighbours of ${quoted(best.name)} in the matrix ${found} (${noun(metric)} ${range})`,
  ];
};

const titled = ({ contenders }: Field, contender: ContenderResults): string =>
  contender === contenders[0] ? `the baseline ${quoted(contender.name)}` : quoted(contender.name);

const namesOf = (contenders: readonly ContenderResults[]): string =>
  contenders.length > 3
    ? `${contenders.length} contenders`
    : listed(contenders.map(({ name }) => quoted(name)));

const be = ({ length }: readonly unknown[]): string => (length === 1 ? 'is' : 'are');
