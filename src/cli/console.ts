/**
 * The two streams: results go to stdout, so that they can be piped; everything else (what is going on, warnings,
 * mistakes) to stderr. Colour only on a terminal that has it and without NO_COLOR (no-color.org); a reader who closes the
 * pipe early, as `head` does, ends nothing and is told nothing.
 */
import { painter, plain, type Paint } from '../report/terminal.ts';

/** Columns of a page that is not a terminal. */
const PAGE_WIDTH = 100;

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
}

/** Prints to stdout; a line end is added. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Tells something about the work on stderr; a line end is added. */
export const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** A remark on stderr that the reader should not miss. */
export const warn = (text: string): void =>
  tell(painterFor(process.stderr)('yellow', `! ${plain(text)}`));

/** Columns of the terminal; elsewhere what COLUMNS asks for, or a page. */
export const widthOf = (stream: Stream): number => {
  const wanted = stream.isTTY === true ? stream.columns : Number(process.env['COLUMNS']);
  return wanted !== undefined && wanted > 0 ? wanted : PAGE_WIDTH;
};

export const hasColor = (stream: Stream): boolean =>
  isScreen(stream) && (process.env['NO_COLOR'] ?? '') === '' && stream.hasColors?.() === true;

/** A terminal on which a line can be drawn over. */
export const isScreen = (stream: Stream): boolean =>
  stream.isTTY === true && process.env['TERM'] !== 'dumb';

export const painterFor = (stream: Stream): Paint => painter(hasColor(stream));

/** Keeps a closed pipe from being an error. */
export const tolerateClosedPipes = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
};
