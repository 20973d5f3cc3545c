/**
 * "Did you mean": the nearest allowed word to a mistyped one, by optimal string alignment (Damerau-Levenshtein with
 * adjacent transpositions: Damerau 1964, Levenshtein 1966), since swapped letters are the commonest slip.
 */
import { orAllowed } from '../core/units.ts';

/** `unknown key; did you mean \`failures\`? Allowed: failures, recovery`; `elsewhere` is where this very key belongs. */
export const unknownKey = (
  key: string,
  allowed: readonly string[],
  elsewhere: string | null = null,
): string =>
  elsewhere === null
    ? `unknown key${didYouMean(key, allowed)}`
    : `unknown key here${orAllowed(allowed.join(', '), elsewhere)}`;

/** `unknown breaker \`countr\`; did you mean \`counter\`? Allowed: none, counter`; `otherwise` is meant when no name is near. */
export const unknownName = (
  noun: string,
  name: string,
  allowed: readonly string[],
  otherwise: string | null = null,
): string => `unknown ${noun} \`${name}\`${didYouMean(name, allowed, otherwise)}`;

/**
 * The allowed word within a third of its length in edits, else the first that holds it, letter case and hyphens aside
 * (`p99` in `latencyMsP99`); null when nothing is near.
 */
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
  return best ?? allowed.find((candidate) => holds(candidate, word)) ?? null;
};

/** Shorter words are in too many. */
const FEWEST_LETTERS = 3;

const holds = (candidate: string, word: string): boolean => {
  const [whole, part] = [candidate, word].map((text) => text.toLowerCase().replace(/[-_]/g, ''));
  return word.length >= FEWEST_LETTERS && whole!.includes(part!);
};

/** `; did you mean \`x\`? Allowed: x, y`, or `; allowed: x, y` where nothing is near. */
export const didYouMean = (
  word: string,
  allowed: readonly string[],
  otherwise: string | null = null,
): string =>
  orAllowed(
    allowed.length === 0 ? 'nothing' : allowed.join(', '),
    (word.length > 80 ? null : nearest(word, allowed)) ?? otherwise,
  );

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
