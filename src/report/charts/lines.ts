/** Lines with bands, one per contender, in the colours of the cast: grey ones first, so that the leads lie on top. */
import type { Member } from '../cast.ts';
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

/** Bands only for the leads: more of them hide each other. */
export const lines = (all: readonly Line[], x: Channel, y: Channel): readonly Layer[] => {
  const ordered = all.toSorted((a, b) => Number(a.member.lead) - Number(b.member.lead));
  const bands = ordered.filter(({ member }) => member.lead).map((line) => band(line, x, y));
  return [...bands, ...ordered.map((line) => stroke(line, x, y))];
};

export const legendOf = (members: readonly Member[]): readonly LegendEntry[] =>
  members
    .filter(({ lead }) => lead)
    .map(({ contender, colour, dash, baseline }) => ({
      text: contender.name + (baseline ? ' (baseline)' : ''),
      colour,
      dash,
    }));

const BREAKS = 'break-paths-filter-domains';

const band = ({ member, points }: Line, x: Channel, y: Channel): Layer => ({
  data: { values: points },
  mark: { type: 'area', fill: member.colour, opacity: 0.16, invalid: BREAKS },
  encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
});

const stroke = ({ member, points }: Line, x: Channel, y: Channel): Layer => ({
  data: { values: points },
  mark: {
    type: 'line',
    stroke: member.colour,
    strokeWidth: member.lead ? 1.9 : 1,
    strokeDash: member.dash,
    opacity: member.lead ? 1 : 0.55,
    invalid: BREAKS,
  },
  encoding: { x, y },
});
