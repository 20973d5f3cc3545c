/** The part of docs/validation.md about live runs, between markers of its own; the rest of the page is left as it is. */
import {
  formatDifference,
  formatMetric,
  formatNumber,
  formatRelative,
} from '../../../src/core/format.ts';
import { METRICS } from '../../../src/core/metrics.ts';
import type { TwinError } from '../../../src/results/results.ts';
import type { Agreement, Row } from './agreement.ts';

const BEGIN = '<!-- live: begin (written by `npm run same-answer -- --docs`) -->';
const END = '<!-- live: end -->';

/** The document with its part on live runs renewed, or added at its end. */
export const inDocument = (old: string, agreements: readonly Agreement[]): string => {
  const part = `${BEGIN}\n\n${livePart(agreements)}\n\n${END}`;
  const [before, after] = [old.indexOf(BEGIN), old.indexOf(END)];
  if (before < 0 || after < 0) return old === '' ? `${part}\n` : `${old.trimEnd()}\n\n${part}\n`;
  return old.slice(0, before) + part + old.slice(after + END.length);
};

const INTRODUCTION = `## The live world against the simulator

Four scenarios in \`test/live/scenarios\` are run twice with the same seeds: in the simulator, and live, with processes, HTTP and
MCP. A request's work and its share of the faults are drawn from its own number, so both worlds meet the same demand request by
request, and what differs is the model. They agree when p50, p90 and p99 are within 10 % of each other, error rates within one
percentage point, and the contenders in the same order by the judged metric.

Live, a call takes one to six milliseconds more on its way through three processes, as the machine is: the model knows of
work, queues and the network, not of processors. Calls are of 80 ms and more here, which are long beside that.

    npm run same-answer             # about a quarter of an hour, on a quiet machine
    npm run same-answer -- --docs   # this part of the page anew

On a machine that has other work to do \`chrt -r 1 npm run same-answer\` (Linux, root) keeps the neighbours out of the figures:
with four runnable processes a core the median of a call of 60 ms was 12 ms longer, and the driver's lag said so.

Each cell: live, simulated, and how far the simulator is off.`;

const livePart = (agreements: readonly Agreement[]): string => {
  const agreeing = agreements.filter(({ agrees }) => agrees).length;
  return [
    INTRODUCTION,
    `Result of this run: **${agreeing} of ${agreements.length} scenarios agree**.`,
    [
      line(HEADS),
      line(HEADS.map((_, column) => (column < 2 ? '---' : '--:'))),
      ...agreements.flatMap(linesOf),
    ].join('\n'),
    ...agreements.map(orderText),
  ].join('\n\n');
};

const HEADS = ['scenario', 'contender', 'requests a run', 'p50', 'p90', 'p99', 'error rate', ''];

const linesOf = ({ scenario, rows }: Agreement): string[] =>
  rows.map((row, index) => line([index === 0 ? scenario : '', ...cellsOf(row)]));

const cellsOf = ({ contender, requests, errors, agrees }: Row): string[] => [
  contender,
  formatNumber(Math.round(requests)),
  ...errors.map(cellOf),
  agrees ? 'agrees' : '**differs**',
];

const cellOf = ({ metric, live, sim, error }: TwinError): string => {
  const off =
    METRICS[metric].unit === 'share' ? formatDifference(metric, error) : formatRelative(error);
  return `${formatMetric(metric, live)}, ${formatMetric(metric, sim)}, ${off}`;
};

const orderText = (agreement: Agreement): string => {
  const { scenario, judged, liveOrder, simOrder, sameOrder, lagP99 } = agreement;
  const orders = sameOrder
    ? `${liveOrder.join(' before ')}, live and simulated`
    : `**${liveOrder.join(' before ')} live, but ${simOrder.join(' before ')} simulated**`;
  return `By ${METRICS[judged].label}, \`${scenario}\`: ${orders}. The driver was late by at most ${formatMetric('latencyMsP99', lagP99)} (p99 of the worst run).`;
};

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
