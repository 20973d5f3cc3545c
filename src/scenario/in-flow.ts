/** A value as one would write it within a line of YAML: `{ poisson: 10/s }`. For hints, so only what is short has one. */
import { namesOf } from './tree.ts';

const MOST_LETTERS = 60;

/** Null when it would be too long to be read in passing. */
export const inFlow = (value: unknown): string | null => {
  const text = written(value);
  return text.length > MOST_LETTERS ? null : text;
};

const written = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalar(value);
  const map = value as Readonly<Record<string, unknown>>;
  const pairs = namesOf(map).map((key) => `${scalar(key)}: ${written(map[key])}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
};

/** In quotes where plain letters would not be read back as this text. */
const scalar = (value: unknown): string =>
  typeof value === 'string' && !/^[\w./%+-][\w ./%+-]*$/.test(value)
    ? JSON.stringify(value)
    : String(value);
