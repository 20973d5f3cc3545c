/**
 * `list [WHAT]`: what a scenario can name, with options, defaults and meaning. It is read from the JSON Schema that
 * validation is made of, so it cannot tell anything that the loader would refuse.
 */
import { METRICS } from '../core/metrics.ts';
import { ScenarioError } from '../core/scenario-error.ts';
import { padEnd, wrap, type Paint } from '../report/terminal.ts';
import { didYouMean } from '../scenario/suggest.ts';
import { catalogue, type Entry, type Family, type Option } from './catalogue.ts';
import { painterFor, print, widthOf } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';

const METRIC_FAMILY = 'metrics';

/** `what`: a family, one entry by name, or undefined for everything. Throws ScenarioError for a name it does not know. */
export const list = (what: string | undefined): ExitCode => {
  const page = { width: Math.max(40, widthOf(process.stdout)), paint: painterFor(process.stdout) };
  const families = catalogue();
  const sections = [...families.map((family) => familyText(family, page)), metricsText(page)];
  const names = [...families.map(({ name }) => name), METRIC_FAMILY];
  if (what === undefined) print(sections.join('\n\n'));
  else {
    const wanted = names.findIndex((name) => name === what || name === `${what}s`);
    const entries = families.flatMap((family) =>
      family.entries.filter(({ name }) => name === what),
    );
    if (wanted >= 0) print(sections[wanted]!);
    else if (entries.length > 0) print(entries.map((entry) => entryText(entry, page)).join('\n\n'));
    else {
      const entryNames = families.flatMap((family) => family.entries.map(({ name }) => name));
      throw new ScenarioError(
        `nothing is called \`${what}\`${didYouMean(what, [...names, ...entryNames])}`,
      );
    }
  }
  return EXIT.done;
};

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
    ...(short === null ? [] : wrap(`short form: ${short}`, width, '    ')),
    ...options.flatMap((option) => optionText(option, column, width)),
  ].join('\n');
};

const optionText = (option: Option, column: number, width: number): string[] => {
  const { name, fallback, allowed, meaning } = option;
  const standing =
    fallback === null ? (option.required ? 'required' : 'optional') : `default ${fallback}`;
  const words = [standing, allowed, meaning].filter((part) => part !== '').join('; ');
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
