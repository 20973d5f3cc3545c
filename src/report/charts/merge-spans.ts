/**
 * Spans of a strip, few enough to draw. A breaker that opens and half-opens a thousand times has more spans than the page
 * has pixels; cutting the list would make the server look gone, so spans that nobody could see are merged with their
 * neighbours, and the state that held longest stands for them. The strip always reaches its real end.
 */
import type { Strip, StripState } from '../../results/results.ts';

type Span = Strip['spans'][number];

export interface DrawnSpan extends Span {
  /** Changes of state that are no longer seen in it. */
  readonly merged: number;
}

/**
 * At most `most` spans, as fine as that allows but none finer than `pixel`, ms, where any are merged at all. A strip of
 * few spans stays as it is, slivers included: a half-open breaker decides within milliseconds, and that is worth seeing.
 */
export const mergeSpans = (spans: readonly Span[], most: number, pixel: number): DrawnSpan[] => {
  let drawn: DrawnSpan[] = spans.map((span) => ({ ...span, merged: 0 }));
  for (let width = pixel; drawn.length > most; width *= 2) drawn = mergedTo(spans, width);
  return drawn;
};

/** Groups of neighbours, each closed as soon as it is `width` long; what is left at the end joins the last. */
const mergedTo = (spans: readonly Span[], width: number): DrawnSpan[] => {
  const groups: Span[][] = [];
  let open: Span[] = [];
  for (const span of spans) {
    open.push(span);
    if (lengthOf(open) < width) continue;
    groups.push(open);
    open = [];
  }
  const last = groups.pop() ?? [];
  const drawn = [...groups, [...last, ...open]].map(oneOf);
  return drawn.reduce<DrawnSpan[]>(joined, []);
};

const lengthOf = (group: readonly Span[]): number =>
  (group.at(-1)?.to ?? 0) - (group[0]?.from ?? 0);

/** The whole group in the state that held longest in it. */
const oneOf = (group: readonly Span[]): DrawnSpan => {
  const held = new Map<StripState, number>();
  for (const { state, from, to } of group) held.set(state, (held.get(state) ?? 0) + to - from);
  const [state] = [...held].reduce((longest, next) => (next[1] > longest[1] ? next : longest));
  const [from, to] = [group[0]?.from ?? 0, group.at(-1)?.to ?? 0];
  return { from, to, state, merged: group.length - 1 };
};

/** Groups in the same state are one span; the border between them was a change, or none was there to see. */
const joined = (before: DrawnSpan[], next: DrawnSpan): DrawnSpan[] => {
  const last = before.at(-1);
  if (last?.state !== next.state) return [...before, next];
  const merged = last.merged + next.merged + 1;
  return [...before.slice(0, -1), { ...last, to: next.to, merged }];
};
