/**
 * Lines with bands, one per contender, in the colours of the cast: grey ones first, then solid ones, dashed ones on
 * top, so that where lines lie on each other each still shows in the gaps of the next.
 */
import type { Member } from '../cast.ts';
import type { Axis } from './axis.ts';
import { hasBand } from './bands.ts';
import type { Layer, LegendEntry } from './chart.ts';

export interface LinePoint {
  readonly x: number;
  /** Null where nothing happened: the line breaks. */
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Line {
  readonly member: Member;
  readonly points: readonly LinePoint[];
}

type Channel = Readonly<Record<string, unknown>>;

/** Bands only for the leads, since more of them hide each other, and only as far as the axis goes. */
export const lines = (
  all: readonly Line[],
  x: Channel,
  y: Channel,
  yAxis: Axis,
): readonly Layer[] => {
  const storey = ({ member: { lead, dash } }: Line): number =>
    lead ? (dash.length === 0 ? 1 : 2) : 0;
  const ordered = all.toSorted((a, b) => storey(a) - storey(b));
  const banded = all.filter(({ member }) => member.lead && hasBand(member.contender));
  const opacity = banded.length > 3 ? 0.11 : 0.16;
  const bands = banded.map((line, index) =>
    band(line.member, pointsOf(line, banded.slice(0, index), yAxis), opacity, x, y),
  );
  return [...bands, ...ordered.map((line) => stroke(line, x, y))];
};

/**
 * Where two contenders had the very same fate, as before the first fault, their bands are one: laid over each other they
 * would mix to a colour that nobody has.
 */
const pointsOf = ({ points }: Line, before: readonly Line[], axis: Axis): readonly LinePoint[] =>
  points.map((point, index) => {
    const same = before.some(({ points: { [index]: other } }) => isSameBand(point, other));
    if (same || point.low === null || point.high === null)
      return { ...point, low: null, high: null };
    const cut = (value: number): number => Math.min(Math.max(value, axis.low), axis.high);
    return { ...point, low: cut(point.low), high: cut(point.high) };
  });

const isSameBand = (a: LinePoint, b: LinePoint | undefined): boolean =>
  a.x === b?.x && a.low === b.low && a.high === b.high;

export const legendOf = (members: readonly Member[]): readonly LegendEntry[] =>
  members
    .filter(({ lead }) => lead)
    .map(({ contender, colour, dash, baseline }) => ({
      text: contender.name + (baseline ? ' (baseline)' : ''),
      colour,
      dash,
    }));

const BREAKS = 'break-paths-filter-domains';

const band = (
  member: Member,
  points: readonly LinePoint[],
  opacity: number,
  x: Channel,
  y: Channel,
): Layer => ({
  data: { values: points },
  mark: { type: 'area', fill: member.colour, opacity, invalid: BREAKS },
  encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
});

const stroke = ({ member, points }: Line, x: Channel, y: Channel): Layer => ({
  data: { values: points },
  mark: {
    type: 'line',
    stroke: member.colour,
    // Wider below: its rim shows where a dashed line lies on it.
    strokeWidth: member.lead ? (member.dash.length === 0 ? 2.3 : 1.7) : 1,
    strokeDash: member.dash,
    opacity: member.lead ? 1 : 0.55,
    invalid: BREAKS,
  },
  encoding: { x, y },
});
