/**
 * The answer for three contenders and more, or for a matrix: for each judged metric who is best, who cannot be told from the
 * best, and what the best gains over the baseline. "Best" is a place from rank.ts, so a lucky run is not crowned. For
 * a matrix the neighbours of the best cell are told too: an optimum whose neighbours do as well is one to trust,
 * a lone peak is one to doubt.
 */
import { formatInterval, formatMetric } from '../../core/format.ts';
import type { MetricName } from '../../core/metrics.ts';
import { marginText } from '../margin.ts';
import { firstPlace, ranks } from '../rank.ts';
import type { Comparison, ContenderResults, Results } from '../results.ts';
import { FEWEST_RUNS } from '../verdict.ts';
import { cheapest } from './cheapest.ts';
import { neighboursOf } from './neighbours.ts';
import { listed, noun, quoted, seedCount, sizeAgainstBaseline } from './words.ts';

type Field = Pick<Results, 'contenders' | 'comparisons' | 'scenario' | 'independent'>;

/** First place on one metric: the best mean, and all who share its place, either way. */
interface Podium {
  readonly metric: MetricName;
  readonly best: ContenderResults;
  /** Do as well, within the margin. */
  readonly equal: readonly ContenderResults[];
  /** May or may not be worse by more than the margin. */
  readonly open: readonly ContenderResults[];
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
  const ranking = { margin: scenario.margin, independent };
  const place = firstPlace(contenders, metric, ranking);
  const best = contenders[place?.best ?? -1];
  if (place === null || best === undefined) return null;
  const pick = (indices: readonly number[]): ContenderResults[] =>
    contenders.filter((_, index) => indices.includes(index));
  const ranked = ranks(contenders, metric, ranking).filter((rank) => rank !== null).length;
  return { metric, best, equal: pick(place.equal), open: pick(place.open), ranked };
};

const firstOf = ({ best, equal, open }: Podium): readonly ContenderResults[] => [
  best,
  ...equal,
  ...open,
];

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
  a.best === b.best && areAlike(a.equal, b.equal) && areAlike(a.open, b.open);

const areAlike = (a: readonly ContenderResults[], b: readonly ContenderResults[]): boolean =>
  a.length === b.length && a.every((contender) => b.includes(contender));

/** Who is best in the metrics of one group, which share their podium. */
const standing = (field: Field, group: readonly Podium[]): string[] => {
  const [podium] = group;
  if (podium === undefined) return [];
  const { best, equal, open, ranked } = podium;
  const figures = listed(group.map(({ metric }) => worth(field, best, metric)));
  if (ranked === 1) return [`${titled(field, best)} alone is ranked, in ${figures}`];
  if (equal.length + open.length === 0) return [`${titled(field, best)} is best in ${figures}`];
  const margin = marginsOf(field, group);
  if (equal.length + 1 === ranked) {
    const [means, are] = group.length === 1 ? ['mean', 'is that'] : ['means', 'are those'];
    return [
      `no difference that matters (below ${margin}): the best ${means} ${are} of ${titled(field, best)}, ${figures}`,
    ];
  }
  const unproven = `shown to be worse by more than ${margin}`;
  if (equal.length + open.length + 1 === ranked) {
    return [`no contender is ${unproven} than the best, ${titled(field, best)}, in ${figures}`];
  }
  const alike =
    equal.length > 0
      ? [`with no difference that matters (below ${margin}) to ${namesOf(equal)}`]
      : [];
  const undecided = open.length > 0 ? [`${namesOf(open)} ${be(open)} not ${unproven}`] : [];
  return [
    `${titled(field, best)} leads in ${figures}, but ${[...alike, ...undecided].join(', and ')}`,
  ];
};

/** The margins really used, once where they are the same: `0.1 points in error rate and 5 % in p99 latency`. */
const marginsOf = ({ scenario }: Field, group: readonly Podium[]): string => {
  const told = group.map(({ metric, best }) => ({
    metric,
    margin: marginText(metric, meanOf(best, metric), scenario.margin),
  }));
  const [first] = told;
  return first !== undefined && told.every(({ margin }) => margin === first.margin)
    ? first.margin
    : listed(told.map(({ metric, margin }) => `${margin} in ${noun(metric)}`));
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
const leadersOf = (podium: Podium): readonly ContenderResults[] =>
  firstOf(podium).filter(
    (contender) => meanOf(contender, podium.metric) === meanOf(podium.best, podium.metric),
  );

/** What the cells beside the best one do on the first judged metric. */
const surroundings = (field: Field, podium: Podium): string[] => {
  const { metric, best } = podium;
  const around = neighboursOf(field.contenders, best);
  const beside = around.filter(({ stable }) => stable);
  const figures = beside.flatMap(({ metrics }) => metrics[metric]?.mean ?? []);
  if (figures.length === 0) return [];
  const first = firstOf(podium);
  const worse = beside.filter((cell) => !first.includes(cell)).length;
  const growing = around.length - beside.length;
  const cells =
    `${beside.length === 1 ? 'cell' : 'cells'} of the matrix one step from ${quoted(best.name)}` +
    (growing === 0 ? '' : ` that ${beside.length === 1 ? 'is' : 'are'} not UNSTABLE`);
  const [only] = figures;
  if (beside.length === 1) {
    const found = worse === 1 ? 'is worse' : 'is not shown to be worse';
    return [`the one ${cells} ${found} (${noun(metric)} ${formatMetric(metric, only)})`];
  }
  const found =
    worse === 0
      ? 'none is shown to be worse'
      : `${worse === beside.length ? 'all' : worse} ${worse === 1 ? 'is' : 'are'} worse`;
  const range = formatInterval(metric, { low: Math.min(...figures), high: Math.max(...figures) });
  return [`of the ${beside.length} ${cells} ${found} (${noun(metric)} ${range})`];
};

const titled = ({ contenders }: Field, contender: ContenderResults): string =>
  contender === contenders[0] ? `the baseline ${quoted(contender.name)}` : quoted(contender.name);

const namesOf = (contenders: readonly ContenderResults[]): string =>
  contenders.length > 3
    ? `${contenders.length} contenders`
    : listed(contenders.map(({ name }) => quoted(name)));

const be = ({ length }: readonly unknown[]): string => (length === 1 ? 'is' : 'are');
