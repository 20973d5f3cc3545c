import { expect, test } from 'vitest';
import { synthesise } from '../../src/live/load/synthesise.ts';

const object = (properties: object, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});

const MADE: readonly (readonly [claim: string, schema: unknown, value: unknown])[] = [
  ['leaves optional properties out', object({ a: { type: 'string' } }, []), {}],
  ['needs no schema at all', {}, {}],
  ['takes a constant', object({ a: { const: 7 } }), { a: 7 }],
  [
    'prefers the default',
    object({ a: { type: 'string', default: 'x', enum: ['y', 'x'] } }),
    { a: 'x' },
  ],
  [
    'then the first example',
    object({ a: { type: 'string', examples: ['Paris'] } }),
    { a: 'Paris' },
  ],
  ['then the first of an enum', object({ a: { enum: ['celsius', 'kelvin'] } }), { a: 'celsius' }],
  [
    'fills texts to their least length',
    object({ a: { type: 'string', minLength: 12 } }),
    { a: 'windtunnelxx' },
  ],
  ['cuts texts to their greatest', object({ a: { type: 'string', maxLength: 4 } }), { a: 'wind' }],
  ['knows formats', object({ a: { type: 'string', format: 'date' } }), { a: '2026-01-01' }],
  [
    'finds a text for a simple pattern',
    object({ a: { type: 'string', pattern: '^[0-9]+$' } }),
    { a: '1' },
  ],
  ['says 1 where any number will do', object({ a: { type: 'number' } }), { a: 1 }],
  ['keeps to the minimum', object({ a: { type: 'integer', minimum: 5 } }), { a: 5 }],
  [
    'keeps above an exclusive minimum',
    object({ a: { type: 'integer', exclusiveMinimum: 5 } }),
    { a: 6 },
  ],
  ['keeps to the maximum', object({ a: { type: 'integer', maximum: -3 } }), { a: -3 }],
  [
    'keeps to multiples',
    object({ a: { type: 'integer', multipleOf: 10, minimum: 15 } }),
    { a: 20 },
  ],
  [
    'finds a number between two others',
    object({ a: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.5 } }),
    { a: 0.25 },
  ],
  ['is false rather than true', object({ a: { type: 'boolean' } }), { a: false }],
  ['leaves lists empty', object({ a: { type: 'array', items: { type: 'string' } } }), { a: [] }],
  [
    'fills lists to their least length',
    object({ a: { type: 'array', minItems: 2, items: { type: 'integer', minimum: 3 } } }),
    { a: [3, 3] },
  ],
  [
    'tells items apart that must differ',
    object({ a: { type: 'array', minItems: 2, uniqueItems: true, items: { type: 'string' } } }),
    { a: ['windtunnel', 'windtunnel1'] },
  ],
  ['goes into objects', object({ a: object({ b: { type: 'null' } }) }), { a: { b: null } }],
  [
    'takes the first alternative that can be had',
    object({ a: { anyOf: [{ type: 'string', pattern: '^\\d{3}-x$' }, { type: 'integer' }] } }),
    { a: 1 },
  ],
  ['prefers a value to null', object({ a: { type: ['null', 'integer'] } }), { a: 1 }],
  [
    'follows references',
    { ...object({ a: { $ref: '#/$defs/unit' } }), $defs: { unit: { enum: ['m'] } } },
    { a: 'm' },
  ],
  [
    'folds allOf together',
    { allOf: [object({ a: { const: 1 } }), object({ b: { const: 2 } })] },
    { a: 1, b: 2 },
  ],
  ['makes up what is required but not described', { type: 'object', required: ['a'] }, { a: {} }],
];

test.each(MADE)('%s', (_claim, schema, value) => {
  expect(synthesise(schema)).toEqual({ ok: true, value });
});

test('says where it gives up, and why', () => {
  const schema = object({
    filter: object({ since: { type: 'string', pattern: '^v\\d+\\.\\d+$' } }),
  });
  expect(synthesise(schema)).toEqual({
    ok: false,
    path: 'filter.since',
    why: String.raw`nothing was found that matches the pattern ^v\d+\.\d+$`,
  });
});

test('gives up on limits that leave nothing', () => {
  const schema = object({ a: { type: 'integer', minimum: 3, maximum: 2 } });
  expect(synthesise(schema)).toMatchObject({ ok: false, path: 'a' });
});

test('gives up on a schema that requires itself', () => {
  const schema = {
    $defs: { node: object({ next: { $ref: '#/$defs/node' } }) },
    $ref: '#/$defs/node',
  };
  expect(synthesise(schema)).toMatchObject({
    ok: false,
    why: 'its schema refers to itself without end',
  });
});

test('sets a property called __proto__ as any other', () => {
  const schema = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"const":1}},"required":["__proto__"]}',
  ) as unknown;
  const made = synthesise(schema);
  expect(made.ok && JSON.stringify(made.value)).toBe('{"__proto__":1}');
});
