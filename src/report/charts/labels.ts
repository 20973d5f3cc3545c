/**
 * Keeps the labels of points apart. Points lie where the data puts them; their labels may be moved up or down until
 * no two share a line. Greedy from the top: with the handful of labels a chart carries, nothing cleverer is needed.
 */

/** Vertical places in units of the drawing, each at least `gap` below the one before and within 0..`height`. */
export const spreadLabels = (
  wanted: readonly number[],
  gap: number,
  height: number,
): readonly number[] => {
  const order = wanted
    .map((_, index) => index)
    .sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const placed = [...wanted];
  let least = gap / 2;
  for (const index of order) {
    placed[index] = Math.max(wanted[index] ?? 0, least);
    least = placed[index] + gap;
  }
  let most = height - gap / 2;
  for (const index of order.toReversed()) {
    placed[index] = Math.min(placed[index] ?? 0, most);
    most = placed[index] - gap;
  }
  return placed;
};

/** A text cut to so many characters, in its middle, since names that start alike differ at the end. */
export const shorten = (text: string, characters: number): string => {
  const letters = [...text];
  if (letters.length <= characters) return text;
  const head = Math.ceil((characters - 1) * 0.6);
  const tail = letters.length - (characters - 1 - head);
  return `${letters.slice(0, head).join('')}…${letters.slice(tail).join('')}`;
};
