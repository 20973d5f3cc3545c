/**
 * What the rows of a terminal table are called where names are longer than there is room: no two alike. Cells of a matrix
 * go by their values alone, with the axes told once; other names are cut where they agree rather than where they differ.
 */
import type { Results } from '../results/results.ts';
import type { Member } from './cast.ts';
import { columns, fit, fitMiddle, plain } from './terminal.ts';

export interface RowLabels {
  /** Of a member that was labelled. */
  of(member: Member): string;
  /** What the labels are made of, as a sentence; null where they are the names. */
  readonly legend: string | null;
}

/** `room` in columns. */
export const rowLabels = (
  { scenario: { matrix } }: Results,
  members: readonly Member[],
  room: number,
): RowLabels => {
  const names = members.map(({ contender }) => plain(contender.name));
  const values = members.map(({ label }) => plain(label));
  const isLong = names.some((name) => columns(name) > room);
  if (isLong && matrix !== null && values.every((value) => columns(value) <= room)) {
    const axes = matrix.map(({ path }) => path.slice(path.lastIndexOf('.') + 1));
    return labelled(members, values, `Contenders are named by ${plain(axes.join(' · '))}.`);
  }
  return labelled(members, distinct(names, room), null);
};

const labelled = (
  members: readonly Member[],
  labels: readonly string[],
  legend: string | null,
): RowLabels => {
  const byMember = new Map(members.map((member, index) => [member, labels[index] ?? '']));
  return { of: (member) => byMember.get(member) ?? '', legend };
};

/** Shares of a cut name that are its beginning, in the order in which they are tried. */
const HEADS = [0.6, 0.3, 0.8, 0, 1];

/** Each name in at most `room` columns, cut so that those which differ still do; numbered where no cut does it. */
export const distinct = (names: readonly string[], room: number): readonly string[] => {
  const different = new Set(names).size;
  const cuts = HEADS.map((head) => names.map((name) => fitMiddle(name, room, head)));
  const found = cuts.find((cut) => new Set(cut).size === different);
  return (
    found ??
    names.map((name, index) => {
      const number = ` ${index + 1}`;
      return fit(name, Math.max(1, room - number.length)) + number;
    })
  );
};
