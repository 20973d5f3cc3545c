/**
 * Places for labels among what is drawn. A label belongs beside its own mark and over nobody else's; where there is no
 * room, it moves outwards and a thin line leads back. Greedy, in the order given: with the handful of labels that a
 * chart carries, nothing cleverer is needed.
 */
import { LINE, widthOf } from './labels.ts';

/** In units of the drawing, y downwards. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** Something a label should not lie on; the heavier, the less. */
export interface Obstacle extends Box {
  readonly weight: number;
}

export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface Placed extends Box {
  /** From the mark to the label; null where the label stands beside its mark. */
  readonly leader: Box | null;
}

/** Of candidates in order of preference, the one that covers least; the first of equals. */
export const freest = <Candidate extends Box>(
  candidates: readonly [Candidate, ...Candidate[]],
  obstacles: readonly Obstacle[],
  cost: (candidate: Candidate) => number = () => 0,
): Candidate => {
  const costs = candidates.map(
    (candidate) =>
      cost(candidate) +
      obstacles.reduce((sum, obstacle) => sum + obstacle.weight * shared(candidate, obstacle), 0),
  );
  return candidates[costs.indexOf(Math.min(...costs))] ?? candidates[0];
};

/** One place a mark, in bold type, within the drawing area. `room`: half the size of a mark, and the gap beside it. */
export const placeLabels = (
  marks: readonly Mark[],
  obstacles: readonly Obstacle[],
  area: { readonly width: number; readonly height: number },
  room: number,
): readonly Placed[] => {
  const taken = [...obstacles];
  return marks.map((mark) => {
    const [first, ...others] = around(mark, room);
    const outside = ({ x, y, x2, y2 }: Box): number =>
      Math.max(0, -x, -y, x2 - area.width, y2 - area.height) * OUTSIDE;
    const place = freest([first, ...others], taken, (box) => box.far * FAR + outside(box));
    const { x, y, x2, y2 } = place;
    taken.push({ x, y, x2, y2, weight: OVER_LABEL });
    return { x, y, x2, y2, leader: place.far < LED ? null : leaderOf(mark, place, room) };
  });
};

const OUTSIDE = 1e4;
const OVER_LABEL = 30;
/** What a unit of distance costs, in square units of covered things. */
const FAR = 3;
/** Units from its mark beyond which a label needs a line. */
const LED = 8;

interface Candidate extends Box {
  readonly far: number;
}

/** Right, left, above, below and the corners, then the same further out. */
const around = ({ x, y, text }: Mark, room: number): readonly [Candidate, ...Candidate[]] => {
  const width = widthOf(text, true);
  const box = (left: number, middle: number, far: number): Candidate => ({
    x: left,
    y: middle - LINE / 2,
    x2: left + width,
    y2: middle + LINE / 2,
    far,
  });
  const ring = (far: number): Candidate[] => {
    const [right, left] = [x + room + far, x - room - far - width];
    const [above, below] = [y - room - LINE / 2 - far, y + room + LINE / 2 + far];
    return [
      box(right, y, far),
      box(left, y, far),
      ...[above, below].flatMap((middle) => [
        box(x - width / 2, middle, far + 1),
        box(x + BESIDE + far, middle, far + 2),
        box(x - BESIDE - far - width, middle, far + 2),
      ]),
    ];
  };
  return [box(x + room, y, 0), ...RINGS.flatMap(ring)];
};
/** A corner lies beside the mark's own bar and not on it. */
const BESIDE = 4;
const RINGS = [0, 12, 24, 38, 54, 72, 92];

/** From the rim of the mark to the nearest point of the label. */
const leaderOf = (mark: Mark, box: Box, room: number): Box => {
  const [x2, y2] = [
    Math.min(Math.max(mark.x, box.x), box.x2),
    Math.min(Math.max(mark.y, box.y + 2), box.y2 - 2),
  ];
  const length = Math.hypot(x2 - mark.x, y2 - mark.y) || 1;
  const rim = Math.min(room * 0.6, length) / length;
  return { x: mark.x + (x2 - mark.x) * rim, y: mark.y + (y2 - mark.y) * rim, x2, y2 };
};

/** Square units that both cover; a line counts as one unit thick. */
const shared = (a: Box, b: Box): number => {
  const across = Math.min(a.x2, b.x2) - Math.max(a.x, b.x);
  const down = Math.min(a.y2, b.y2) - Math.max(a.y, b.y);
  return across < 0 || down < 0 ? 0 : Math.max(across, 1) * Math.max(down, 1);
};

/** A curve through these points, as boxes small enough to lie on it. */
export const alongCurve = (
  points: readonly { readonly x: number; readonly y: number }[],
  weight: number,
): readonly Obstacle[] =>
  points.slice(1).flatMap((to, index) => {
    const from = points[index] ?? to;
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / STEP));
    return Array.from({ length: steps }, (_, step): Obstacle => {
      const [x, y] = [
        from.x + ((to.x - from.x) * (step + 0.5)) / steps,
        from.y + ((to.y - from.y) * (step + 0.5)) / steps,
      ];
      return { x: x - 1, y: y - 1, x2: x + 1, y2: y + 1, weight };
    });
  });
const STEP = 4;
