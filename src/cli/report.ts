/** `report FILE...`: draws HTML, Markdown and CSV anew from results files, beside each or where `--out` says. */
import { basename } from 'node:path';
import { ScenarioError } from '../core/scenario-error.ts';
import { print } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { expectWritable, isFolder, readText, writeWhole } from './files.ts';
import { openFile } from './open-file.ts';
import { drawReport, placeFor, withoutExtension } from './report-files.ts';
import { parseResults } from './results-json.ts';

export interface ReportOptions {
  readonly out?: string;
  readonly open?: boolean;
}

export const report = async (
  files: readonly string[],
  options: ReportOptions,
): Promise<ExitCode> => {
  const places = files.map((file) => placeOf(file, files.length, options.out));
  const all = files.map((file) => parseResults(file, readText(file)));
  places.forEach((place) => expectWritable(`${place}.html`));
  for (const [index, results] of all.entries()) {
    const drawn = await drawReport(results, places[index]!);
    writeWhole(drawn);
    print(drawn.map(({ file }) => file).join('\n'));
  }
  if (options.open === true) places.forEach((place) => openFile(`${place}.html`));
  return EXIT.done;
};

const placeOf = (file: string, many: number, out: string | undefined): string => {
  if (out === undefined) return withoutExtension(file);
  if (many > 1 && !isFolder(out) && !/[/\\]$/.test(out)) {
    const message = `with ${many} results files; allowed: a folder, written with a slash at its end`;
    throw new ScenarioError(message, { file: `--out ${out}` });
  }
  return placeFor(out, '.', withoutExtension(basename(file)));
};
