/** A journal on disk, written as the run goes; what was written is there even if the process dies. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { END_LINE, headLine, type JournalHead } from '../live/journal.ts';
import { expectWritable } from './files.ts';

export interface JournalFile {
  write(line: string): void;
  /** Writes the last line; resolves when all is on disk. */
  close(): Promise<void>;
}

/** Throws ScenarioError if it could not be written. */
export const openJournal = (file: string, head: JournalHead): JournalFile => {
  expectWritable(file);
  mkdirSync(dirname(file), { recursive: true });
  const stream = createWriteStream(file);
  stream.on('error', (error) => {
    throw error;
  });
  const write = (line: string): void => void stream.write(`${line}\n`);
  write(headLine(head));
  return {
    write,
    close: () =>
      new Promise((resolve) => {
        write(END_LINE);
        stream.end(resolve);
      }),
  };
};
