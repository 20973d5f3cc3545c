/**
 * A scenario's text as a tree in which every value knows its place. Overrides (contenders, matrix, `--set`) replace
 * subtrees, and a replaced subtree keeps its own place, so a mistake always points at what the person wrote. Trees are
 * immutable and share what is unchanged. Maps keep the file's order even for names like `5`, which an object would move.
 */
import type { Place } from '../core/scenario-error.ts';
import { describeValue } from '../core/units.ts';

export type Tree = Leaf | List | Branch;

export interface Leaf {
  readonly kind: 'leaf';
  readonly value: string | number | boolean | null;
  readonly place: Place;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly place: Place;
}

export interface Branch {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
}

export interface Entry {
  readonly keyPlace: Place;
  readonly value: Tree;
}

/** Steps from the root; a number counts a list's items from 0. */
export type Path = readonly (string | number)[];

/** As people write it: `faults.1.errors`, list items counted from 1 like everything a scenario numbers. */
export const formatPath = (path: Path): string =>
  path.map((step) => (typeof step === 'number' ? String(step + 1) : visible(step))).join('.');

const visible = (key: string): string => (key.trim() === '' ? JSON.stringify(key) : key);

/** The value a path leads to, or undefined. */
export const at = (tree: Tree | undefined, path: Path): Tree | undefined =>
  path.reduce<Tree | undefined>((here, step) => childOf(here, step), tree);

/** Where a mistake about the value (or the key) at `path` is: the place itself, or of the nearest that exists above. */
export const placeOf = (tree: Tree, path: Path, what: 'key' | 'value' = 'value'): Place => {
  const step = path.at(-1);
  if (step === undefined) return tree.place;
  const parent = at(tree, path.slice(0, -1));
  if (what === 'key' && parent?.kind === 'map') {
    const entry = parent.entries.get(String(step));
    if (entry !== undefined) return entry.keyPlace;
  }
  return childOf(parent, step)?.place ?? placeOf(tree, path.slice(0, -1));
};

/** The same map with one entry put in (at its old position, or last). */
export const withEntry = (branch: Branch, key: string, entry: Entry): Branch => ({
  ...branch,
  entries: new Map([...branch.entries, [key, entry]]),
});

/** The same tree, all of it at one place. */
export const movedTo = (place: Place, tree: Tree): Tree => {
  if (tree.kind === 'leaf') return { ...tree, place };
  if (tree.kind === 'list') {
    return { ...tree, items: tree.items.map((item) => movedTo(place, item)), place };
  }
  const entries = [...tree.entries].map(
    ([key, { value }]) => [key, { keyPlace: place, value: movedTo(place, value) }] as const,
  );
  return { ...tree, entries: new Map(entries), place };
};

/** As plain data for zod. Maps become objects that remember the file's order: see `namesOf`. */
export const toPlain = (tree: Tree): unknown => {
  if (tree.kind === 'leaf') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toPlain);
  const plain: Record<string, unknown> = {};
  for (const [key, entry] of tree.entries) {
    // Assigned to, `__proto__` would become the prototype instead of a key like any other.
    const property = { enumerable: true, configurable: true, writable: true };
    Object.defineProperty(plain, key, { ...property, value: toPlain(entry.value) });
  }
  orders.set(plain, [...tree.entries.keys()]);
  return plain;
};

/** What a value is, in an error message. */
export const describeTree = (tree: Tree): string =>
  tree.kind === 'map' && tree.entries.size === 0 ? 'an empty map' : describeValue(toPlain(tree));

/** Keys of a map made by `toPlain`, in the file's order. */
export const namesOf = (plain: object): readonly string[] =>
  orders.get(plain) ?? Object.keys(plain);

const orders = new WeakMap<object, readonly string[]>();

const childOf = (tree: Tree | undefined, step: string | number): Tree | undefined => {
  if (tree?.kind === 'map') return tree.entries.get(String(step))?.value;
  if (tree?.kind === 'list' && typeof step === 'number') return tree.items[step];
  return undefined;
};
