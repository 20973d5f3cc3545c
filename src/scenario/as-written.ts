/**
 * Back from what a schema yields to what one would write for it: 30000 -> `30s` where the schema reads a duration, 0.5 ->
 * `50%` where it reads a share, null -> `none`. Reports show settings so, and a number without its unit says nothing.
 * Where a schema made another shape of what was written, its figures stay as they are.
 */
import { z } from 'zod';
import { writtenBy } from '../core/units.ts';
import { writtenAs } from './choice.ts';

type Schema = z.core.$ZodType;
type Shape = Readonly<Record<string, Schema>>;

export const asWritten = (schema: Schema, value: unknown): unknown => write(within(schema), value);

/** `schemas`: all that may describe the value. */
const write = (schemas: readonly Schema[], value: unknown): unknown => {
  if (value === null || value === Infinity) return 'none';
  if (typeof value === 'number')
    return schemas.map((schema) => writtenBy(schema, value)).find((text) => text !== null) ?? value;
  if (Array.isArray(value)) return list(schemas, value);
  if (typeof value !== 'object' || value === undefined) return value;
  const { name, options, kind, ...rest } = value as Readonly<Record<string, unknown>>;
  if (typeof name === 'string' && typeof options === 'object')
    return { name, options: write(under(schemas, name), options) };
  const law = typeof kind === 'string' ? under(schemas, kind) : [];
  if (law.length > 0) return { kind, ...(write(law, rest) as object) };
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => [key, write(under(schemas, key), below)]),
  );
};

const list = (schemas: readonly Schema[], values: readonly unknown[]): unknown => {
  const elements = schemas.flatMap((schema) =>
    schema instanceof z.ZodArray ? within(schema.element) : [],
  );
  return values.map((value) => write(elements, value));
};

/** What describes the value of a key, by those of the schemas that are maps with such a key. */
const under = (schemas: readonly Schema[], key: string): readonly Schema[] =>
  schemas.flatMap((schema) => {
    const shape: Shape = schema instanceof z.ZodObject ? schema.shape : {};
    const below = Object.hasOwn(shape, key) ? shape[key] : undefined;
    return below === undefined ? [] : within(below);
  });

/** The schema and what it wraps: behind defaults, before a transformation, in each branch of a union. */
const within = (schema: Schema): readonly Schema[] => {
  const plain = writtenAs(schema)?.schema;
  if (plain !== undefined) return within(plain);
  const { in: before, innerType, options = [] } = schema._zod.def as Wrapper;
  const wrapped = [before, innerType, ...options];
  return [schema, ...wrapped.flatMap((inner) => (inner === undefined ? [] : within(inner)))];
};

/** Where zod's pipes, defaults and unions keep what they wrap. */
interface Wrapper {
  readonly in?: Schema;
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
}
