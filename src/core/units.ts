/**
 * Quantities as people write them and as the house computes with them: `30s`, `120/s`, `50%`, `5x` on the outside;
 * milliseconds, events a second, shares and factors on the inside. A number without its unit is refused (a timeout of
 * `30` is a guess, not a setting); only zero is the same in every unit.
 *
 * The `z...` builders are the fields of every option schema: their input is what the file says, their output the number,
 * so one declaration gives validation, message, default and JSON Schema.
 */
import { z } from 'zod';
import { ScenarioError } from './scenario-error.ts';

/** Milliseconds, whole microseconds at the finest. Instants count from the start of the run. */
export type Millis = number;

/** "Never": an instant that no clock reaches. */
export const NEVER: Millis = Infinity;

/** Rounds to whole microseconds, so that sampled durations do not hang on the last bit of Math.log. */
export const toMicros = (ms: number): Millis => Math.round(ms * 1000) / 1000;

/** A kind of quantity: its units (how much of the inside one is) and how to speak of it. */
interface Quantity {
  readonly id: string;
  readonly units: Readonly<Record<string, number>>;
  readonly allowed: string;
  readonly examples: readonly string[];
  /** Units that people write elsewhere, and what they are here: for the hint alone. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

const DURATION: Quantity = {
  id: 'duration',
  units: { us: 1 / 1000, ms: 1, s: 1000, m: 60_000, h: 3_600_000 },
  allowed: 'a duration such as 250us, 10ms, 2s, 5m or 1h',
  examples: ['250us', '10ms', '2s', '5m', '1h'],
  elsewhere: { µs: 'us', msec: 'ms', sec: 's', secs: 's', min: 'm', mins: 'm', hr: 'h', hrs: 'h' },
};
const RATE: Quantity = {
  id: 'rate',
  units: { '/s': 1, '/m': 1 / 60, '/h': 1 / 3600 },
  allowed: 'a rate such as 120/s, 30/m or 5/h',
  examples: ['120/s', '30/m', '5/h'],
  elsewhere: { rps: '/s', qps: '/s', '/sec': '/s', rpm: '/m', '/min': '/m', '/hr': '/h' },
};
const SHARE: Quantity = {
  id: 'share',
  units: { '%': 1 / 100 },
  allowed: 'a share such as 50%',
  examples: ['50%'],
};
const FACTOR: Quantity = {
  id: 'factor',
  units: { x: 1 },
  allowed: 'a factor such as 5x',
  examples: ['5x'],
};

/** `250us 10ms 2s 5m 1h`, `0` -> ms. Throws ScenarioError. */
export const parseDuration = (text: string | number): Millis => toMicros(parse(DURATION, text));

/** `120/s 30/m 5/h`, `0` -> events a second. Throws ScenarioError. */
export const parseRate = (text: string | number): number => parse(RATE, text);

/** `50%`, `0` -> 0.5. Throws ScenarioError. */
export const parseShare = (text: string | number): number => parse(SHARE, text);

/** `5x`, `0` -> 5. Throws ScenarioError. */
export const parseFactor = (text: string | number): number => parse(FACTOR, text);

/** The shortest exact way to write it: 90000 -> `90s`, 1500 -> `1.5s`. */
export const formatDuration = (ms: Millis): string =>
  ms === NEVER ? 'never' : format(DURATION, ms);

/** 0.5 -> `30/m`. */
export const formatRate = (perSecond: number): string => format(RATE, perSecond);

/** 0.5 -> `50%`. */
export const formatShare = (share: number): string => format(SHARE, share);

/** A measured share as notes tell it, to a tenth of a per cent: 0.6 -> `60%`, 0 -> `0%`. */
export const formatPercent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

/** What a value is, in an error message. */
export const describeValue = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number' || typeof value === 'boolean') return `\`${value}\``;
  if (typeof value !== 'string') return 'a value of an unknown kind';
  const text = /^[-+.\d]+$/.test(value) ? JSON.stringify(value) : value;
  return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``;
};

/** A schema that reads what a file may say and yields the inside of the house. */
export type Field<Output, Input = string | number> = z.ZodType<Output, Input>;

/** All in the inside's unit. */
interface QuantityRange {
  /** Zero is refused. */
  readonly positive?: boolean;
  /** Smallest and largest allowed. */
  readonly min?: number;
  readonly max?: number;
  /** What it must be more, and less, than. */
  readonly above?: number;
  readonly below?: number;
}

/** ms; the longest is 100 years. */
export const zDuration = (range: QuantityRange = {}): Field<Millis> =>
  quantityField(DURATION, parseDuration, formatDuration, { max: 100 * YEAR, ...range });

/** Events a second. */
export const zRate = (range: QuantityRange = {}): Field<number> =>
  quantityField(RATE, parseRate, formatRate, { max: 1e9, ...range });

/** 0..1 unless `max` says more (growth of 200 %). */
export const zShare = (range: QuantityRange = {}): Field<number> =>
  quantityField(SHARE, parseShare, formatShare, { max: 1, ...range });

/** A factor, `5x` -> 5. */
export const zFactor = (range: QuantityRange = {}): Field<number> =>
  quantityField(FACTOR, parseFactor, (factor) => `${factor}x`, { max: 1e9, ...range });

/** A whole number; `min` 0 unless given. */
export const zCount = ({ min = 0, max = 1e9 }: { min?: number; max?: number } = {}): Field<
  number,
  number
> =>
  z
    .int({ error: (issue) => gotButAllowed(issue.input, `a whole number from ${min}`) })
    .min(min, { error: (issue) => gotButAllowed(issue.input, `a whole number from ${min}`) })
    .max(max, { error: (issue) => gotButAllowed(issue.input, `a whole number up to ${max}`) });

interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly exclusiveMin?: number;
}

/** A plain number (a weight, a speed, a cv, a shape): at least 0 unless the range says else. */
export const zNumber = (range: NumberRange = {}): Field<number, number> => {
  const { min, exclusiveMin, max } = range;
  const floor = exclusiveMin ?? min ?? 0;
  const from = exclusiveMin === undefined ? `at least ${floor}` : `above ${floor}`;
  const allowed = `a number without unit, ${from}${max === undefined ? '' : `, at most ${max}`}`;
  const error = (issue: { input?: unknown }): string => gotButAllowed(issue.input, allowed);
  const number = z.number({ error });
  const floored =
    exclusiveMin === undefined ? number.min(floor, { error }) : number.gt(floor, { error });
  return max === undefined ? floored : floored.max(max, { error });
};

/** The same field, or `none` -> null. */
export const orNone = <Output, Input>(
  field: z.ZodType<Output, Input>,
): z.ZodType<Output | null, Input | 'none'> =>
  z.union([z.literal('none').transform(() => null), field], {
    error: (issue) => {
      const branches = (issue as { errors?: { message: string }[][] }).errors;
      const message = branches?.[1]?.[0]?.message ?? gotButAllowed(issue.input, 'a value');
      return message.replace(/allowed: [^;]*/i, '$&, or none');
    },
  });

/** The one shape of a message about a value: what was got, what was perhaps meant, and what is allowed. */
export const gotButAllowed = (got: unknown, allowed: string, meant: string | null = null): string =>
  `got ${describeValue(got)}${orAllowed(allowed, meant)}`;

/** The same as zod asks for it. */
export const butAllowed =
  (allowed: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    gotButAllowed(input, allowed);

/** How a mistake goes on: `; allowed: x, y`, or `; did you mean \`x\`? Allowed: x, y`. */
export const orAllowed = (allowed: string, meant: string | null): string =>
  meant === null ? `; allowed: ${allowed}` : `; did you mean \`${meant}\`? Allowed: ${allowed}`;

const YEAR = 365 * 24 * 3_600_000;

const patternOf = (quantity: Quantity): RegExp =>
  new RegExp(`^(?:0|(\\d+(?:\\.\\d+)?|\\.\\d+)(${Object.keys(quantity.units).join('|')}))$`);

const quantityField = (
  quantity: Quantity,
  parseText: (text: string | number) => number,
  formatNumber: (value: number) => string,
  range: QuantityRange,
): Field<number> =>
  writtenForm(quantity).transform((text, context) => {
    const value = parseText(text);
    const bound = boundBroken(value, range, formatNumber);
    if (bound !== null) context.addIssue(`${gotButAllowed(text, quantity.allowed)}, ${bound}`);
    return value;
  });

/** `above 0`; null when the value keeps to all bounds. */
const boundBroken = (
  value: number,
  { positive = false, above = positive ? 0 : -Infinity, below = Infinity, ...range }: QuantityRange,
  formatNumber: (value: number) => string,
): string | null => {
  const { min = 0, max = Infinity } = range;
  if (value > max) return `at most ${formatNumber(max)}`;
  if (value >= below) return `below ${formatNumber(below)}`;
  if (value <= above) return `above ${above === 0 ? 0 : formatNumber(above)}`;
  return value < min ? `at least ${formatNumber(min)}` : null;
};

type WrittenForm = z.ZodType<string | 0, string | number>;

/** What may be written for a quantity: one schema each, so that JSON Schema can refer to it by name. */
const writtenForm = (quantity: Quantity): WrittenForm => {
  const known = writtenForms.get(quantity);
  if (known !== undefined) return known;
  const error = (issue: { readonly input?: unknown }): string => refusal(quantity, issue.input);
  const text = z.string().regex(patternOf(quantity), { error });
  const form: WrittenForm = z
    .union([text, z.literal(0)], { error })
    .meta({ id: quantity.id, description: quantity.allowed, examples: [...quantity.examples] });
  writtenForms.set(quantity, form);
  return form;
};

const writtenForms = new Map<Quantity, WrittenForm>();

/** A value of the field that this schema is the written form of, as one writes it: 30000 -> `30s`; null for any other schema. */
export const writtenBy = (schema: z.core.$ZodType, value: number): string | null => {
  const [quantity] = [...writtenForms].find(([, form]) => form === schema) ?? [];
  return quantity === undefined ? null : format(quantity, value);
};

const parse = (quantity: Quantity, text: string | number): number => {
  const match = patternOf(quantity).exec(String(text));
  const [, digits, unit] = match ?? [];
  if (match === null) throw new ScenarioError(refusal(quantity, text));
  if (digits === undefined || unit === undefined) return 0;
  const size = quantity.units[unit] ?? NaN;
  // Dividing by 60 is exact more often than multiplying by 1/60.
  return size < 1 ? Number(digits) / Math.round(1 / size) : Number(digits) * size;
};

const refusal = (quantity: Quantity, got: unknown): string => {
  const bare = typeof got === 'number' || (typeof got === 'string' && /^\d*\.?\d+$/.test(got));
  const negative = String(got).trim().startsWith('-');
  const why = negative
    ? '; a negative value is refused'
    : bare && Number.isFinite(Number(got))
      ? '; a number without a unit is refused'
      : '';
  return `${gotButAllowed(got, quantity.allowed, inOurUnits(quantity, got))}${why}`;
};

/** `5 min` -> `5m`, `10rps` -> `10/s`; null when that does not make sense of it. */
const inOurUnits = ({ elsewhere = {}, units }: Quantity, got: unknown): string | null => {
  const [, digits, unit] = /^(\d+(?:\.\d+)?) *(\D+)$/.exec(String(got).toLowerCase()) ?? [];
  if (digits === undefined || unit === undefined) return null;
  const ours = Object.hasOwn(units, unit) ? unit : elsewhere[unit];
  return ours === undefined ? null : digits + ours;
};

const format = (quantity: Quantity, value: number): string => {
  if (value === 0) return '0';
  const texts = Object.entries(quantity.units).map(
    ([unit, size]) => `${Number((value / size).toPrecision(12))}${unit}`,
  );
  const readable = patternOf(quantity);
  const isExact = (text: string): boolean =>
    readable.test(text) && Math.abs(parse(quantity, text) - value) <= 1e-14 * value;
  const exact = texts.some(isExact) ? texts.filter(isExact) : texts;
  // Units ascend in size for durations and descend for rates; either way the shortest text is the natural one.
  return exact.reduce((best, text) => (text.length <= best.length ? text : best));
};
