/**
 * Contenders as trees: the base with a few keys replaced, each contender from `contenders`, from a combination of
 * `matrix`, or alone as `baseline`. What would make them meet different demand or different weather they may not touch,
 * for then a difference between them would not be theirs.
 */
import type { Place } from '../core/scenario-error.ts';
import type { Findings } from './findings.ts';
import { wrongWithName } from './free-names.ts';
import { matrixCells } from './matrix.ts';
import { override } from './override.ts';
import type { MatrixAxis } from './scenario.ts';
import { describeTree, toPlain, type Branch, type Entry } from './tree.ts';

export interface WrittenContender {
  readonly name: string;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly cell: readonly number[] | null;
  readonly tree: Branch;
}

export interface Field {
  readonly contenders: readonly WrittenContender[];
  readonly axes: readonly MatrixAxis[] | null;
}

/** Fills in what the manifest says that a contender's servers come from. */
export type Expand = (tree: Branch, contender: string) => Branch;

/** All contenders of a scenario, the baseline first; mistakes go to `findings`. */
export const contendersOf = (
  root: Branch,
  findings: Findings,
  expand: Expand = (tree) => tree,
): Field => {
  const contenders = root.entries.get('contenders');
  const matrix = root.entries.get('matrix');
  const base = withoutContenders(root);
  if (contenders !== undefined && matrix !== undefined) {
    findings.addMistake({
      message: 'contenders and matrix together; allowed: one of them',
      place: matrix.keyPlace,
    });
  }
  if (contenders !== undefined)
    return { contenders: named(base, contenders, findings, expand), axes: null };
  if (matrix !== undefined) return combined(base, matrix, findings, expand);
  return { contenders: [{ name: 'baseline', changes: {}, cell: null, tree: base }], axes: null };
};

/** The scenario without its contenders: what they all start from. */
export const withoutContenders = (root: Branch): Branch => ({
  ...root,
  entries: new Map([...root.entries].filter(([key]) => key !== 'contenders' && key !== 'matrix')),
});

const named = (
  base: Branch,
  { value, keyPlace }: Entry,
  findings: Findings,
  expand: Expand,
): WrittenContender[] => {
  if (value.kind !== 'map' || value.entries.size === 0) {
    const message = `contenders: got ${describeTree(value)}; allowed: a map of at least one name to what it changes, e.g. { random: { balancer: random } }`;
    findings.addMistake({ message, place: value.kind === 'map' ? keyPlace : value.place });
    return [];
  }
  const names = [...value.entries.keys()];
  return [...value.entries].map(([name, { value: changes, keyPlace: place }], index) => {
    const wrong = wrongWithName(name, names.slice(0, index));
    if (wrong !== null) findings.addMistake({ message: `contenders: ${wrong}`, place });
    if (changes.kind === 'leaf' && changes.value === null) {
      return { name, changes: {}, cell: null, tree: base };
    }
    if (changes.kind !== 'map') {
      const message = `contenders.${name}: got ${describeTree(changes)}; allowed: a map of keys or dotted paths to values, e.g. { balancer: random }`;
      findings.addMistake({ message, place: changes.place });
      return { name, changes: {}, cell: null, tree: base };
    }
    refuseOverlaps(name, changes, findings);
    const tree = changed(base, [...changes.entries], findings, (to) => expand(to, name));
    return { name, changes: toPlain(changes) as Record<string, unknown>, cell: null, tree };
  });
};

/** One change inside another: which of them holds would depend on their order. */
const refuseOverlaps = (name: string, { entries }: Branch, findings: Findings): void => {
  for (const [path, { keyPlace }] of entries) {
    const outer = [...entries.keys()].find((other) => path.startsWith(`${other}.`));
    if (outer === undefined) continue;
    const message = `contenders.${name}.${path}: lies within \`${outer}\`, which is changed too; allowed: one of them`;
    findings.addMistake({ message, place: keyPlace });
  }
};

const combined = (base: Branch, matrix: Entry, findings: Findings, expand: Expand): Field => {
  const { axes, cells } = findings.attempt(() => matrixCells(matrix)) ?? { axes: [], cells: [] };
  const allowed = axes.filter(({ path, place }) => mayChange(path, place, findings));
  if (allowed.length < axes.length) return { contenders: [], axes };
  const contenders = cells.map(({ name, cell, values }): WrittenContender => ({
    name,
    changes: Object.fromEntries(values.map(([path, { value }]) => [path, toPlain(value)])),
    cell,
    tree: changed(base, values, findings, (to) => expand(to, name)),
  }));
  return { contenders, axes: axes.map(({ path, values }) => ({ path, values })) };
};

/** Servers first, then what a manifest says of them, so that the other changes hold against it whatever their order. */
const changed = (
  base: Branch,
  changes: readonly (readonly [string, Entry])[],
  findings: Findings,
  expand: (tree: Branch) => Branch,
): Branch => {
  const isOfServers = ([path]: readonly [string, Entry]): boolean => /^servers(?:\.|$)/.test(path);
  const servers = changes.filter(isOfServers);
  const others = changes.filter((change) => !isOfServers(change));
  return replaced(expand(replaced(base, servers, findings)), others, findings);
};

const replaced = (
  base: Branch,
  changes: readonly (readonly [string, Entry])[],
  findings: Findings,
): Branch =>
  changes.reduce((tree, [path, { value, keyPlace }]) => {
    if (!mayChange(path, keyPlace, findings)) return tree;
    return (
      (findings.attempt(() => override(tree, path, value, keyPlace)) as Branch | undefined) ?? tree
    );
  }, base);

const SAME_RUNS = 'all contenders run over the same time and seeds and are judged alike';
const SAME_DEMAND = 'all contenders meet the same demand';

/** What a contender may not replace, and why. A path forbids what lies below it, but for `except`. */
const FORBIDDEN: Readonly<
  Record<string, { readonly why: string; readonly except?: readonly string[] }>
> = {
  question: { why: 'a scenario asks one question' },
  duration: { why: SAME_RUNS },
  warmup: { why: SAME_RUNS },
  seeds: { why: SAME_RUNS },
  judge: { why: SAME_RUNS },
  margin: { why: SAME_RUNS },
  contenders: { why: 'contenders have no contenders' },
  matrix: { why: 'contenders have no contenders' },
  listen: { why: 'the gateway listens where the file says, whoever serves' },
  faults: { why: 'all contenders meet the same weather' },
  'traffic.arrivals': { why: SAME_DEMAND },
  'traffic.calls': { why: SAME_DEMAND },
  'traffic.sessions': {
    why: `${SAME_DEMAND}; of the sessions it may change era and recover`,
    except: ['traffic.sessions.era', 'traffic.sessions.recover'],
  },
};

const mayChange = (path: string, place: Place, findings: Findings): boolean => {
  const why = whyForbidden(path);
  if (why === null) return true;
  findings.addMistake({ message: `${path}: a contender may not change this: ${why}`, place });
  return false;
};

/** Those of the top-level keys that a contender may change, or of which it may change a part. */
export const changeable = (keys: readonly string[]): readonly string[] =>
  keys.filter((key) => key === 'traffic' || whyForbidden(key) === null);

/** Null for a path that a contender may change. */
export const whyForbidden = (path: string): string | null => {
  if (path === 'traffic') {
    return `${SAME_DEMAND}; change its parts by dotted path, e.g. traffic.timeout or traffic.retries`;
  }
  for (const [forbidden, { why, except = [] }] of Object.entries(FORBIDDEN)) {
    const within = path === forbidden || path.startsWith(`${forbidden}.`);
    if (within && !except.includes(path)) return why;
  }
  return null;
};
