/** What happens inside an event waits its turn. */
import { expect, test } from 'vitest';
import { Turns } from '../../src/live/gateway/turns.ts';

test('events that happen inside another come after it, in their order', () => {
  const turns = new Turns();
  const seen: string[] = [];
  turns.take(() => {
    turns.take(() => {
      turns.take(() => seen.push('inmost'));
      seen.push('inner');
    });
    turns.take(() => seen.push('second'));
    seen.push('outer');
  });
  expect(seen).toEqual(['outer', 'inner', 'second', 'inmost']);
});

test('an event that throws does not block those after it', () => {
  const turns = new Turns();
  expect(() =>
    turns.take(() => {
      throw new Error('thrown');
    }),
  ).toThrow('thrown');
  const seen: string[] = [];
  turns.take(() => seen.push('heard'));
  expect(seen).toEqual(['heard']);
});
