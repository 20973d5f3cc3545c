/**
 * A table for a terminal, of rows several lines high. Columns that do not fit the width continue in a further block
 * under the same names, so that 60 columns show as much as 120.
 */
import { columns, fit, padEnd, padStart, type Cell, type Paint } from './terminal.ts';

/** What stands on the left of every block: a heading, and a row's lines, the first of which names it. */
export interface Stub {
  readonly head: string;
  readonly rows: readonly (readonly string[])[];
}

export interface Column {
  readonly head: string;
  /** By row, its lines. */
  readonly cells: readonly (readonly Cell[])[];
}

const GAP = 2;
const LEAST_STUB = 14;

/** Columns that a stub may take of so many; what is longer is cut. */
export const stubRoom = (width: number): number => Math.floor(width * 0.38);

export const blockTable = (
  stub: Stub,
  all: readonly Column[],
  width: number,
  paint: Paint,
): string[] => {
  const names = stub.rows.map(([name = '']) => columns(name));
  const stubWidth = Math.min(Math.max(LEAST_STUB, ...names), stubRoom(width));
  return blocksOf(all, width - stubWidth).flatMap((block, index) => [
    ...(index === 0 ? [] : ['']),
    ...blockLines(block, stub, stubWidth, paint),
  ]);
};

interface Sized extends Column {
  readonly width: number;
}

/** As many columns side by side as fit; at least one. */
const blocksOf = (all: readonly Column[], room: number): Sized[][] => {
  const blocks: Sized[][] = [];
  let used = Infinity;
  for (const column of all) {
    const width = widthOf(column);
    if (used + width > room) {
      blocks.push([]);
      used = 0;
    }
    blocks.at(-1)?.push({ ...column, width });
    used += width;
  }
  return blocks;
};

const widthOf = ({ head, cells }: Column): number =>
  GAP + Math.max(columns(head), ...cells.flat().map(({ text }) => columns(text)));

const blockLines = (
  block: readonly Sized[],
  stub: Stub,
  stubWidth: number,
  paint: Paint,
): string[] => {
  const head =
    padEnd(stub.head, stubWidth) + block.map(({ head, width }) => padStart(head, width)).join('');
  const rows = stub.rows.flatMap((names, index) => {
    const height = Math.max(1, ...block.map(({ cells }) => cells[index]?.length ?? 0));
    return Array.from({ length: height }, (_, line) =>
      [
        paint(line === 0 ? 'bold' : 'dim', padEnd(fit(names[line] ?? '', stubWidth), stubWidth)),
        ...block.map(({ cells, width }) => {
          const cell = cells[index]?.[line] ?? { text: '' };
          const text = padStart(cell.text, width);
          return cell.tint === undefined ? text : paint(cell.tint, text);
        }),
      ]
        .join('')
        .trimEnd(),
    );
  });
  return [paint('dim', head), ...rows];
};
