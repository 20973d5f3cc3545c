import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fittedApart, widthOf } from '../../../src/report/charts/labels.ts';
import { alongCurve, freest, placeLabels } from '../../../src/report/charts/place-labels.ts';

const AREA = { width: 390, height: 270 };

const crosses = (
  a: { x: number; x2: number; y: number; y2: number },
  b: { x: number; x2: number; y: number; y2: number },
): boolean => a.x < b.x2 && b.x < a.x2 && a.y < b.y2 && b.y < a.y2;

test('a label alone stands to the right of its mark, without a line', () => {
  const [label] = placeLabels([{ x: 100, y: 100, text: 'alone' }], [], AREA, 8);
  expect(label).toMatchObject({ x: 108, leader: null });
});

test('a label at the right edge stands to the left of its mark', () => {
  const [label] = placeLabels([{ x: 385, y: 100, text: 'at the edge' }], [], AREA, 8);
  expect(label!.x2).toBeLessThanOrEqual(385);
});

test('labels stay inside, off each other and off all dots, and moved ones have a line', () => {
  const mark = fc.record({
    x: fc.integer({ min: 10, max: 380 }),
    y: fc.integer({ min: 10, max: 260 }),
    text: fc.constantFrom('one', 'counter breaker', 'least-connections'),
  });
  fc.assert(
    fc.property(fc.array(mark, { minLength: 1, maxLength: 5 }), (marks) => {
      const dots = marks.map(({ x, y }) => ({
        ...{ x: x - 5, x2: x + 5, y: y - 5, y2: y + 5 },
        weight: 20,
      }));
      const labels = placeLabels(marks, dots, AREA, 8);
      for (const [index, label] of labels.entries()) {
        expect(label.x).toBeGreaterThanOrEqual(0);
        expect(label.x2).toBeLessThanOrEqual(AREA.width);
        expect(dots.some((dot) => crosses(dot, label))).toBe(false);
        expect(labels.slice(0, index).some((other) => crosses(other, label))).toBe(false);
      }
    }),
    { seed: 1 },
  );
});

test('of places along a line the one without curves is taken', () => {
  const curve = alongCurve(
    [
      { x: 0, y: 10 },
      { x: 100, y: 10 },
    ],
    1,
  );
  const box = (x: number) => ({ x, x2: x + 40, y: 0, y2: 20 });
  expect(freest([box(10), box(50), box(120)], curve)).toEqual(box(120));
});

test('what names that are too long begin with alike is cut first', () => {
  const names = ['the reference', 'reference, panic and retries', 'reference, scaled by an hpa'];
  const cut = fittedApart(names, 150);
  expect(cut).toEqual(['the reference', '…panic and retries', '…scaled by an hpa']);
  for (const name of cut) expect(widthOf(name)).toBeLessThanOrEqual(150);
});
