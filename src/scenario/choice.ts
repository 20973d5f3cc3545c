/**
 * The shapes that zod's unions would describe badly, each checked by hand so that a mistake is told at its exact place,
 * and each with the plain zod schema that says the same to JSON Schema (`writtenAs`):
 *
 *   choice    `counter`, `{ counter: { failures: 5 } }`: a name from a table, with that name's own options
 *   shortFor  `poisson: 120/s` for `poisson: { rate: 120/s }`
 *   named     a map whose keys are free names, in the file's order
 *   either    a list or a map, each by its own schema
 */
import { z } from 'zod';
import { gotButAllowed, orAllowed } from '../core/units.ts';
import { check, checkWithin, refuse } from './explain.ts';
import { wrongWithName } from './free-names.ts';
import { inFlow } from './in-flow.ts';
import { unknownName } from './suggest.ts';
import { namesOf, type Path } from './tree.ts';

/** A schema for what is written in a file; its input is checked, not typed. */
export type Written<T> = z.ZodType<T, unknown>;

interface WrittenAs {
  /** Says the same as the hand-made check. */
  readonly schema: z.ZodType;
  /** Name under `$defs` of the JSON Schema, for shapes that appear often. */
  readonly id?: string;
}

/** For JSON Schema: what a hand-made schema (or a described copy of it) looks like in plain zod. */
export const writtenAs = (schema: z.core.$ZodType): WrittenAs | undefined => {
  const found = writings.get(schema);
  const { parent } = schema._zod;
  return found ?? (parent === undefined ? undefined : writtenAs(parent));
};

const writings = new WeakMap<z.core.$ZodType, WrittenAs>();

interface Choice<T> {
  /** "breaker", "distribution" */
  readonly noun: string;
  readonly table: Readonly<Record<string, Written<T>>>;
  readonly id?: string;
  /** What a plain value that is no name stands for: `1ms` is a constant. */
  readonly plain?: { readonly schema: Written<T>; readonly allowed: string };
  /** The name that a map without a name belongs to: `health: { interval: 10s }`. */
  readonly unnamed?: string;
}

/** A name, or a map of one name to its options. Underscores are read as hyphens. */
export const choice = <T>(of: Choice<T>): Written<T> => {
  const names = Object.keys(of.table);
  const schema = z.unknown().transform((input, context): T => {
    const chosen = readChoice(of, input);
    if (chosen === null) {
      refuse(context, gotButAllowed(input, allowedOf(of), nameLeftOut(of, input)));
      return z.NEVER;
    }
    if ('mistake' in chosen) {
      refuse(context, chosen.mistake, chosen.path, chosen.path.length > 0 ? 'key' : 'value');
      return z.NEVER;
    }
    return checkWithin(chosen.schema, chosen.options, context, chosen.path) ?? z.NEVER;
  });
  const branches = names.map((name) => z.strictObject({ [name]: of.table[name] ?? z.never() }));
  const unnamed = of.unnamed === undefined ? [] : [of.table[of.unnamed] ?? z.never()];
  const plain = of.plain === undefined ? [] : [of.plain.schema];
  return writing(schema, {
    schema: z.union([z.enum(names), ...plain, ...branches, ...unnamed]),
    ...(of.id === undefined ? {} : { id: of.id }),
  });
};

/** A map, or a single value (or list) that stands for `{ [key]: value }`. */
export const shortFor = <T>(key: string, long: Written<T>, short: z.ZodType): Written<T> => {
  const schema = z.unknown().transform((input, context): T => {
    if (input === null || isPlainMap(input)) {
      return checkWithin(long, input ?? {}, context) ?? z.NEVER;
    }
    const checked = check(long, { [key]: input });
    if (checked.ok) return checked.value;
    // What was not written is not part of the place either.
    for (const { path, message, what } of checked.findings) {
      refuse(context, message, path[0] === key ? path.slice(1) : path, what);
    }
    return z.NEVER;
  });
  return writing(schema, { schema: z.union([short, long]) });
};

/** A map of free names, as [name, value] in the file's order; an empty value is {}. */
export const named = <T>(
  noun: string,
  item: Written<T>,
): Written<readonly (readonly [string, T])[]> => {
  const schema = z.unknown().transform((input, context): readonly (readonly [string, T])[] => {
    if (!isPlainMap(input)) return missing(context, input, `a map of names to ${noun}`);
    const names = namesOf(input);
    if (names.length === 0) {
      refuse(context, `got an empty map; allowed: at least one name for ${noun}`);
    }
    return names.flatMap((name, index) => {
      const wrong = wrongWithName(name, names.slice(0, index));
      if (wrong !== null) refuse(context, wrong, [name], 'key');
      const value = checkWithin(item, input[name] ?? {}, context, [name]);
      return value === undefined ? [] : [[name, value] as const];
    });
  });
  return writing(schema, { schema: z.record(z.string(), item) });
};

/** A list by one schema, anything else by the other. */
export const either = <A, B>(list: Written<A>, other: Written<B>): Written<A | B> => {
  const schema = z.unknown().transform((input, context): A | B => {
    const checked = Array.isArray(input)
      ? checkWithin<A>(list, input, context)
      : checkWithin<B>(other, input, context);
    return checked ?? z.NEVER;
  });
  return writing<A | B>(schema, { schema: z.union([other as z.ZodType, list as z.ZodType]) });
};

/** Is it one of the names a choice allows, hyphen or underscore? Its name in the table, else null. */
export const nameIn = (
  table: Readonly<Record<string, unknown>>,
  written: string,
): string | null => {
  if (Object.hasOwn(table, written)) return written;
  const hyphens = written.replaceAll('_', '-');
  return Object.hasOwn(table, hyphens) ? hyphens : null;
};

/** Ties a hand-made check to the schema that JSON Schema shows for it. */
const writing = <T>(schema: Written<T>, as: WrittenAs): Written<T> => {
  writings.set(schema, as);
  return schema;
};

type Chosen<T> =
  | { readonly schema: Written<T>; readonly options: unknown; readonly path: Path }
  | { readonly mistake: string; readonly path: Path };

const readChoice = <T>(of: Choice<T>, input: unknown): Chosen<T> | null => {
  if (typeof input === 'string' || typeof input === 'number') return readPlain(of, input);
  if (!isPlainMap(input)) return null;
  const keys = namesOf(input);
  const [key] = keys;
  const name = key === undefined ? null : nameIn(of.table, key);
  const schema = name === null ? undefined : of.table[name];
  if (keys.length === 1 && key !== undefined && schema !== undefined) {
    return { schema, options: input[key] ?? {}, path: [key] };
  }
  const unnamed = of.unnamed === undefined ? undefined : of.table[of.unnamed];
  if (unnamed !== undefined) return { schema: unnamed, options: input, path: [] };
  if (keys.length === 1 && key !== undefined) {
    const names = Object.keys(of.table);
    return { mistake: unknownName(of.noun, key, names, nameLeftOut(of, input)), path: [key] };
  }
  const got = keys.length === 0 ? 'an empty map' : `${keys.length} keys (${keys.join(', ')})`;
  const allowed = orAllowed(`one ${of.noun}: ${allowedOf(of)}`, nameLeftOut(of, input));
  return { mistake: `got ${got}${allowed}`, path: [] };
};

const readPlain = <T>(of: Choice<T>, input: string | number): Chosen<T> => {
  const name = typeof input === 'string' ? nameIn(of.table, input) : null;
  const schema = name === null ? undefined : of.table[name];
  if (name !== null && schema !== undefined) return { schema, options: {}, path: [name] };
  const looksPlain = typeof input === 'number' || /^[-+.]?\d/.test(input);
  if (of.plain !== undefined && looksPlain) {
    return { schema: of.plain.schema, options: input, path: [] };
  }
  const mistake =
    typeof input === 'string'
      ? unknownName(of.noun, input, choices(of), nameLeftOut(of, input))
      : gotButAllowed(input, allowedOf(of), nameLeftOut(of, input));
  return { mistake, path: [] };
};

/** What it would be under a name that was left out, by the first two that take it: `10/s` under `poisson`. */
const nameLeftOut = <T>({ table }: Choice<T>, input: unknown): string | null => {
  if (input === null || input === undefined || isEmptyMap(input)) return null;
  const meant = Object.entries(table).flatMap(([name, schema]) =>
    check(schema, input).ok ? (inFlow({ [name]: input }) ?? []) : [],
  );
  return meant.length === 0 ? null : meant.slice(0, 2).join('` or `');
};

const choices = <T>(of: Choice<T>): string[] => [
  ...(of.plain === undefined ? [] : [of.plain.allowed]),
  ...Object.keys(of.table),
];

const allowedOf = <T>(of: Choice<T>): string => choices(of).join(', ');

const missing = (context: z.RefinementCtx, input: unknown, allowed: string): never => {
  refuse(context, gotButAllowed(input, allowed));
  return z.NEVER;
};

const isEmptyMap = (input: unknown): boolean => isPlainMap(input) && namesOf(input).length === 0;

const isPlainMap = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);
