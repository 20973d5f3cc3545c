/**
 * The smallest arguments that a tool's inputSchema (JSON Schema) accepts: required properties only, and for each what its
 * author offers first (const, default, examples, enum), else the plainest value within the limits. Arguments guessed from
 * names instead made up a third of the failures in one published benchmark of a gateway: its load test's fault, not the
 * gateway's. What cannot be satisfied surely (a `pattern`, an endless `$ref`) is refused with its path.
 */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Synthesis =
  | { readonly ok: true; readonly value: Json }
  /** `path`: where in the arguments, such as `filter.since`; empty for the whole. */
  | { readonly ok: false; readonly path: string; readonly why: string };

type Schema = Readonly<Record<string, unknown>>;

const DEEPEST = 16;

/** Throws nothing; a schema that is no schema takes anything. */
export const synthesise = (schema: unknown): Synthesis => {
  try {
    return { ok: true, value: new Synthesiser(schema).value(schema, [], 0) };
  } catch (error) {
    if (error instanceof Unsatisfied) return { ok: false, path: error.path, why: error.message };
    throw error;
  }
};

class Unsatisfied extends Error {
  readonly path: string;

  constructor(path: readonly string[], why: string) {
    super(why);
    this.path = path.join('.');
  }
}

class Synthesiser {
  readonly #root: unknown;

  constructor(root: unknown) {
    this.#root = root;
  }

  value(given: unknown, path: readonly string[], depth: number): Json {
    if (depth > DEEPEST) throw new Unsatisfied(path, 'its schema refers to itself without end');
    if (given === false) throw new Unsatisfied(path, 'its schema allows nothing');
    const schema = this.#resolved(asSchema(given), path);
    const offered = offer(schema);
    if (offered !== undefined) return offered;
    const alternatives = schema['anyOf'] ?? schema['oneOf'];
    if (Array.isArray(alternatives)) return this.#first(schema, alternatives, path, depth);
    switch (typeOf(schema)) {
      case 'string':
        return stringFor(schema, path);
      case 'integer':
        return numberFor(schema, 1, path);
      case 'number':
        return numberFor(schema, 0, path);
      case 'boolean':
        return false;
      case 'null':
        return null;
      case 'array':
        return this.#array(schema, path, depth);
      default:
        return this.#object(schema, path, depth);
    }
  }

  /** The first alternative that can be satisfied, beside what the schema says anyway. */
  #first(
    { anyOf: _any, oneOf: _one, ...common }: Schema,
    alternatives: readonly unknown[],
    path: readonly string[],
    depth: number,
  ): Json {
    let last = new Unsatisfied(path, 'none of its alternatives can be satisfied');
    for (const alternative of alternatives) {
      try {
        return this.value(merged(common, asSchema(alternative)), path, depth + 1);
      } catch (error) {
        if (!(error instanceof Unsatisfied)) throw error;
        last = error;
      }
    }
    throw last;
  }

  #object(schema: Schema, path: readonly string[], depth: number): Json {
    const properties = asSchema(schema['properties']);
    const value: Record<string, Json> = {};
    for (const name of textsOf(schema['required'])) {
      const property = Object.hasOwn(properties, name) ? properties[name] : {};
      Object.defineProperty(value, name, {
        value: this.value(property, [...path, name], depth + 1),
        enumerable: true,
      });
    }
    return value;
  }

  #array(schema: Schema, path: readonly string[], depth: number): Json {
    const prefix = Array.isArray(schema['prefixItems']) ? (schema['prefixItems'] as unknown[]) : [];
    const length = Math.max(0, Number(schema['minItems'] ?? 0));
    return Array.from({ length }, (_, index) => {
      const item = index < prefix.length ? prefix[index] : schema['items'];
      const value = this.value(item ?? {}, [...path, String(index)], depth + 1);
      // Items that must differ: numbered texts and numbers do; anything else is given up on by the server, not by us.
      if (schema['uniqueItems'] !== true || index === 0) return value;
      if (typeof value === 'string') return `${value}${index}`;
      return typeof value === 'number' ? value + index : value;
    });
  }

  /** Follows `$ref` within the document, and folds `allOf` in. */
  #resolved(schema: Schema, path: readonly string[]): Schema {
    let current = schema;
    for (let step = 0; typeof current['$ref'] === 'string'; step++) {
      if (step > DEEPEST) throw new Unsatisfied(path, 'its schema refers to itself without end');
      const { $ref, ...beside } = current;
      current = merged(beside, asSchema(this.#at($ref, path)));
    }
    const parts = current['allOf'];
    if (!Array.isArray(parts)) return current;
    const { allOf: _, ...beside } = current;
    return parts.reduce<Schema>(
      (all, part) => merged(all, this.#resolved(asSchema(part), path)),
      beside,
    );
  }

  #at(ref: string, path: readonly string[]): unknown {
    if (!ref.startsWith('#')) throw new Unsatisfied(path, `its schema is elsewhere (${ref})`);
    return ref
      .split('/')
      .slice(1)
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((node, key) => asSchema(node)[key], this.#root);
  }
}

/** What the author of the schema offers; undefined for nothing. */
const offer = (schema: Schema): Json | undefined => {
  if ('const' in schema) return schema['const'] as Json;
  if ('default' in schema) return schema['default'] as Json;
  for (const key of ['examples', 'enum']) {
    const values = schema[key];
    if (Array.isArray(values) && values.length > 0) return values[0] as Json;
  }
  return undefined;
};

const typeOf = (schema: Schema): string => {
  const { type } = schema;
  const types = Array.isArray(type) ? textsOf(type) : [type];
  const [first] = types.filter((name) => name !== 'null');
  if (typeof first === 'string') return first;
  if (types.includes('null')) return 'null';
  if ('properties' in schema || 'required' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  if ('minimum' in schema || 'maximum' in schema) return 'number';
  return 'minLength' in schema || 'pattern' in schema || 'format' in schema ? 'string' : 'object';
};

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  duration: 'PT1S',
  email: 'load@example.com',
  hostname: 'example.com',
  ipv4: '127.0.0.1',
  ipv6: '::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  'uri-reference': '/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

const PLAIN_TEXT = 'windtunnel';

/** Candidates in turn against a pattern; none fits: the person must say. */
const stringFor = (schema: Schema, path: readonly string[]): string => {
  const least = Number(schema['minLength'] ?? 0);
  const most = Number(schema['maxLength'] ?? Infinity);
  const fit = (text: string): string => text.padEnd(least, 'x').slice(0, Math.max(most, 0));
  const known = FORMATS[String(schema['format'])];
  const candidates = known === undefined ? [PLAIN_TEXT, 'a', 'A', '1', '10', ''].map(fit) : [known];
  const { pattern } = schema;
  if (typeof pattern !== 'string') return candidates[0]!;
  const found = candidates.find((text) => matches(pattern, text));
  if (found !== undefined) return found;
  throw new Unsatisfied(path, `nothing was found that matches the pattern ${pattern}`);
};

/** A pattern that is none matches nothing. */
const matches = (pattern: string, text: string): boolean => {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
};

/** `grain` 1 for whole numbers. 1 if it is allowed, else the allowed number nearest to the lower limit. */
const numberFor = (schema: Schema, grain: 0 | 1, path: readonly string[]): number => {
  const limit = (key: string, absent: number): number =>
    typeof schema[key] === 'number' ? schema[key] : absent;
  const step = limit('multipleOf', grain);
  const [least, above] = [limit('minimum', -Infinity), limit('exclusiveMinimum', -Infinity)];
  const [most, below] = [limit('maximum', Infinity), limit('exclusiveMaximum', Infinity)];
  const isAllowed = (value: number): boolean => {
    const isStep = step === 0 || Math.abs(value / step - Math.round(value / step)) < 1e-9;
    const isWhole = grain === 0 || Number.isInteger(value);
    return isStep && isWhole && value >= least && value > above && value <= most && value < below;
  };
  const floor = Math.max(least, above);
  const ceiling = Math.min(most, below);
  const ground = floor > -Infinity ? floor : ceiling < Infinity ? ceiling : 0;
  const unit = step > 0 ? step : 1;
  const near = [
    Math.ceil(ground / unit),
    Math.ceil(ground / unit) + 1,
    Math.floor(ground / unit) - 1,
  ];
  const steps = [...near, Math.floor(ground / unit)].map((k) => k * unit);
  const found = [1, ...steps, (floor + ceiling) / 2].find(isAllowed);
  if (found !== undefined) return found;
  throw new Unsatisfied(path, 'no number was found within its limits');
};

/** Both at once: of lists the union, of properties all, of anything else what `b` says. */
const merged = (a: Schema, b: Schema): Schema => ({
  ...a,
  ...b,
  ...('required' in a && 'required' in b
    ? { required: [...textsOf(a['required']), ...textsOf(b['required'])] }
    : {}),
  ...('properties' in a && 'properties' in b
    ? { properties: { ...asSchema(a['properties']), ...asSchema(b['properties']) } }
    : {}),
});

const asSchema = (value: unknown): Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
