/**
 * `list [WHAT]`: what a scenario can name, with options, defaults and meaning. It is read from the JSON Schema that
 * validation is made of, so it cannot tell anything that the loader would refuse.
 */
import { METRICS } from '../core/metrics.ts';
import { ScenarioError } from '../core/scenario-error.ts';
import { padEnd, wrap, type Paint } from '../report/terminal.ts';
import { nearest } from '../scenario/suggest.ts';
import { catalogue, type Entry, type Family, type Option } from './catalogue.ts';
import { painterFor, print, widthOf } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';

const METRIC_FAMILY = 'metrics';
/** What others call our families. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  strategies: 'balancers',
  strategy: 'balancers',
  algorithms: 'balancers',
  algorithm: 'balancers',
};

/** `what`: a family, one entry by name, or undefined for everything. Throws ScenarioError for a name it does not know. */
export const list = (what: string | undefined): ExitCode => {
  const page = { width: Math.max(40, widthOf(process.stdout)), paint: painterFor(process.stdout) };
  const families = catalogue();
  const sections = new Map([
    ...families.map((family) => [family.name, familyText(family, page)] as const),
    [METRIC_FAMILY, metricsText(page)],
  ]);
  if (what === undefined) print([...sections.values()].join('\n\n'));
  else print(sections.get(what) ?? sections.get(`${what}s`) ?? entriesCalled(what, families, page));
  return EXIT.done;
};

/** Entries of that name, of whichever family. */
const entriesCalled = (name: string, families: readonly Family[], page: Page): string => {
  const found = families.flatMap((family) => {
    const entries = family.entries.filter((entry) => isCalled(entry.name, name));
    return entries.length === 0 ? [] : [familyText({ ...family, entries }, page)];
  });
  if (found.length > 0) return found.join('\n\n');
  const familyNames = [...families.map((family) => family.name), METRIC_FAMILY];
  const entryNames = families.flatMap((family) =>
    family.entries.flatMap((entry) => [entry.name, entry.name.split('.').at(-1)!]),
  );
  const meant = OTHER_WORDS[name] ?? nearest(name, [...familyNames, ...entryNames]);
  const hint = meant === null ? '' : `; did you mean \`${meant}\`?`;
  throw new ScenarioError(
    `nothing is called \`${name}\`${hint}\nallowed: ${familyNames.join(', ')}, or the name of one of their entries`,
  );
};

/** By its whole key, or by the last word of it: `backlog.codel` is `codel`. */
const isCalled = (entry: string, name: string): boolean =>
  entry === name || entry.endsWith(`.${name}`);

interface Page {
  readonly width: number;
  readonly paint: Paint;
}

const familyText = ({ name, key, summary, entries }: Family, page: Page): string =>
  [
    page.paint('bold', `${name.toUpperCase()}  ${key}`),
    ...wrap(summary, page.width),
    '',
    entries.map((entry) => entryText(entry, page)).join('\n\n'),
  ].join('\n');

const entryText = ({ name, summary, short, options }: Entry, { width, paint }: Page): string => {
  const column = Math.max(0, ...options.map((option) => option.name.length)) + 2;
  return [
    `  ${paint('bold', name)}`,
    ...(summary === '' ? [] : wrap(summary, width, '    ')),
    ...(short === null ? [] : wrap(short, width, '    ')),
    ...options.flatMap((option) => optionText(option, column, width)),
  ].join('\n');
};

/** `failures  failures that open the circuit (a whole number from 1; default 5)` */
const optionText = (option: Option, column: number, width: number): string[] => {
  const { name, fallback, required, allowed, meaning } = option;
  const standing = fallback === null ? (required ? 'required' : '') : `default ${fallback}`;
  // Examples of a duration beside each duration would hide the rest.
  const brief = allowed.replace(/ such as .*?(?=$|, or )/g, '');
  const kind = [brief, standing].filter((part) => part !== '').join('; ');
  const words = meaning === '' ? kind : kind === '' ? meaning : `${meaning} (${kind})`;
  const indent = ' '.repeat(4 + column);
  return wrap(words, width, indent).map((line, index) =>
    index === 0 ? `    ${padEnd(name, column)}${line.slice(indent.length)}` : line,
  );
};

const metricsText = ({ width, paint }: Page): string => {
  const rows = Object.entries(METRICS).flatMap(([name, { unit, better, definition }]) => {
    const way = better === 'none' ? '' : `; ${better} is better`;
    return [`  ${paint('bold', name)}`, ...wrap(`${definition} (${unit}${way})`, width, '    ')];
  });
  return [
    paint('bold', 'METRICS  judge, results files'),
    ...wrap(
      'What a run yields: requests that arrived after the warm-up and before the end. Durations in ms, shares 0 to 1.',
      width,
    ),
    '',
    ...rows,
  ].join('\n');
};
