/**
 * A scenario and what a manifest says, as one tree. Where both speak of the same thing one goes before the other, and the
 * loser is named: the scenario before a manifest that it names itself, option by option; a manifest from the command line
 * before the scenario, and only `--set` before that. An autoscaler from the command line goes before the scenario's as a
 * whole: a mixture of both would be a policy that nobody wrote.
 */
import { toPlain, withEntry, type Branch, type Entry, type Tree } from '../tree.ts';
import { formatPlace, type Remark } from './reading.ts';

interface Precedence {
  readonly first: 'scenario' | 'manifest';
  /** Filled with what lost. */
  readonly overruled: Remark[];
}

export const merge = (own: Branch, taken: Branch, rule: Precedence): Branch =>
  mergeAt([], own, taken, rule);

type Keys = readonly string[];

/** Keys that a manifest and the scenario may share the options of. */
const SHARED = [
  '',
  'servers',
  'health',
  'autoscaler',
  'autoscaler.hpa',
  'autoscaler.kpa',
  'autoscaler.queue',
  'autoscaler.schedule',
  'autoscaler.schedule.under',
  'autoscaler.schedule.under.hpa',
  'autoscaler.schedule.under.queue',
];
/** Where one policy of several is chosen. */
const CHOICES = ['autoscaler', 'autoscaler.schedule.under'];

const mergeAt = (path: Keys, own: Branch, taken: Branch, rule: Precedence): Branch =>
  [...taken.entries].reduce(
    (tree, [key, entry]) => {
      const value = merged([...path, key], tree.entries.get(key), entry, rule);
      return withEntry(tree, key, value);
    },
    withoutRivals(path, own, taken, rule),
  );

const merged = (path: Keys, own: Entry | undefined, taken: Entry, rule: Precedence): Entry => {
  if (own === undefined) return taken;
  const [a, b] = [own.value, taken.value];
  if (a.kind === 'map' && b.kind === 'map' && SHARED.includes(path.join('.'))) {
    if (!rivals(path, a, b)) return { ...own, value: mergeMaps(path, a, b, rule) };
  }
  const ownFirst = rule.first === 'scenario' || isArgument(own);
  if (!isSame(a, b)) rule.overruled.push(remark(path, ownFirst ? [a, b] : [b, a]));
  return ownFirst ? own : taken;
};

const mergeMaps = (path: Keys, own: Branch, taken: Branch, rule: Precedence): Branch => {
  const isReplaced = path.join('.') === 'autoscaler' && rule.first === 'manifest';
  if (!isReplaced) return mergeAt(path, own, taken, rule);
  const written = only(own, 'file');
  if (written.entries.size > 0 && !isSame(written, taken))
    rule.overruled.push(remark(path, [taken, written]));
  return mergeAt(path, only(own, '--set'), taken, rule);
};

/** What the file says in a map, or what `--set` put into it. */
const only = (map: Branch, writer: 'file' | '--set'): Branch => {
  const entries = [...map.entries].flatMap(([key, entry]): [string, Entry][] => {
    const { value } = entry;
    if (!isArgument(entry)) return writer === 'file' ? [[key, entry]] : [];
    if (value.kind !== 'map' || isFromArgument(value))
      return writer === '--set' ? [[key, entry]] : [];
    // A path through a map of the file: some of what is below it is the file's.
    const below = only(value, writer);
    return below.entries.size === 0 ? [] : [[key, { ...entry, value: below }]];
  });
  return { ...map, entries: new Map(entries) };
};

const isArgument = ({ keyPlace }: Entry): boolean => keyPlace.file.startsWith('--set');
const isFromArgument = ({ place }: Tree): boolean => place.file.startsWith('--set');

const isSame = (a: Tree, b: Tree): boolean =>
  JSON.stringify(toPlain(a)) === JSON.stringify(toPlain(b));

const remark = (path: Keys, [winner, loser]: readonly [Tree, Tree]): Remark => ({
  text: `${path.join('.')}: ${shown(winner)} of ${formatPlace(winner.place)} goes before ${shown(loser)}`,
  at: formatPlace(loser.place),
});

const shown = (tree: Tree): string => {
  const plain = toPlain(tree);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
};

/** Two policies, of which one is to be chosen: `{ kpa: ... }` against `{ hpa: ... }`; options merge only of the same. */
const rivals = (path: Keys, a: Branch, b: Branch): boolean => {
  const names = (branch: Branch): string => [...branch.entries.keys()].join();
  if (path.join('.') === 'health') return a.entries.has('active') || a.entries.has('none');
  return CHOICES.includes(path.join('.')) && names(a) !== names(b);
};

/** A scenario's groups say how many servers there are, and so does a manifest. */
const withoutRivals = (path: Keys, own: Branch, taken: Branch, rule: Precedence): Branch => {
  const groups = own.entries.get('groups');
  const count = taken.entries.get('count');
  if (path.join('.') !== 'servers' || groups === undefined || count === undefined) return own;
  if (rule.first === 'scenario') return own;
  rule.overruled.push(remark(['servers', 'count'], [count.value, groups.value]));
  return { ...own, entries: new Map([...own.entries].filter(([key]) => key !== 'groups')) };
};
