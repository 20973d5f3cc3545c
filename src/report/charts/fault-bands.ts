/**
 * Faults behind a panel over time: shaded while they held, and named above it. A name starts where its fault does;
 * where the names are longer than their faults, they stand on up to three lines, each with a stroke down to its own
 * fault. A name that finds no room is left to the list at the head of the section, which has them all.
 */
import type { FaultSpan } from '../../results/results.ts';
import type { Layer } from './chart.ts';
import { MARGIN, WIDTH, type Clock } from './clock.ts';
import { fitted, FONT, LINE, widthOf } from './labels.ts';

export interface FaultBands {
  readonly layers: readonly Layer[];
  /** Height that the names need above the panel. */
  readonly top: number;
}

interface Name {
  readonly text: string;
  /** Where the fault starts, and where its name does, in units. */
  readonly from: number;
  readonly left: number;
  /** 0 is the line next to the panel. */
  readonly line: number;
}

const LINES = 3;
const GAP = 8;
const END = WIDTH + MARGIN.right;

export const faultBands = (
  faults: readonly FaultSpan[],
  clock: Clock,
  x: Readonly<Record<string, unknown>>,
): FaultBands => {
  const within = (at: number): number => Math.min(at / clock.unitMs, clock.axis.high);
  const names = namesOf(faults, (at) => (within(at) / clock.axis.high) * WIDTH);
  const lines = names.length === 0 ? 0 : Math.max(...names.map(({ line }) => line)) + 1;
  const strokes = names.filter(({ line, left, from }) => line > 0 || left < from);
  return {
    top: lines === 0 ? 10 : lines * LINE + 6,
    layers: [
      {
        data: { values: faults.map(({ from, to }) => ({ x: within(from), x2: within(to) })) },
        mark: { type: 'rect', fill: 'var(--fault)' },
        encoding: { x, x2: { field: 'x2' } },
      },
      ...strokes.map(({ from, line }): Layer => ({
        data: { values: [{}] },
        mark: { type: 'rule', stroke: 'var(--fault-ink)', strokeWidth: 0.8 },
        encoding: { x: { value: from }, y: { value: 0 }, y2: { value: -line * LINE - 5 } },
      })),
      ...names.map(({ text, left, line }): Layer => ({
        data: { values: [{ text }] },
        mark: {
          type: 'text',
          align: 'left',
          baseline: 'alphabetic',
          ...{ x: left + (line > 0 ? 3 : 0), y: -5 - line * LINE },
          fontSize: FONT,
          color: 'var(--fault-ink)',
        },
        encoding: { text: { field: 'text' } },
      })),
    ],
  };
};

/**
 * The first of equal names stands for all of them: a fault that comes back is named once. From the last to the first,
 * so that of two that would meet the earlier one goes up, and its stroke passes left of the later one's name.
 */
const namesOf = (faults: readonly FaultSpan[], place: (at: number) => number): readonly Name[] => {
  const first = new Map<string, number>();
  for (const { label, from } of faults)
    first.set(label, Math.min(from, first.get(label) ?? Infinity));
  const starts = [...first].sort((a, b) => b[1] - a[1]);
  const names: Name[] = [];
  for (const [label, at] of starts) {
    const from = place(at);
    const text = fitted(label, END);
    const left = Math.min(from, END - widthOf(text));
    const right = left + widthOf(text) + GAP;
    const isFree = (line: number): boolean =>
      names.every((other) => other.line < line || right <= Math.min(other.left, other.from));
    const line = Array.from({ length: LINES }, (_, index) => index).find(isFree);
    if (line !== undefined) names.push({ text, from, left, line });
  }
  return names;
};
