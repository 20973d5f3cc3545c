/**
 * "Did you mean": the nearest allowed word to a mistyped one, by optimal string alignment (Damerau-Levenshtein with
 * adjacent transpositions: Damerau 1964, Levenshtein 1966), since swapped letters are the commonest slip.
 */

/** `unknown key; did you mean \`failures\`? Allowed: failures, recovery` */
export const unknownKey = (key: string, allowed: readonly string[]): string =>
  `unknown key${didYouMean(key, allowed)}`;

/** `unknown breaker \`countr\`; did you mean \`counter\`? Allowed: none, counter` */
export const unknownName = (noun: string, name: string, allowed: readonly string[]): string =>
  `unknown ${noun} \`${name}\`${didYouMean(name, allowed)}`;

/** The allowed word within a third of its length in edits, letter case aside; null when nothing is near. */
export const nearest = (word: string, allowed: readonly string[]): string | null => {
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of allowed) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const limit = Math.max(1, Math.floor(candidate.length / 3));
    if (distance <= limit && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
};

/** `; did you mean \`x\`? Allowed: x, y`, or `; allowed: x, y` where nothing is near. */
export const didYouMean = (word: string, allowed: readonly string[]): string => {
  const meant = word.length > 80 ? null : nearest(word, allowed);
  const list = allowed.length === 0 ? 'nothing' : allowed.join(', ');
  return meant === null ? `; allowed: ${list}` : `; did you mean \`${meant}\`? Allowed: ${list}`;
};

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. */
export const editDistance = (a: string, b: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (last[column] ?? Infinity) + 1,
        (current[column - 1] ?? Infinity) + 1,
        (last[column - 1] ?? Infinity) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? Infinity) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
};
