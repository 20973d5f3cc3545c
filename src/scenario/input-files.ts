/**
 * The files a scenario names, read once each through the reader it was handed, and the numbers taken from them, which
 * become the run's `Inputs`. Paths are relative to the scenario.
 */
import { ScenarioError, type Place } from '../core/scenario-error.ts';
import type { FileColumn } from './file-column.ts';
import type { Inputs } from './scenario.ts';
import { readCounts, readSamples, readTimestamps, sha256, type ColumnText } from './trace-file.ts';

export type ReadFile = (path: string) => string;

/** What a column is read for. */
type Use = 'timestamps' | 'counts per interval' | 'durations' | 'counts';

export interface InputFile {
  /** Key in `Inputs`: the path as written, and the column if one was. */
  readonly file: string;
  readonly sha256: string;
}

export class InputFiles {
  readonly warnings: string[] = [];
  readonly #scenario: string;
  readonly #readFile: ReadFile;
  readonly #texts = new Map<string, string>();
  readonly #columns = new Map<string, { readonly how: string; readonly values: Float64Array }>();

  constructor(scenario: string, readFile: ReadFile) {
    this.#scenario = scenario;
    this.#readFile = readFile;
  }

  get inputs(): Inputs {
    return Object.fromEntries([...this.#columns].map(([key, { values }]) => [key, values]));
  }

  /** Reads a column; throws ScenarioError, at `wish` for the file itself and in the file for its content. */
  read(from: FileColumn, use: Use, wish: Place): InputFile {
    const text = this.text(from.file, wish);
    const key = from.column === undefined ? from.file : `${from.file}#${from.column}`;
    const how = `${use}, ${from.unit ?? 'no unit'}`;
    const known = this.#columns.get(key);
    if (known === undefined) {
      const values = this.#values({ ...from, text, wish }, use);
      this.#columns.set(key, { how, values });
    } else if (known.how !== how) {
      const message = `${key} is already read as ${known.how}; allowed: one way to read a column`;
      throw new ScenarioError(message, wish);
    }
    return { file: key, sha256: sha256(text) };
  }

  /** A whole file; throws ScenarioError at `wish`. */
  text(file: string, wish: Place): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const path = relativeTo(this.#scenario, file);
    try {
      const text = this.#readFile(path);
      this.#texts.set(file, text);
      return text;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ScenarioError(`\`${file}\` cannot be read: ${why}`, wish);
    }
  }

  #values(from: ColumnText, use: Use): Float64Array {
    switch (use) {
      case 'timestamps':
        return readTimestamps(from, (warning) => this.warnings.push(warning));
      case 'counts per interval':
        return readCounts(from);
      case 'durations':
      case 'counts':
        return readSamples(from, use);
    }
  }
}

/** `file` as seen from where the scenario lies; an absolute path stays. Both slashes count, so Windows paths work. */
export const relativeTo = (scenario: string, file: string): string => {
  if (/^(?:[/\\]|[A-Za-z]:[/\\])/.test(file)) return file;
  const folder = /^.*[/\\]/.exec(scenario)?.[0] ?? '';
  return `${folder}${file.replace(/^(?:\.[/\\])+/, '')}`;
};
