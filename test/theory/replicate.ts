/** A worker thread's part: one replication of one experiment, found again from its place in the file of references. */
import { experimentsOf } from './families/index.ts';
import type { Figures } from './figures.ts';
import { readReferences, type Entry } from './references.ts';

export interface Replication {
  readonly file: string;
  /** Index of the entry in the file. */
  readonly entry: number;
  /** Index among the entry's experiments. */
  readonly experiment: number;
  readonly length: number;
  readonly seed: number;
}

let opened: { readonly file: string; readonly entries: readonly Entry[] } | null = null;

export default ({ file, entry, experiment, length, seed }: Replication): Figures => {
  if (opened?.file !== file) opened = { file, entries: readReferences(file) };
  return experimentsOf(opened.entries[entry]!)[experiment]!.replicate(length, seed);
};
