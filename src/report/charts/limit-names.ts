/** Names of limits that lie across a chart as lines: each above or below its line, where the fewest curves pass. */
import type { Layer } from './chart.ts';
import { LINE, widthOf } from './labels.ts';
import { alongCurve, freest, type Box, type Obstacle } from './place-labels.ts';

/** In units of the drawing, y downwards. */
interface Place {
  readonly x: number;
  readonly y: number;
}

const NAME = {
  type: 'text',
  align: 'left',
  baseline: 'middle',
  color: 'var(--slo)',
  fontWeight: 600,
} as const;
/** Behind each name, so that what it must lie on does not strike it through. */
const HALO = { stroke: 'var(--paper)', strokeWidth: 4, strokeJoin: 'round' };
const EDGE = 6;
const STEP = 12;

export const limitNames = (
  limits: readonly { readonly text: string; readonly y: number }[],
  curves: readonly (readonly Place[])[],
  area: { readonly width: number; readonly height: number },
): readonly Layer[] => {
  const taken: Obstacle[] = curves.flatMap((curve) => alongCurve(curve, 1));
  const names = limits.map(({ text, y }) => {
    const [first, ...others] = placesOf(widthOf(text, true), y, area);
    const place = freest([first, ...others], taken);
    taken.push({ ...place, weight: 30 });
    return { text, x: place.x, y: (place.y + place.y2) / 2 };
  });
  return [HALO, {}].flatMap((look) =>
    names.map(({ text, x, y }): Layer => ({
      data: { values: [{ text }] },
      mark: { ...NAME, x, y, ...look },
      encoding: { text: { field: 'text' } },
    })),
  );
};

/** Above the line from left to right, then below it, within the chart. */
const placesOf = (
  width: number,
  y: number,
  area: { readonly width: number; readonly height: number },
): readonly [Box, ...Box[]] => {
  const box = (left: number, top: number): Box => ({
    x: left,
    y: top,
    x2: left + width,
    y2: top + LINE,
  });
  const above = y - LINE - 2;
  const steps = Math.max(0, Math.floor((area.width - width - 2 * EDGE) / STEP));
  const lefts = Array.from({ length: steps + 1 }, (_, step) => EDGE + step * STEP);
  const tops = [above, y + 2].filter((top) => top >= -LINE && top + LINE <= area.height);
  return [box(EDGE, above), ...tops.flatMap((top) => lefts.map((left) => box(left, top)))];
};
