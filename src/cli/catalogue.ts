/**
 * The families of things a scenario can name, taken out of its JSON Schema: a choice there is a union of names and of
 * maps with one such name, whose value holds the options.
 */
import { GUARDS } from '../policies/guards/index.ts';
import { scenarioJsonSchema } from '../scenario/json-schema.ts';

export interface Family {
  /** "balancers" */
  readonly name: string;
  /** Where it stands in a scenario: "balancer". */
  readonly key: string;
  readonly summary: string;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly name: string;
  readonly summary: string;
  /** What may stand for all options: "short form: a duration such as ..."; null when nothing may. */
  readonly short: string | null;
  readonly options: readonly Option[];
}

export interface Option {
  readonly name: string;
  /** The default as one would write it; null when there is none. */
  readonly fallback: string | null;
  readonly required: boolean;
  readonly allowed: string;
  readonly meaning: string;
}

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** All families, in the order in which a scenario meets them. */
export const catalogue = (): readonly Family[] => {
  const root = scenarioJsonSchema() as Schema & {
    readonly $defs: Readonly<Record<string, Schema>>;
  };
  const reader = new Reader(root.$defs);
  const at = (...path: string[]): Schema =>
    path.reduce((schema, key) => reader.property(schema, key), root as Schema);
  const family = (name: string, key: string, schema: Schema, summary = ''): Family => ({
    name,
    key,
    summary: summary === '' ? (schema.description ?? '') : summary,
    entries: reader.entries(schema),
  });
  return [
    family(
      'arrivals',
      'traffic.arrivals',
      at('traffic', 'arrivals'),
      'When requests, or sessions, begin.',
    ),
    family(
      'distributions',
      'work, backoff, network, think, patience',
      { $ref: '#/$defs/durations' },
      'Durations that vary. A plain duration is constant.',
    ),
    family(
      'session-lengths',
      'traffic.sessions.calls',
      at('traffic', 'sessions', 'calls'),
      'Tool calls in a session. A plain number is constant.',
    ),
    family('balancers', 'balancer', at('balancer')),
    family('health', 'health', at('health')),
    family('ejections', 'ejection', at('ejection')),
    family('breakers', 'breaker', at('breaker')),
    family('limits', 'limit', at('limit')),
    family('budgets', 'traffic.retries.budget', at('traffic', 'retries', 'budget')),
    family('autoscalers', 'autoscaler', at('autoscaler')),
    {
      name: 'guards',
      key: 'each under a key of its own',
      summary:
        'What stands beside the policies. Each is off unless asked for; of victims the newest go first.',
      entries: GUARDS.map(({ key }) => reader.guard(key, at(...key.split('.')))),
    },
    faults(reader, at('faults')),
  ];
};

const COMMON = ['at', 'for', 'every', 'servers', 'health'];

/** Faults are no choice of one name: each is a map with one effect among its keys. */
const faults = (reader: Reader, list: Schema): Family => {
  const fault = reader.resolve(list).items ?? {};
  const options = reader.optionsOf(fault);
  return {
    name: 'faults',
    key: 'faults',
    summary: 'A list; each has one effect, and says when and on which servers.',
    entries: [
      {
        name: 'when and where',
        summary: '',
        short: null,
        options: options.filter(({ name }) => COMMON.includes(name)),
      },
      ...options
        .filter(({ name }) => !COMMON.includes(name))
        .map(({ name, allowed, meaning }): Entry => {
          const below = reader.optionsOf(reader.property(fault, name));
          return {
            name,
            summary: meaning,
            short: below.length > 0 ? null : `value: ${allowed}`,
            options: below,
          };
        }),
    ],
  };
};

class Reader {
  readonly #defs: Readonly<Record<string, Schema>>;

  constructor(defs: Readonly<Record<string, Schema>>) {
    this.#defs = defs;
  }

  /** Follows references; what stands beside a reference wins. */
  resolve(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const { $ref, ...own } = schema;
    const target = this.#defs[$ref.replace('#/$defs/', '')] ?? {};
    return { ...this.resolve(target), ...own };
  }

  property(schema: Schema, key: string): Schema {
    return this.#map(schema)?.properties?.[key] ?? {};
  }

  /** Entries of a choice. */
  entries(schema: Schema): Entry[] {
    const branches = this.resolve(schema).anyOf ?? [];
    const names = branches.flatMap((branch) => this.resolve(branch).enum ?? []).map(String);
    return names.map((name) => {
      const branch = branches.find(
        (each) => Object.keys(this.resolve(each).properties ?? {}).join() === name,
      );
      return this.#entry(name, branch === undefined ? {} : this.property(branch, name));
    });
  }

  /** What is on or off: one value, or a map of options. */
  guard(key: string, schema: Schema): Entry {
    const fallback = schema.default === undefined ? '' : `; default ${written(schema.default)}`;
    return {
      name: key,
      summary: schema.description ?? '',
      short: `value: ${this.#allowed(schema)}${fallback}`,
      options: this.optionsOf(schema),
    };
  }

  optionsOf(schema: Schema): Option[] {
    const map = this.#map(schema);
    return Object.entries(map?.properties ?? {}).map(([name, option]) => ({
      name,
      fallback: option.default === undefined ? null : written(option.default),
      required: map?.required?.includes(name) === true,
      allowed: this.#allowed(option),
      meaning: option.description ?? '',
    }));
  }

  #entry(name: string, schema: Schema): Entry {
    const resolved = this.resolve(schema);
    const short = resolved.anyOf?.find((branch) => this.resolve(branch).type !== 'object');
    return {
      name,
      summary: this.#map(schema)?.description ?? resolved.description ?? '',
      short: short === undefined ? null : `short form: ${this.#allowed(short)}`,
      options: this.optionsOf(schema),
    };
  }

  /** The branch that is a map with keys of its own. */
  #map(schema: Schema): Schema | undefined {
    const resolved = this.resolve(schema);
    if (resolved.properties !== undefined) return resolved;
    return resolved.anyOf
      ?.map((branch) => this.#map(branch))
      .find((branch) => branch !== undefined);
  }

  /** "a duration such as ...", "a whole number from 1", "true or false" */
  #allowed(schema: Schema): string {
    const resolved = this.resolve(schema);
    if (schema.$ref !== undefined)
      return (
        this.#defs[schema.$ref.replace('#/$defs/', '')]?.description ?? KINDS[schema.$ref] ?? ''
      );
    if (resolved.const !== undefined) return written(resolved.const);
    if (resolved.enum !== undefined) return resolved.enum.map(String).join(', ');
    if (resolved.anyOf !== undefined) {
      const told = resolved.anyOf
        .map((branch) => this.#allowed(branch))
        .filter((part) => part !== '');
      return [...new Set(told)].join(', or ');
    }
    if (resolved.type === 'boolean') return 'true or false';
    if (resolved.type === 'integer' || resolved.type === 'number') return numbers(resolved);
    if (resolved.type === 'array') return listOf(this.#allowed(resolved.items ?? {}));
    return resolved.type === 'object' ? keysOf(resolved) : '';
  }
}

/** Kinds of value with a definition of their own but no words. */
const KINDS: Readonly<Record<string, string>> = {
  '#/$defs/durations': 'a duration or a distribution',
  '#/$defs/counts': 'a number or a distribution',
};

const numbers = ({ type, minimum, exclusiveMinimum, maximum }: Schema): string => {
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  const from =
    exclusiveMinimum === undefined
      ? minimum === undefined
        ? ''
        : ` from ${minimum}`
      : ` above ${exclusiveMinimum}`;
  const to = maximum === undefined || maximum >= 1e9 ? '' : ` to ${maximum}`;
  return kind + from + to;
};

const listOf = (items: string): string => (items === '' ? 'a list' : `a list of ${items}`);

const keysOf = ({ properties = {} }: Schema): string => {
  const keys = Object.keys(properties);
  return keys.length === 0 ? 'a map' : `{ ${keys.join(', ')} }`;
};

/** As it would stand in YAML. */
const written = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(written).join(', ')}]`
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
