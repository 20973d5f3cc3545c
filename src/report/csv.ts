/**
 * CSV in tidy long form, one figure a line: contender, seed, metric, value. RFC 4180: CRLF, and quotes where a cell needs
 * them. A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection); figures are
 * written in full precision, in the units of the results file.
 */
import { METRIC_NAMES } from '../core/metrics.ts';
import type { Results } from '../results/results.ts';

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

const FORMULA = /^[=+\-@\t\r]/;

const cell = (text: string): string => {
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
};
