import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  formatDuration,
  formatRate,
  formatShare,
  NEVER,
  orNone,
  parseDuration,
  parseFactor,
  parseRate,
  parseShare,
  zCount,
  zDuration,
  zFactor,
  zNumber,
  zRate,
  zShare,
} from '../../src/core/units.ts';

describe('quantities', () => {
  it.each([
    ['250us', 0.25],
    ['10ms', 10],
    ['2s', 2000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['0', 0],
    [0, 0],
  ])('a duration of %s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('read rates a second, shares of one and plain factors', () => {
    expect([parseRate('120/s'), parseRate('30/m'), parseRate('1800/h')]).toEqual([120, 0.5, 0.5]);
    expect([parseShare('50%'), parseShare('0.1%'), parseShare(0)]).toEqual([0.5, 0.001, 0]);
    expect(parseFactor('2.5x')).toBe(2.5);
  });

  it('read 1/3 of a second for 20/m as exactly as 20 / 60', () => {
    expect(parseRate('20/m')).toBe(20 / 60);
  });

  it.each(['30', 30, '-5s', '5 s', '5sec', '1e3s', 'soon', '', NaN, Infinity, '1:30', '٣s'])(
    'refuse %s as a duration',
    (text) => {
      expect(() => parseDuration(text)).toThrow(/allowed: a duration such as 250us/i);
    },
  );

  it.each([
    ['5 min', '5m'],
    ['5Sec', '5s'],
    ['1.5 S', '1.5s'],
  ])('that are written otherwise get a hint: %s is perhaps %s', (text, meant) => {
    expect(() => parseDuration(text)).toThrow(`did you mean \`${meant}\`? Allowed: a duration`);
  });

  it('are written in the shortest exact way', () => {
    expect([90_000, 1500, 0.25, 300_000, 3_600_000, 0].map(formatDuration)).toEqual([
      '90s',
      '1.5s',
      '250us',
      '5m',
      '1h',
      '0',
    ]);
    expect(formatDuration(NEVER)).toBe('never');
    expect([120, 0.5, 5 / 3600].map(formatRate)).toEqual(['120/s', '30/m', '5/h']);
    expect(formatShare(0.001)).toBe('0.1%');
  });

  it('come back from their own writing', () => {
    const micros = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(micros, (us) => {
        expect(parseDuration(formatDuration(us / 1000))).toBeCloseTo(us / 1000, 3);
      }),
    );
  });
});

describe('fields', () => {
  const messages = (schema: z.ZodType, value: unknown): readonly string[] =>
    schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

  it('turn what is written into the number inside', () => {
    const options = z.strictObject({
      recovery: zDuration().prefault('30s'),
      rate: zRate(),
      share: zShare(),
      slower: zFactor(),
      failures: zCount({ min: 1 }).prefault(5),
      weight: zNumber({ exclusiveMin: 0 }),
      timeout: orNone(zDuration()).prefault('none'),
    });
    expect(options.parse({ rate: '30/m', share: '5%', slower: '2x', weight: 0.5 })).toEqual({
      recovery: 30_000,
      rate: 0.5,
      share: 0.05,
      slower: 2,
      failures: 5,
      weight: 0.5,
      timeout: null,
    });
  });

  it.each<[string, z.ZodType, unknown, RegExp]>([
    ['a bare number', zDuration(), 30, /got `30`.*a number without a unit is refused/],
    ['a bare number in quotes', zDuration(), '30', /got `"30"`.*without a unit is refused/],
    ['a negative', zRate(), '-5/s', /got `-5\/s`.*a negative value is refused/],
    ['zero where there must be some', zDuration({ positive: true }), '0s', /above 0/],
    ['more than all', zShare(), '120%', /at most 100%/],
    ['a century', zDuration(), '9999999h', /at most 876000h/],
    ['NaN', zFactor(), NaN, /got `NaN`/],
    ['infinity', zNumber(), Infinity, /got `Infinity`/],
    ['a fraction of a thing', zCount(), 1.5, /got `1.5`; allowed: a whole number from 0/],
    ['a number as text', zCount(), '3', /got `"3"`; allowed: a whole number/],
    ['a number below its range', zNumber({ exclusiveMin: 1 }), 1, /above 1/],
    ['something else than none', orNone(zRate()), 'never', /a rate such as .*, or none/],
    ['nothing', zDuration(), null, /got nothing/],
    ['a map', zDuration(), {}, /got a map/],
  ])('refuse %s and say what is allowed', (_, schema, value, message) => {
    const [first, ...rest] = messages(schema, value);
    expect(first).toMatch(message);
    expect(rest).toEqual([]);
  });

  it('say in JSON Schema what may be written', () => {
    const json = z.toJSONSchema(zDuration().prefault('30s'), { io: 'input' });
    expect(json).toMatchObject({ default: '30s' });
    expect(JSON.stringify(json)).toContain('a duration such as 250us');
  });
});
