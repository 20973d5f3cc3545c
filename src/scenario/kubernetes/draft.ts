/**
 * The part of a scenario that manifests say, as it is being gathered: a tree whose values keep their places in the
 * manifest, so that a mistake in one points there, and beside it the account of what was taken and assumed.
 */
import type { z } from 'zod';
import { ScenarioError, type Place } from '../../core/scenario-error.ts';
import { check } from '../explain.ts';
import {
  formatPath,
  placeOf,
  toPlain,
  withEntry,
  type Branch,
  type Path,
  type Tree,
} from '../tree.ts';
import { formatPlace, type Remark, type Taken } from './reading.ts';
import { titleOf, type Resource } from './resources.ts';

/** What a scenario may hold: plain data. */
export type Plain =
  string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export class Draft {
  readonly taken: Taken[] = [];
  readonly assumed: Remark[] = [];
  readonly skipped: Remark[] = [];
  #tree: Branch;

  constructor(place: Place) {
    this.#tree = { kind: 'map', entries: new Map(), place };
  }

  get tree(): Branch {
    return this.#tree;
  }

  /** `key` of the scenario is `value`, which `source` says at `path`; absent there, it is a default. */
  take(key: string, value: Plain, source: Resource, path: Path): void {
    const place = placeOf(source.tree, path);
    this.#put(key, value, place);
    const written = has(source.tree, path) ? '' : ` (not written: ${whose(source, path)} default)`;
    const from = `${titleOf(source)} ${formatPath(path)}${written}`;
    this.taken.push({ key, value, from, at: formatPlace(place) });
  }

  /** Nobody says so; with a key, it goes into the scenario. */
  assume(text: string, place: Place | null, put?: { readonly key: string; readonly value: Plain }) {
    if (put !== undefined) this.#put(put.key, put.value, place ?? this.#tree.place);
    this.assumed.push(place === null ? { text } : { text, at: formatPlace(place) });
  }

  skip(text: string, { tree }: Resource): void {
    this.skipped.push({ text, at: formatPlace(tree.place) });
  }

  #put(key: string, value: Plain, place: Place): void {
    this.#tree = put(this.#tree, key.split('.'), toTree(value, place)) as Branch;
  }
}

/** Who gives a value where nobody wrote one. Of a Knative Service the containers are Kubernetes' own. */
const whose = ({ apiVersion }: Resource, path: Path): string => {
  if (apiVersion.startsWith('keda.sh/')) return "KEDA's";
  const isService = apiVersion.startsWith('serving.knative.dev/') && !path.includes('containers');
  const isAnnotation = String(path.at(-1)).startsWith('autoscaling.knative.dev/');
  return isService || isAnnotation ? "Knative's" : "Kubernetes'";
};

/** A resource, or a part of one, by its schema; throws ScenarioError with every mistake in it. */
export const readPart = <T>(schema: z.ZodType<T>, source: Resource, path: Path = []): T => {
  const checked = check(schema, toPlain(partOf(source.tree, path)));
  if (checked.ok) return checked.value;
  throw ScenarioError.of(
    checked.findings.map((finding) => {
      const whole = [...path, ...finding.path];
      return {
        message: `${titleOf(source)}: ${formatPath(whole)}: ${finding.message}`,
        place: placeOf(source.tree, whole, finding.what),
      };
    }),
  );
};

/** Throws: this cannot be honoured. */
export const refuseAt = (source: Resource, path: Path, message: string, what?: 'key'): never => {
  throw new ScenarioError(
    `${titleOf(source)}: ${formatPath(path)}: ${message}`,
    placeOf(source.tree, path, what),
  );
};

const partOf = (tree: Tree, path: Path): Tree => {
  const empty: Tree = { kind: 'leaf', value: null, place: tree.place };
  return path.reduce<Tree>((here, step) => childOf(here, step) ?? empty, tree);
};

export const has = (tree: Tree, path: Path): boolean => {
  let here: Tree | undefined = tree;
  for (const step of path) {
    here = childOf(here, step);
    if (here === undefined) return false;
  }
  return true;
};

const childOf = (tree: Tree, step: string | number): Tree | undefined => {
  if (tree.kind === 'map') return tree.entries.get(String(step))?.value;
  return tree.kind === 'list' && typeof step === 'number' ? tree.items[step] : undefined;
};

const put = (here: Tree | undefined, steps: readonly string[], value: Tree): Tree => {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const { place } = value;
  const map: Branch = here?.kind === 'map' ? here : { kind: 'map', entries: new Map(), place };
  const below = put(map.entries.get(step)?.value, rest, value);
  return withEntry(map, step, { keyPlace: place, value: below });
};

const toTree = (value: Plain, place: Place): Tree => {
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item: Plain) => toTree(item, place)), place };
  }
  if (typeof value !== 'object' || value === null) {
    return { kind: 'leaf', value: value, place };
  }
  const entries = Object.entries(value as Record<string, Plain>).map(
    ([key, of]) => [key, { keyPlace: place, value: toTree(of, place) }] as const,
  );
  return { kind: 'map', entries: new Map(entries), place };
};
