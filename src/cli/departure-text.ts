/**
 * A departure from best practice as lines for a terminal. Whom it concerns is told as shortly as it can be: by the values
 * of one axis where they alone make the difference, else by the first few names.
 */
import { plain, wrap } from '../report/terminal.ts';
import type { Departure } from '../scenario/practice.ts';
import type { Scenario } from '../scenario/scenario.ts';

type Field = Pick<Scenario, 'contenders' | 'matrix'>;

const MOST_NAMES = 4;
const INDENT = '  ';

/** `width` in columns. */
export const departureLines = (
  { aspect, what, contenders, recommendation, reason }: Departure,
  field: Field,
  width: number,
): string[] => [
  ...wrap(`departs from best practice: ${aspect}: ${what}${whose(contenders, field)}`, width),
  ...wrap(`recommended: ${recommendation}`, width, INDENT),
  ...wrap(`because ${reason}`, width, INDENT),
];

const whose = (names: readonly string[], field: Field): string => {
  if (names.length === field.contenders.length) return '';
  return ` with ${byAxis(names, field) ?? byName(names)}`;
};

/** `interval=1s` and the like; null when no single axis tells these contenders from the others. */
const byAxis = (names: readonly string[], { contenders, matrix }: Field): string | null => {
  const concerned = contenders.filter(({ name }) => names.includes(name));
  for (const [axis, { path, values }] of (matrix ?? []).entries()) {
    const places = new Set(concerned.map(({ cell }) => cell?.[axis] ?? -1));
    const alike = contenders.filter(({ cell }) => places.has(cell?.[axis] ?? -1));
    if (alike.length !== concerned.length) continue;
    return [...places].map((place) => plain(`${path}=${values[place] ?? ''}`)).join(', ');
  }
  return null;
};

const byName = (names: readonly string[]): string => {
  const told = names.slice(0, MOST_NAMES).map((name) => `"${plain(name)}"`);
  const left = names.length - told.length;
  return told.join(', ') + (left > 0 ? ` and ${left} more` : '');
};
