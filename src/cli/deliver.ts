/** What every verb that measures does with its results: writes them, draws them, prints them, and judges them. */
import { formatMetric } from '../core/format.ts';
import { METRICS } from '../core/metrics.ts';
import { renderText } from '../report/text.ts';
import type { Results } from '../results/results.ts';
import { isWithin } from '../results/slo.ts';
import { invalidReason } from '../results/validity.ts';
import { hasColor, print, warn, widthOf } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { writeWhole } from './files.ts';
import { drawReport } from './report-files.ts';
import { parseResults, resultsText } from './results-json.ts';

/** Everything is drawn from the text of the results file, so that `report` draws the same from it later. */
export const deliver = async (results: Results, place: string): Promise<void> => {
  const json = { file: `${place}.json`, text: resultsText(results) };
  const written = parseResults(json.file, json.text);
  const files = [json, ...(await drawReport(written, place))];
  writeWhole(files);
  print(renderText(written, { width: widthOf(process.stdout), color: hasColor(process.stdout) }));
  print(files.map(({ file }) => file).join('\n'));
};

/** Tells what is wrong with them, and makes the exit code of it. */
export const judge = (results: Results, strict: boolean): ExitCode => {
  if (!results.complete) return EXIT.interrupted;
  const reason = invalidReason(results);
  if (reason !== null) {
    warn(`The run is invalid: ${reason}`);
    return EXIT.invalid;
  }
  const missed = strict ? missedObjectives(results) : [];
  missed.forEach(warn);
  return missed.length > 0 ? EXIT.sloMissed : EXIT.done;
};

/** Of a figure that keeps within its limit and is not to be believed. */
const DOUBT = ', which too few answers vouch for: see the warnings';

const missedObjectives = ({ contenders }: Results): string[] =>
  contenders.flatMap(({ name, slo }) =>
    slo
      .filter(({ met }) => !met)
      .map(({ metric, limit, mean }) => {
        const [measured, bound] = [formatMetric(metric, mean), formatMetric(metric, limit)];
        const doubt = mean !== null && isWithin(metric, mean, limit) ? DOUBT : '';
        return `SLO missed by "${name}": ${METRICS[metric].label} ${measured}, limit ${bound}${doubt}`;
      }),
  );
