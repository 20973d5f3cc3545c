/**
 * What happened, and when: one small panel a signal, all over the same time axis, with the faults shaded. Only the leads
 * are drawn, with 95 % bands over seeds; the axis follows the lines and not the widest band. A signal that never moved
 * and is the same for all is left out and named.
 */
import { formatUnit } from '../../core/format.ts';
import { listed, quoted } from '../../results/answer/words.ts';
import { SERIES, type Band, type Results, type SeriesName } from '../../results/results.ts';
import type { Cast, Member } from '../cast.ts';
import { extentOf, hasBand, logExtentOf, type Interval } from './bands.ts';
import { fittingAxis, linearAxis, placeOn, positional, UNIT_LABELS, type Axis } from './axis.ts';
import type { Chart } from './chart.ts';
import { clockOf, MARGIN, timeChannel, WIDTH, type Clock } from './clock.ts';
import { faultBands } from './fault-bands.ts';
import { lines, type Line } from './lines.ts';

const HEIGHT = 128;
const ORDER: readonly SeriesName[] = [
  'arrivalsRps',
  'goodputRps',
  'latencyMsP99',
  'errorRate',
  'serversWanted',
  'serversReady',
  'inFlight',
  'queued',
];

export const timePanels = (results: Results, cast: Cast): readonly Chart[] => {
  const clock = clockOf(results.scenario.duration);
  const moving = ORDER.filter((name) => moves(cast.leads, name));
  return moving.map((name) => panel(name, results, cast.leads, clock));
};

/** What a reader may look for in vain, with the one value it kept. */
export const restingSeries = (cast: Cast): readonly string[] =>
  ORDER.filter((name) => !moves(cast.leads, name)).flatMap((name) => {
    const value = figures(cast.leads, name)[0];
    return value === undefined
      ? []
      : [`${SERIES[name].label} ${formatUnit(SERIES[name].unit, value)}`];
  });

const figures = (members: readonly Member[], name: SeriesName): number[] =>
  members.flatMap(({ contender }) =>
    (contender.series.bands[name]?.mean ?? []).filter((value) => value !== null),
  );

const moves = (members: readonly Member[], name: SeriesName): boolean => {
  const values = figures(members, name);
  return values.length > 0 && Math.max(...values) > Math.min(...values);
};

const panel = (
  name: SeriesName,
  results: Results,
  members: readonly Member[],
  clock: Clock,
): Chart => {
  const { label, unit } = SERIES[name];
  const drawn = members.filter(({ contender }) => contender.series.bands[name] !== undefined);
  const shared = sameForAll(drawn, name);
  const cut = shared ? drawn.slice(0, 1) : drawn;
  const all = cut.map((member) => lineOf(member, name, clock));
  const { axis: yAxis, cut: isCut } = axisOf(name, all);
  const x = timeChannel(clock);
  const y = positional('y', yAxis, { labelExpr: UNIT_LABELS[unit] });
  const faults = faultBands(results.faults, clock, x);
  return {
    title: label + (shared && drawn.length > 1 ? ', the same for all' : ''),
    finding:
      findingOf(name, cut, clock) +
      (isCut ? ' Bands are cut where they reach beyond the chart.' : ''),
    legend: [],
    plot: {
      width: WIDTH,
      height: HEIGHT,
      margin: { ...MARGIN, top: faults.top },
      layers: [...faults.layers, ...lines(all, x, y, yAxis)],
    },
    table: tableOf(name, cut, clock),
  };
};

const lineOf = (member: Member, name: SeriesName, clock: Clock): Line => {
  const { at, binMs, bands } = member.contender.series;
  const band = bands[name];
  const banded = hasBand(member.contender);
  return {
    member,
    points: at.map((from, bin) => ({
      x: Math.min((from + binMs / 2) / clock.unitMs, clock.axis.high),
      y: band?.mean[bin] ?? null,
      low: banded ? possible(name, band?.low[bin] ?? null) : null,
      high: banded ? possible(name, band?.high[bin] ?? null) : null,
    })),
  };
};

/** No signal can be negative, and no share above one, whatever a t interval of few runs says. */
const possible = (name: SeriesName, value: number | null): number | null =>
  value === null
    ? null
    : Math.min(Math.max(0, value), SERIES[name].unit === 'share' ? 1 : Infinity);

/** Latency may span decades; everything else starts at zero. `cut`: some band reaches beyond. */
const axisOf = (name: SeriesName, all: readonly Line[]): { axis: Axis; cut: boolean } => {
  const drawn = all.flatMap(({ points }) =>
    points.flatMap(({ y, low, high }): Interval[] =>
      y === null ? [] : [{ mean: y, low: name === 'latencyMsP99' && low === 0 ? y : low, high }],
    ),
  );
  if (name !== 'latencyMsP99') {
    const { high, cut } = extentOf(
      drawn.map((point) => ({ ...point, low: null })),
      { share: 0.4 },
    );
    return { axis: linearAxis([high], 0, 3), cut };
  }
  const { low, high, cut } = logExtentOf(
    drawn.filter(({ mean }) => mean > 0),
    1.6,
  );
  return { axis: fittingAxis([low, high], 6), cut };
};

const sameForAll = (members: readonly Member[], name: SeriesName): boolean => {
  const [first, ...others] = members.map(({ contender }) => contender.series.bands[name]);
  return others.every(
    (band) => first !== undefined && band !== undefined && sameMeans(first, band),
  );
};

const sameMeans = (a: Band, b: Band): boolean =>
  a.mean.length === b.mean.length && a.mean.every((value, bin) => value === b.mean[bin]);

const findingOf = (name: SeriesName, members: readonly Member[], clock: Clock): string => {
  const { unit, label } = SERIES[name];
  const peaks = members.flatMap(({ contender }) => {
    const { series } = contender;
    const mean = series.bands[name]?.mean ?? [];
    const peak = Math.max(...mean.map((value) => value ?? -Infinity));
    const at = series.at[mean.indexOf(peak)];
    if (!Number.isFinite(peak) || at === undefined) return [];
    const text = `${formatUnit(unit, peak)} at ${formatTime(at, clock)}`;
    return [{ text, who: quoted(contender.name) }];
  });
  // What is the same for several is told once.
  const told = [...new Set(peaks.map(({ text }) => text))].map((text) => {
    const alike = peaks.filter((peak) => peak.text === text).map(({ who }) => who);
    return members.length > 1 && alike.length < members.length
      ? `${text} (${listed(alike)})`
      : text;
  });
  return `Highest ${label}: ${told.join('; ')}.`;
};

const tableOf = (name: SeriesName, members: readonly Member[], clock: Clock): Chart['table'] => {
  const { at = [], binMs = 0 } = members[0]?.contender.series ?? {};
  return {
    columns: [`time, ${clock.unit}`, ...members.map(({ contender }) => contender.name)],
    rows: at.map((from, bin) => ({
      at: placeOn(clock.axis, (from + binMs / 2) / clock.unitMs),
      cells: [
        formatTime(from, clock),
        ...members.map(({ contender }) =>
          formatUnit(SERIES[name].unit, contender.series.bands[name]?.mean[bin]),
        ),
      ],
    })),
  };
};

const formatTime = (ms: number, { unitMs, unit }: Clock): string =>
  `${Number((ms / unitMs).toFixed(2))} ${unit}`;
