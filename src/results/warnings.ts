/**
 * What a reader must know before believing a number: too few runs, too few requests, a run cut short, a contender that
 * never settles, a latency that only the survivors were asked about. Each is one sentence with its figures.
 */
import { formatDifference, formatMetric, formatNumber } from '../core/format.ts';
import { listed, noun, quoted, seedCount, withArticle } from './answer/words.ts';
import { areSame, valuesOf } from './compare.ts';
import type { ContenderResults, Results } from './results.ts';
import { unanswered } from './unanswered.ts';
import { hadAny } from './validity.ts';
import { FEWEST_RUNS } from './verdict.ts';

type Subject = Pick<Results, 'complete' | 'scenario' | 'independent' | 'contenders'>;

/** A quantile q needs 100 / (1 - q) requests a run: a hundred of them beyond it. */
const REQUESTS_FOR_P99 = 10_000;
const REQUESTS_FOR_P999 = 100_000;
/** Error rates further apart than this make latencies of completed requests hard to compare. */
const SURVIVORSHIP = 0.01;
/** More requests than this answered with a tool error are worth a word. */
const TOLERATED_TOOL_ERRORS = 0.001;

export const warningsOf = (subject: Subject): string[] => [
  ...interruption(subject),
  ...exploratory(subject),
  ...unstable(subject),
  ...barren(subject),
  ...silent(subject),
  ...idle(subject),
  ...unmeasured(subject),
  ...thinTails(subject),
  ...survivorship(subject),
  ...toolErrors(subject),
  ...eras(subject),
  ...independence(subject),
];

const MOST_NAMES = 4;

const runsOf = ({ contenders }: Subject): number => contenders[0]?.runs.length ?? 0;

const interruption = (subject: Subject): string[] => {
  if (subject.complete) return [];
  const planned = subject.scenario.seeds.length;
  return [`Interrupted: every contender finished ${runsOf(subject)} of ${planned} seeds.`];
};

const exploratory = (subject: Subject): string[] => {
  const runs = runsOf(subject);
  if (runs >= FEWEST_RUNS) return [];
  return [`Exploratory: ${seedCount(runs)} a contender; verdicts need at least ${FEWEST_RUNS}.`];
};

const unstable = ({ contenders }: Subject): string[] =>
  contenders.flatMap(({ name, stable, runs }) => {
    const growing = runs.filter((run) => !run.stable).length;
    if (growing === 0) return [];
    const where = `${quoted(name)}: the backlog grew in ${growing} of ${runs.length} runs`;
    return stable
      ? [`${where}; look at those runs before trusting its means.`]
      : [`UNSTABLE: ${where}, so its means depend on how long the run was and are not judged.`];
  });

/** What has completed nothing has nothing but failures to show, which a table of latencies hides. */
const barren = ({ contenders }: Subject): string[] => {
  const none = contenders.filter(({ runs }) => runs.length > 0 && !hadAny(runs, 'completed'));
  if (none.length === 0) return [];
  const it = none.length === 1 ? 'it has' : 'they have';
  return [`No request was completed with ${namesOf(none)} in any run: ${it} no latency at all.`];
};

/** Requests without any answer spoil no figure, and that is what is wrong with the figures. */
const silent = ({ contenders }: Subject): string[] =>
  contenders.flatMap(({ name, runs }) => {
    const lost = unanswered(runs);
    if (lost === null) return [];
    const [missing, arrived] = [formatNumber(lost.missing), formatNumber(lost.arrived)];
    return [
      `${missing} of ${arrived} requests of ${quoted(name)} had no answer when ${runs.length === 1 ? 'the run' : 'their run'} ended: they are in no error rate and no latency.`,
    ];
  });

/** A row of zeros looks like a fair fight that ended in a draw; mostly the policy had no occasion to act. */
const idle = ({ contenders }: Subject): string[] => {
  const [baseline, ...others] = contenders;
  if (baseline === undefined) return [];
  const same = others.filter(({ runs }) => areSame(baseline.runs, runs));
  if (same.length === 0) return [];
  const [run, them] = same.length === 1 ? ['runs', 'it'] : ['run', 'them'];
  return [
    `${namesOf(same)} ${run} exactly as ${quoted(baseline.name)} with every seed: nothing that sets ${them} apart came into play.`,
  ];
};

const namesOf = (contenders: readonly { readonly name: string }[]): string =>
  contenders.length > MOST_NAMES
    ? `${contenders.length} contenders`
    : listed(contenders.map(({ name }) => quoted(name)));

/** A judged metric that some run lacks is not compared, and that must not pass in silence. */
const unmeasured = ({ contenders, scenario }: Subject): string[] =>
  scenario.judge.flatMap((metric) => {
    const lacking = contenders.filter(({ runs }) => valuesOf(runs, metric) === null);
    if (lacking.length === 0) return [];
    const names = listed(lacking.map(({ name }) => quoted(name)));
    return [
      `Not every run of ${names} has ${withArticle(noun(metric))}, so it is not judged there.`,
    ];
  });

const thinTails = ({ contenders, scenario }: Subject): string[] => {
  const flag = (quantile: string, needed: number): string[] => {
    const thin = contenders.filter((contender) => fewestRequests(contender) < needed);
    if (thin.length === 0) return [];
    const fewest = Math.min(...thin.map(fewestRequests));
    return [
      `${quantile} rests on fewer than ${formatNumber(needed)} requests a run (as few as ${formatNumber(fewest)}): make the runs longer.`,
    ];
  };
  const judgesP999 = scenario.judge.includes('latencyMsP999');
  return [
    ...flag('p99', REQUESTS_FOR_P99),
    ...(judgesP999 ? flag('p99.9', REQUESTS_FOR_P999) : []),
  ];
};

const fewestRequests = ({ runs }: ContenderResults): number =>
  Math.min(...runs.map(({ metrics }) => metrics.requests ?? 0));

const survivorship = ({ contenders }: Subject): string[] => {
  const rated = contenders.flatMap(({ metrics }) => metrics.errorRate?.mean ?? []);
  const apart = Math.max(...rated) - Math.min(...rated);
  if (rated.length < 2 || apart <= SURVIVORSHIP) return [];
  const points = formatDifference('errorRate', apart).slice(1);
  return [
    `Latencies are those of completed requests, and error rates differ by up to ${points}: a contender that fails its slow requests looks faster.`,
  ];
};

/** Where nobody asked about tool errors they would stand in no table, and a broken tool would look like a healthy one. */
const toolErrors = ({ contenders, scenario }: Subject): string[] => {
  if (scenario.judge.includes('toolErrorRate')) return [];
  const erring = contenders.filter(({ metrics }) => rateOf(metrics) > TOLERATED_TOOL_ERRORS);
  const [worst] = erring.toSorted((a, b) => rateOf(b.metrics) - rateOf(a.metrics));
  if (worst === undefined) return [];
  const share = `${erring.length > 1 ? 'up to ' : ''}${formatMetric('toolErrorRate', rateOf(worst.metrics))}`;
  const whose = contenders.length > 1 ? ` of ${namesOf(erring)}` : '';
  return [
    `Tools answered ${share} of the requests${whose} with an error of their own (isError): such answers are completed requests, in the latencies and in no error rate, but not in the goodput.`,
  ];
};

const rateOf = ({ toolErrorRate }: ContenderResults['metrics']): number => toolErrorRate?.mean ?? 0;

/** Only legacy sessions begin with a request that does no work. */
const eras = ({ scenario }: Subject): string[] => {
  const legacy = scenario.contenders.filter(
    ({ setup }) => setup.traffic.sessions?.era === 'legacy',
  );
  if (legacy.length === 0 || legacy.length === scenario.contenders.length) return [];
  return [
    `Each legacy session begins with an \`initialize\`, a request without work: it counts in latency, error rate and goodput of ${namesOf(legacy)}, and the others have none.`,
  ];
};

const independence = ({ independent }: Subject): string[] =>
  independent
    ? ['Common random numbers were off (--independent): intervals are wider than they need be.']
    : [];
