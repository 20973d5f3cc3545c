/**
 * The reference values: closed forms and solved chains of queueing theory, one entry a system. The file comes with the
 * repository; WINDTUNNEL_REFS names another of the same schema, and its entries of known families are tried just so.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Numbers, words and lists, as the file has them. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Entry {
  /** The family: "M/M/1 FIFO". */
  readonly name: string;
  readonly params: Fields;
  readonly expected: Fields;
  /** exact | numeric | asymptotic | bound | formula */
  readonly kind: string;
  /** The formula and where it comes from. */
  readonly source: string;
}

/** An entry asks for something that the simulator, or this suite, does not model; the message says why. */
export class NotModelled extends Error {
  override readonly name = 'NotModelled';
}

const OWN_FILE = fileURLToPath(new URL('../fixtures/refs/queueing.json', import.meta.url));

export const referencesFile = (): string => process.env['WINDTUNNEL_REFS'] ?? OWN_FILE;

export const readReferences = (file: string): readonly Entry[] =>
  (JSON.parse(readFileSync(file, 'utf8')) as { entries: Entry[] }).entries;

/** The number called `name`; NotModelled when the entry has none. */
export const numberOf = (fields: Fields, name: string): number => {
  const value = fields[name];
  if (typeof value !== 'number') throw new NotModelled(`its "${name}" is not a number`);
  return value;
};

/** The list of numbers called `name`. */
export const numbersOf = (fields: Fields, name: string): readonly number[] => {
  const value = fields[name];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'number'))
    throw new NotModelled(`its "${name}" is not a list of numbers`);
  return value;
};

/** The rows of numbers called `name`. */
export const rowsOf = (fields: Fields, name: string): readonly (readonly number[])[] => {
  const value = fields[name];
  if (!Array.isArray(value)) throw new NotModelled(`its "${name}" is not a table`);
  return value.map((_, k) => numbersOf(value as unknown as Fields, `${k}`));
};

/** `N=8 rho=0.8`: the entry's own numbers and words, for people. What its words say already stays out. */
export const describeParams = ({ params }: Entry): string => {
  const told = 'service' in params ? TOLD_BY_SERVICE : [];
  return Object.entries(params)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .filter(([key]) => !told.includes(key))
    .map(([key, value]) => `${key.replace(/_$/, '')}=${shown(value as number | string)}`)
    .join(' ');
};

/** Parameters that follow from the name of the service law, or from the rest. */
const TOLD_BY_SERVICE: readonly string[] = [
  ...['cv2', 'serviceMean', 'rho'],
  ...['p1', 'mean1', 'mean2', 'mu', 'sigma'],
];

const shown = (value: number | string): string =>
  typeof value === 'number' ? `${Number(value.toPrecision(4))}` : value;
