/**
 * Texts in drawings: how wide they are, and how they are cut. No font is at hand when a drawing is made, so widths are
 * those of DejaVu Sans, the widest a reader is likely to have: what fits in it fits in any other.
 */

/** Size of all text in a drawing, in its units: 9 pixels on a phone 390 pixels wide, where 470 units fill the column. */
export const FONT = 12;
/** Height of a line of text. */
export const LINE = 14;

/** In units, at size `FONT`; bold letters are about a tenth wider. */
export const widthOf = (text: string, bold = false): number => {
  const ems = [...text].reduce((sum, letter) => sum + widthOfLetter(letter), 0);
  return ems * FONT * (bold ? 1.1 : 1);
};

/** The text, cut as little as it takes to fit in so many units; empty where not even four letters would stay. */
export const fitted = (text: string, room: number, bold = false): string => {
  if (widthOf(text, bold) <= room) return text;
  for (let characters = [...text].length - 1; characters >= LEAST; characters--) {
    const cut = shorten(text, characters);
    if (widthOf(cut, bold) <= room) return cut;
  }
  return '';
};
const LEAST = 4;

/** A text cut to so many characters, in its middle, since names that start alike differ at the end. */
export const shorten = (text: string, characters: number): string => {
  const letters = [...text];
  if (letters.length <= characters) return text;
  const head = Math.ceil((characters - 1) * 0.6);
  const tail = letters.length - (characters - 1 - head);
  return `${letters.slice(0, head).join('')}…${letters.slice(tail).join('')}`;
};

/**
 * Texts that stand below each other, each cut to fit. What those that are too long begin with alike tells nobody
 * apart, so that goes first: `reference, panic and retries` becomes `…panic and retries`.
 */
export const fittedApart = (texts: readonly string[], room: number): readonly string[] => {
  const long = [...new Set(texts.filter((text) => widthOf(text) > room))];
  const shared = long.length > 1 ? long.reduce(commonStart) : '';
  const start = shared.slice(0, shared.search(/[^\s,;:·]*$/));
  return texts.map((text) =>
    start.length > 3 && long.includes(text)
      ? fitted(`…${text.slice(start.length)}`, room)
      : fitted(text, room),
  );
};

const commonStart = (a: string, b: string): string => {
  const end = [...a].findIndex((letter, index) => letter !== [...b][index]);
  return end < 0 ? a : [...a].slice(0, end).join('');
};

const widthOfLetter = (letter: string): number => {
  if (" .,:;|!'ijlI·".includes(letter)) return 0.33;
  if ('frt()[]/-'.includes(letter)) return 0.42;
  if ('mwMW%@—…≤≥→+−='.includes(letter)) return 0.9;
  return letter > '⺀' ? 1 : letter >= 'A' && letter <= 'Z' ? 0.7 : 0.62;
};
