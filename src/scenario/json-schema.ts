/**
 * scenario.schema.json from the zod source that also validates: editors complete and check scenarios by it. It is a
 * little more lenient than the loader (shares that add up, faults against servers), and it knows only the hyphened names.
 */
import { z } from 'zod';
import { writtenAs } from './choice.ts';
import { SCENARIO_SHAPE, SETUP } from './schema.ts';

type JsonSchema = Record<string, unknown>;

/** JSON Schema 2020-12 of what a person may write. */
export const scenarioJsonSchema = (): object => {
  const defs: JsonSchema = {};
  const schema = jsonOf(z.strictObject(SCENARIO_SHAPE), defs);
  const properties = schema['properties'] as Record<string, JsonSchema>;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Windtunnel scenario',
    ...schema,
    properties: {
      ...properties,
      contenders: { ...properties['contenders'], minProperties: 1, additionalProperties: CHANGES },
      matrix: { ...properties['matrix'], ...AXES },
    },
    $defs: defs,
  };
};

const refTo = (key: string): JsonSchema => ({ $ref: `#/properties/${key}` });

/** A path below a key. What may stand there only the loader knows. */
const DOTTED = '^[^.]+(\\.[^.]+)+$';
/** A contender may replace any of these whole; the loader says why not the others. */
const CHANGEABLE = Object.keys(SETUP).filter((key) => key !== 'traffic' && key !== 'faults');

const CHANGES: JsonSchema = {
  type: ['object', 'null'],
  properties: Object.fromEntries(CHANGEABLE.map((key) => [key, refTo(key)])),
  patternProperties: { [DOTTED]: {} },
  additionalProperties: false,
};

const axis = (items: JsonSchema): JsonSchema => ({ type: 'array', minItems: 1, items });

const AXES: JsonSchema = {
  minProperties: 1,
  properties: Object.fromEntries(CHANGEABLE.map((key) => [key, axis(refTo(key))])),
  patternProperties: { [DOTTED]: axis({}) },
  additionalProperties: false,
};

/** Hand-made checks are shown as the plain schema they stand for, the frequent ones by reference. */
const jsonOf = (schema: z.ZodType, defs: JsonSchema): JsonSchema => {
  const {
    $schema: _,
    $defs,
    ...json
  } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const as = writtenAs(zodSchema);
      if (as === undefined) return;
      const { id } = as;
      if (id === undefined) Object.assign(jsonSchema, jsonOf(as.schema, defs));
      else {
        // Before going into it, lest it contain itself.
        if (!(id in defs)) {
          defs[id] = {};
          defs[id] = jsonOf(as.schema, defs);
        }
        Object.assign(jsonSchema, { $ref: `#/$defs/${id}` });
      }
    },
  });
  Object.assign(defs, $defs);
  return json;
};
