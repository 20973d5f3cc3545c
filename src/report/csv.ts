/**
 * CSV in tidy long form, one figure a line: contender, seed, metric, value. RFC 4180: CRLF, and quotes where a cell needs
 * them. A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection), and control
 * characters are dropped, as files get printed to terminals; figures are written in full precision, in the units of the
 * results file.
 */
import { METRIC_NAMES } from '../core/metrics.ts';
import type { Results } from '../results/results.ts';
import { plain } from './terminal.ts';

export const renderCsv = (results: Results): string => {
  const lines = ['contender,seed,metric,value'];
  for (const { name, runs } of results.contenders)
    for (const { seed, metrics } of runs)
      for (const metric of METRIC_NAMES) {
        const value = metrics[metric];
        if (value !== undefined) lines.push(`${cell(name)},${seed},${metric},${value}`);
      }
  return `${lines.join('\r\n')}\r\n`;
};

const FORMULA = /^[=+\-@]/;

const cell = (text: string): string => {
  const shown = plain(text);
  const inert = FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
};
