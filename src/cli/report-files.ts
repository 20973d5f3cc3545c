/** A report's files: HTML, Markdown and CSV are drawn from the results file, which is the one truth. */
import { basename, dirname, join } from 'node:path';
import { ScenarioError } from '../core/scenario-error.ts';
import { renderCsv } from '../report/csv.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Results } from '../results/results.ts';
import { isFolder, type FileToWrite } from './files.ts';

/**
 * Where a report goes: `--out DIR/NAME`, or DIR/ for the name it has anyway. The path has no extension, and one that was
 * given is dropped: `--out reports/x.html` means `reports/x`. Throws ScenarioError where that leaves no name.
 */
export const placeFor = (out: string | undefined, folder: string, name: string): string => {
  if (out === undefined) return join(folder, name);
  if (/[/\\]$/.test(out) || isFolder(out)) return join(out, name);
  const own = withoutExtension(basename(out));
  if (/^\s*\.{0,2}$/.test(own)) {
    const got = out.trim() === '' ? 'an empty path' : 'a path that ends without a name';
    const message = `got ${got}; allowed: FOLDER/NAME such as reports/${name}, or a folder such as reports/`;
    throw new ScenarioError(message, { file: `--out '${out}'` });
  }
  return join(dirname(out), own);
};

/** The files drawn from `results`, at `place` and the extension of each. */
export const drawReport = async (results: Results, place: string): Promise<FileToWrite[]> => {
  // Charts bring a large library along: loaded only when a report is drawn.
  const { renderHtml } = await import('../report/html.ts');
  return [
    { file: `${place}.html`, text: await renderHtml(results) },
    { file: `${place}.md`, text: renderMarkdown(results) },
    { file: `${place}.csv`, text: renderCsv(results) },
  ];
};

export const withoutExtension = (file: string): string =>
  file.replace(/\.(?:json|html|md|csv)$/, '');
