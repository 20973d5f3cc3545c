/**
 * Text for terminals: widths in columns, wrapping, padding and colour. Control characters are dropped, so that a name in
 * a scenario cannot move the cursor or recolour the screen.
 */
export type Tint = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

const CODES: Readonly<Record<Tint, number>> = { bold: 1, dim: 2, green: 32, red: 31, yellow: 33 };

export type Paint = (tint: Tint, text: string) => string;

export const painter =
  (color: boolean): Paint =>
  (tint, text) =>
    color && text !== '' ? `\u001B[${CODES[tint]}m${text}\u001B[0m` : text;

/** One line, without characters that move the cursor, change colours, or turn the direction of what follows. */
export const plain = (text: string): string =>
  text
    .replace(/[^\S\u00A0]+/g, ' ')
    .replace(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .trim();

/** Columns a text takes: two for East Asian wide characters and emoji, none for combining marks. */
export const columns = (text: string): number =>
  [...text].reduce(
    (sum, letter) => sum + (COMBINING.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1),
    0,
  );

export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - columns(text)));
export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - columns(text))) + text;

/** Cut to so many columns, with an ellipsis. */
export const fit = (text: string, width: number): string => {
  if (columns(text) <= width) return text;
  let kept = '';
  for (const letter of text) {
    if (columns(kept) + columns(letter) > width - 1) break;
    kept += letter;
  }
  return `${kept}…`;
};

/** Cut to so many columns in its middle; `head`: the share of what is kept that is its beginning. */
export const fitMiddle = (text: string, width: number, head: number): string => {
  if (columns(text) <= width) return text;
  const left = Math.ceil((width - 1) * head);
  const start = kept([...text], left);
  const end = kept([...text].reverse(), width - 1 - left);
  return `${start.join('')}…${end.reverse().join('')}`;
};

/** As many of the first letters as take no more columns. */
const kept = (letters: readonly string[], room: number): string[] => {
  let used = 0;
  const over = letters.findIndex((letter) => (used += columns(letter)) > room);
  return letters.slice(0, over < 0 ? letters.length : over);
};

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  readonly tint?: Tint | undefined;
}

/** Prose in one tint, as lines. */
export const paragraph = (text: string, width: number, paint: Paint, tint: Tint): string[] =>
  wrap(text, width).map((line) => paint(tint, line));

/**
 * Lines of at most `width` columns, broken at spaces (not at no-break ones, nor between a figure and its per cent), or inside a word that is longer than a line.
 */
export const wrap = (text: string, width: number, indent = ''): string[] => {
  const lines: string[] = [];
  let line = '';
  const room = width - columns(indent);
  for (const word of plain(text)
    .split(BREAK)
    .flatMap((whole) => chop(whole, room))) {
    if (line !== '' && columns(line) + 1 + columns(word) > room) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
};

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const BREAK = / (?!%)/;
const COMBINING = /\p{Mark}/u;

const chop = (word: string, room: number): string[] => {
  const parts: string[] = [];
  let part = '';
  for (const letter of word) {
    if (columns(part) + columns(letter) > room) {
      parts.push(part);
      part = '';
    }
    part += letter;
  }
  return [...parts, part];
};
