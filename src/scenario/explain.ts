/**
 * What zod found -> what a person needs: where, what was got, what is allowed. `explain` words the messages while zod
 * parses; `findingsOf` then takes the issues apart: one finding for each unknown key, and for a union the branch that
 * the value came closest to, since "invalid input" helps nobody.
 */
import { z } from 'zod';
import { gotButAllowed } from '../core/units.ts';
import { inFlow } from './in-flow.ts';
import { nearest, unknownKey } from './suggest.ts';
import type { Path } from './tree.ts';

/** A mistake before it has a place: `what` says whether the key or the value at `path` is wrong. */
export interface Finding {
  readonly path: Path;
  readonly what: 'key' | 'value';
  readonly message: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Of a map: the key that a value on its own most likely means, as `servers: 4` means `servers: { count: 4 }`. */
export const MAIN_KEY = z.registry<{ readonly mainKey: string }>();

/** Parses plain data by a schema. */
export const check = <T>(schema: z.ZodType<T>, plain: unknown): Checked<T> => {
  const parsed = schema.safeParse(plain, { error: explain });
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, findings: parsed.error.issues.flatMap(findingsOf) };
};

/**
 * Parses a part of a value from within the schema of the whole: findings go to the outer parse, `prefix` in front of
 * their paths.
 */
export const checkWithin = <T>(
  schema: z.ZodType<T>,
  plain: unknown,
  context: z.RefinementCtx,
  prefix: Path = [],
): T | undefined => {
  const checked = check(schema, plain);
  if (checked.ok) return checked.value;
  for (const finding of checked.findings) {
    refuse(context, finding.message, [...prefix, ...finding.path], finding.what);
  }
  return undefined;
};

/** Adds one finding to the parse that `context` belongs to. */
export const refuse = (
  context: z.RefinementCtx,
  message: string,
  path: Path = [],
  what: Finding['what'] = 'value',
): void => {
  context.addIssue({ code: 'custom', message, path: [...path], params: { what } });
};

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

/** What zod calls a kind of value, and what people call it. */
const KINDS: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

const explain = (issue: RawIssue): string | undefined => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'object' && issue.inst !== undefined
        ? aMap(issue.input, issue.inst as unknown as z.ZodObject)
        : gotButAllowed(issue.input, KINDS[issue.expected] ?? issue.expected, listOf(issue));
    case 'invalid_value':
      return oneOf(issue.input, issue.values.map(String));
    case 'unrecognized_keys':
      // The allowed keys; findingsOf spells out one finding for each unknown one.
      return allowedKeys(issue.inst).join(', ');
    case 'too_small':
      return gotButAllowed(issue.input, sized(issue.origin, `at least ${issue.minimum}`));
    case 'too_big':
      return gotButAllowed(issue.input, sized(issue.origin, `at most ${issue.maximum}`));
    case 'invalid_union':
      return gotButAllowed(issue.input, 'another kind of value');
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'not_multiple_of':
      return undefined;
  }
};

/** What a map of this schema may hold, and how the lone value would be written in it. */
const aMap = (got: unknown, schema: z.ZodObject): string => {
  const { shape } = schema;
  const key = MAIN_KEY.get(schema)?.mainKey;
  const fits = key !== undefined && check(shape[key] as z.ZodType, got).ok;
  const keys = Object.keys(shape).join(', ');
  return gotButAllowed(
    got,
    keys === '' ? 'a map' : `a map of ${keys}`,
    fits ? inFlow({ [key]: got }) : null,
  );
};

/** A value that would do as the only one of the list it should have been. */
const listOf = ({
  expected,
  input,
  inst,
}: Extract<RawIssue, { code: 'invalid_type' }>): string | null => {
  if (expected !== 'array' || inst === undefined) return null;
  const { element } = inst as unknown as z.ZodArray<z.ZodType>;
  return check(element, input).ok ? inFlow([input]) : null;
};

const oneOf = (got: unknown, values: readonly string[]): string => {
  const meant = typeof got === 'string' && got.length < 80 ? nearest(got, values) : null;
  return gotButAllowed(got, values.join(', '), meant);
};

const sized = (origin: string, bound: string): string => {
  if (origin === 'array') return `a list of ${bound}`;
  return origin === 'string' ? `a text of ${bound} letters` : bound;
};

const allowedKeys = (schema: unknown): readonly string[] => {
  const { def } = (schema as z.ZodObject)._zod;
  return Object.keys(def.shape);
};

const findingsOf = (issue: Issue): readonly Finding[] => {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const allowed = issue.message.split(', ');
    return issue.keys.map((key) => ({
      path: [...path, key],
      what: 'key',
      message: unknownKey(key, allowed),
    }));
  }
  if (issue.code === 'invalid_union') {
    const within = issue.errors.reduce<Issue[]>(
      (best, branch) => (depth(branch) > depth(best) ? [...branch] : best),
      [],
    );
    if (depth(within) > 0) {
      return within
        .flatMap(findingsOf)
        .map((finding) => ({ ...finding, path: [...path, ...finding.path] }));
    }
  }
  const what = issue.code === 'custom' && issue.params?.['what'] === 'key' ? 'key' : 'value';
  return [{ path, what, message: issue.message }];
};

/** How far into the value a branch of a union got before it failed. */
const depth = (issues: readonly Issue[]): number =>
  Math.max(
    0,
    ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)),
  );
