/** A matrix spelled out: every combination of its axes' values, the last axis turning fastest, each with a short name. */
import { ScenarioError, type Place } from '../core/scenario-error.ts';
import { describeTree, toPlain, type Entry, type Tree } from './tree.ts';

const MOST_COMBINATIONS = 10_000;

export interface Axis {
  readonly path: string;
  /** As written, for names and legends. */
  readonly values: readonly string[];
  readonly place: Place;
  readonly trees: readonly Tree[];
}

export interface Cell {
  /** `balancer=random, failures=3` */
  readonly name: string;
  /** Index of the value on each axis. */
  readonly cell: readonly number[];
  readonly values: readonly (readonly [path: string, entry: Entry])[];
}

/** Axes and combinations of the value of `matrix`. Throws ScenarioError. */
export const matrixCells = (
  matrix: Entry,
): { readonly axes: readonly Axis[]; readonly cells: readonly Cell[] } => {
  const { value } = matrix;
  if (value.kind !== 'map' || value.entries.size === 0) {
    const got = describeTree(value);
    const message = `matrix: got ${got}; allowed: a map of at least one dotted path to a list of values`;
    throw new ScenarioError(message, value.place);
  }
  const axes = [...value.entries].map(([path, entry]) => axisOf(path, entry));
  refuseNested(axes);
  const total = axes.reduce((product, { values }) => product * values.length, 1);
  if (total > MOST_COMBINATIONS) {
    const message = `matrix: got ${total} combinations; allowed: at most ${MOST_COMBINATIONS}`;
    throw new ScenarioError(message, matrix.keyPlace);
  }
  const names = shortNames(axes.map(({ path }) => path));
  const cells = combinations(axes.map(({ values }) => values.length)).map((cell): Cell => ({
    name: axes.map(({ values }, axis) => `${names[axis]}=${values[cell[axis] ?? 0]}`).join(', '),
    cell,
    values: axes.flatMap(({ path, trees, place }, axis) => {
      const tree = trees[cell[axis] ?? 0];
      return tree === undefined ? [] : [[path, { keyPlace: place, value: tree }] as const];
    }),
  }));
  return { axes, cells };
};

const axisOf = (path: string, { keyPlace, value }: Entry): Axis => {
  if (value.kind !== 'list' || value.items.length === 0) {
    const message = `matrix.${path}: got ${describeTree(value)}; allowed: a list of at least one value`;
    throw new ScenarioError(message, value.place);
  }
  const values = value.items.map((item) => written(toPlain(item)));
  // Names may be written with either.
  const same = values.map((text) => text.replaceAll('_', '-'));
  const again = same.findIndex((text, index) => same.indexOf(text) < index);
  if (again >= 0) {
    const place = value.items[again]?.place ?? keyPlace;
    const message = `matrix.${path}: got \`${values[again]}\` twice; allowed: each value once`;
    throw new ScenarioError(message, place);
  }
  return { path, values, place: keyPlace, trees: value.items };
};

/** One axis inside another would undo it. */
const refuseNested = (axes: readonly Axis[]): void => {
  for (const { path, place } of axes) {
    const outer = axes.find((other) => path.startsWith(`${other.path}.`));
    if (outer === undefined) continue;
    const message = `matrix.${path}: lies within \`${outer.path}\`, which is an axis too; allowed: one of them`;
    throw new ScenarioError(message, place);
  }
};

/** The last part of each path, or as many parts as it takes to tell the paths apart. */
const shortNames = (paths: readonly string[]): readonly string[] =>
  paths.map((path) => {
    const parts = path.split('.');
    const tails = parts.map((_, index) => parts.slice(-1 - index).join('.'));
    const unique = (tail: string): boolean =>
      paths.every((other) => other === path || !`.${other}`.endsWith(`.${tail}`));
    return tails.find(unique) ?? path;
  });

const combinations = (lengths: readonly number[]): readonly (readonly number[])[] =>
  lengths.reduce<readonly (readonly number[])[]>(
    (cells, length) =>
      cells.flatMap((cell) => Array.from({ length }, (_, index) => [...cell, index])),
    [[]],
  );

/** As in the file: `3`, `random`, `{ counter: { failures: 3 } }`. */
const written = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${written(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
};
