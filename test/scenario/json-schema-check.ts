/**
 * As much of JSON Schema 2020-12 as scenario.schema.json uses, so that the tests can hold it against scenarios. A keyword
 * it does not know is an error, lest it pass by being ignored.
 */
import { isDeepStrictEqual } from 'node:util';

type Schema = Readonly<Record<string, unknown>>;

const ANNOTATIONS = new Set([
  '$schema',
  '$defs',
  'title',
  'description',
  'default',
  'examples',
  'id',
]);

/** Where `value` breaks `schema`, as paths with the keyword; empty if it keeps to it. */
export const breaches = (value: unknown, schema: Schema, root: Schema, path = ''): string[] =>
  Object.entries(schema).flatMap(([keyword, rule]) => {
    if (ANNOTATIONS.has(keyword)) return [];
    const test = KEYWORDS[keyword];
    if (test === undefined) throw new Error(`unknown keyword ${keyword} at ${path}`);
    return test({ value, rule, schema, root, path });
  });

interface Check {
  readonly value: unknown;
  readonly rule: unknown;
  readonly schema: Schema;
  readonly root: Schema;
  readonly path: string;
}

type Test = (check: Check) => string[];

const when =
  (keyword: string, holds: (check: Check) => boolean): Test =>
  (check) =>
    holds(check) ? [] : [`${check.path} ${keyword}`];

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string[] => {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  if (Number.isInteger(value)) return ['number', 'integer'];
  return [typeof value];
};

const numeric = (keyword: string, holds: (value: number, bound: number) => boolean): Test =>
  when(keyword, ({ value, rule }) => typeof value !== 'number' || holds(value, rule as number));

const sized = (keyword: string, holds: (size: number, bound: number) => boolean): Test =>
  when(keyword, ({ value, rule }) => {
    const size = isMap(value)
      ? Object.keys(value).length
      : (value as { length?: number } | null)?.length;
    return size === undefined || holds(size, rule as number);
  });

const atLeast = (a: number, b: number): boolean => a >= b;
const atMost = (a: number, b: number): boolean => a <= b;

const named = (schema: Schema, key: string): Schema[] => {
  const own = (schema['properties'] ?? {}) as Record<string, Schema>;
  const patterns = Object.entries((schema['patternProperties'] ?? {}) as Record<string, Schema>);
  return [
    ...(Object.hasOwn(own, key) ? [own[key] ?? {}] : []),
    ...patterns.flatMap(([pattern, rule]) => (new RegExp(pattern).test(key) ? [rule] : [])),
  ];
};

const properties: Test = ({ value, schema, root, path }) =>
  isMap(value)
    ? Object.entries(value).flatMap(([key, item]) =>
        named(schema, key).flatMap((rule) => breaches(item, rule, root, `${path}/${key}`)),
      )
    : [];

const additionalProperties: Test = ({ value, rule, schema, root, path }) =>
  isMap(value)
    ? Object.entries(value).flatMap(([key, item]) => {
        if (named(schema, key).length > 0) return [];
        return rule === false
          ? [`${path}/${key} additionalProperties`]
          : breaches(item, rule as Schema, root, `${path}/${key}`);
      })
    : [];

const KEYWORDS: Readonly<Record<string, Test>> = {
  $ref: ({ value, rule, root, path }) => {
    const target = (rule as string)
      .split('/')
      .slice(1)
      .reduce<unknown>((here, step) => (here as Record<string, unknown>)[step], root);
    return breaches(value, target as Schema, root, path);
  },
  type: when('type', ({ value, rule }) =>
    [rule].flat().some((type) => typeOf(value).includes(type as string)),
  ),
  enum: when('enum', ({ value, rule }) => (rule as unknown[]).includes(value)),
  const: when('const', ({ value, rule }) => isDeepStrictEqual(value, rule)),
  pattern: when('pattern', ({ value, rule }) =>
    typeof value === 'string' ? new RegExp(rule as string).test(value) : true,
  ),
  minimum: numeric('minimum', atLeast),
  maximum: numeric('maximum', atMost),
  exclusiveMinimum: numeric('exclusiveMinimum', (value, bound) => value > bound),
  minLength: sized('minLength', atLeast),
  maxLength: sized('maxLength', atMost),
  minItems: sized('minItems', atLeast),
  maxItems: sized('maxItems', atMost),
  minProperties: sized('minProperties', atLeast),
  required: when('required', ({ value, rule }) =>
    isMap(value) ? (rule as string[]).every((key) => Object.hasOwn(value, key)) : true,
  ),
  properties,
  // Checked together with `properties`, or alone.
  patternProperties: (check) => (check.schema['properties'] === undefined ? properties(check) : []),
  additionalProperties,
  propertyNames: ({ value, rule, root, path }) =>
    isMap(value)
      ? Object.keys(value).flatMap((key) => breaches(key, rule as Schema, root, `${path}/${key}`))
      : [],
  items: ({ value, rule, root, path }) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => breaches(item, rule as Schema, root, `${path}/${index}`))
      : [],
  anyOf: (check) => {
    const { value, rule, root, path } = check;
    const branches = (rule as Schema[]).map((branch) => breaches(value, branch, root, path));
    return branches.some((branch) => branch.length === 0) ? [] : [`${path} anyOf`];
  },
};
