/**
 * Puts one value into a scenario's tree by dotted path: `breaker.counter.failures`, `servers.groups.big.count`,
 * `faults.1.errors`. Where the base says less than the path (a short form, or nothing) the path spells it out; where a
 * policy or a law is chosen and the path goes under another one, the choice switches to it.
 */
import { ScenarioError, type Place } from '../core/scenario-error.ts';
import { didYouMean } from './suggest.ts';
import { withEntry, type Branch, type List, type Tree } from './tree.ts';

/** Places where a map holds one name from a table; `*` stands for any name. */
const CHOICES = [
  'balancer',
  'breaker',
  'autoscaler',
  'network',
  'traffic.arrivals',
  'traffic.retries.backoff',
  'traffic.sessions.calls',
  'traffic.sessions.think',
  'traffic.calls.*.work',
].map((path) => path.split('.'));

/** `root` with `value` at `path`. `keyPlace` is where the path was written. Throws ScenarioError. */
export const override = (root: Tree, path: string, value: Tree, keyPlace: Place): Tree => {
  const steps = path.split('.');
  if (steps.some((step) => step === '')) {
    throw new ScenarioError(`got \`${path}\`; allowed: keys joined by dots`, keyPlace);
  }
  return put(root, steps, 0, value, keyPlace);
};

const put = (
  here: Tree | undefined,
  steps: readonly string[],
  depth: number,
  value: Tree,
  keyPlace: Place,
): Tree => {
  const step = steps[depth];
  if (step === undefined) return value;
  if (here?.kind === 'list') return putInList(here, steps, depth, value, keyPlace);
  const map = mapAt(here, steps, depth, keyPlace);
  const below = put(map.entries.get(step)?.value, steps, depth + 1, value, keyPlace);
  return withEntry(map, step, { keyPlace, value: below });
};

/** The map to put the next step into: what is there, or an empty one where a short form or another choice stood. */
const mapAt = (
  here: Tree | undefined,
  steps: readonly string[],
  depth: number,
  place: Place,
): Branch => {
  const empty: Branch = { kind: 'map', entries: new Map(), place: here?.place ?? place };
  if (here?.kind !== 'map') return empty;
  const switches = isChoice(steps.slice(0, depth)) && !here.entries.has(steps[depth] ?? '');
  return switches ? empty : here;
};

const isChoice = (steps: readonly string[]): boolean =>
  CHOICES.some(
    (choice) =>
      choice.length === steps.length &&
      choice.every((step, index) => step === '*' || step === steps[index]),
  );

const putInList = (
  list: List,
  steps: readonly string[],
  depth: number,
  value: Tree,
  keyPlace: Place,
): Tree => {
  const step = steps[depth] ?? '';
  const names = list.items.map((item, index) => nameOf(item) ?? String(index + 1));
  const named = names.indexOf(step);
  const index = named >= 0 ? named : /^\d+$/.test(step) ? Number(step) - 1 : -1;
  const item = list.items[index];
  if (item === undefined) {
    const where = steps.slice(0, depth).join('.');
    const message = `${where}: nothing is called \`${step}\`${didYouMean(step, names)}`;
    throw new ScenarioError(message, keyPlace);
  }
  const items = list.items.with(index, put(item, steps, depth + 1, value, keyPlace));
  return { ...list, items };
};

/** A list's item may be called by its `name`. */
const nameOf = (item: Tree): string | null => {
  const name = item.kind === 'map' ? item.entries.get('name')?.value : undefined;
  return name?.kind === 'leaf' && typeof name.value === 'string' ? name.value : null;
};
