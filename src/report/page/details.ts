/**
 * One folded part per contender: what it is, and its tables by tool, server and session, and the fleet's notes of the
 * first run. Closed by default; the script turns the folds into tabs.
 */
import { formatMetric, formatNumber, formatUnit } from '../../core/format.ts';
import type { ContenderResults, Note, Results, Run } from '../../results/results.ts';
import type { Cast, Member } from '../cast.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { runsOf } from '../ranking.ts';
import { swatch } from './figure.ts';
import { scrollHint, sortableTable, type Column, type SortableCell } from './table.ts';

/** Leads first, then by rank: whose details the page can hold. */
export const detailed = (cast: Cast, limits: Limits): readonly Member[] =>
  [...new Set([...cast.leads, ...cast.ranked])].slice(0, limits.detailed);

export const details = (results: Results, cast: Cast, limits: Limits): Markup => {
  const members = detailed(cast, limits);
  const left = cast.all.length - members.length;
  return markup`<section id="details">
    <h2>Tools, servers, sessions</h2>
    <p class="lead">
      ${runsOf(results) > 1 ? 'Means over seeds; notes are of the first run.' : 'All of one run.'}${left > 0 ? ` Shown: ${members.length} of ${cast.all.length} contenders.` : ''}
    </p>
    <div class="tabs">${members.map((member, index) => partOf(member, index === 0, limits))}</div>
  </section>`;
};

const partOf = (member: Member, open: boolean, limits: Limits): Markup => {
  const { contender } = member;
  return markup`<details class="part" ${open ? markup` open` : ''}>
    <summary>${swatch(member)}${contender.name}</summary>
    <h3>policies</h3>
    <dl class="policies">
      ${Object.entries(contender.policies).map(
        ([family, choice]) =>
          markup`<div>
            <dt>${family}</dt>
            <dd>${choiceText(choice)}</dd>
          </div>`,
      )}
    </dl>
    ${tools(contender)}${failures(contender)}${servers(contender, limits.servers)}${sessions(contender)}${notes(contender.runs[0], limits.notes)}
  </details>`;
};

/** `counter: failures 5, recovery 30s` for a policy with its options, `exponential mean 50` for a distribution. */
const choiceText = (choice: unknown): string => {
  if (choice === null || choice === undefined) return 'none';
  if (Array.isArray(choice)) return choice.map(choiceText).join(', ');
  if (typeof choice !== 'object')
    return typeof choice === 'string' ? choice : JSON.stringify(choice);
  const { name, options, ...others } = choice as Record<string, unknown>;
  if (typeof name === 'string' && typeof options === 'object' && Object.keys(others).length === 0)
    return [name, pairs(options ?? {})].filter((part) => part !== '').join(': ');
  const { kind, value, ...shape } = choice as Record<string, unknown>;
  if (typeof kind !== 'string') return pairs(choice);
  return kind === 'constant' ? choiceText(value) : [kind, pairs(shape)].join(' ');
};

const pairs = (record: object): string =>
  Object.entries(record)
    .map(
      ([key, value]) => `${key} ${isPlain(value) ? choiceText(value) : `(${choiceText(value)})`}`,
    )
    .join(', ');

/** One word or a list of them, or a distribution that is none. */
const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  Array.isArray(value) ||
  ('kind' in value && value.kind === 'constant');

const text = (head: string): Column => ({ head, number: false });
const number = (head: string, hint?: string): Column => ({
  head,
  number: true,
  ...(hint === undefined ? {} : { hint }),
});
const word = (value: string): SortableCell => ({ content: value, sort: value });
const count = (value: number | null): SortableCell => ({
  content: formatNumber(value),
  sort: value,
});
const share = (value: number | null): SortableCell => ({
  content: formatUnit('share', value),
  sort: value,
});
const millis = (value: number | null): SortableCell => ({
  content: formatMetric('latencyMsP99', value),
  sort: value,
});

const tools = ({ tools: rows }: ContenderResults): Markup =>
  rows.length === 0
    ? NOTHING
    : markup`<h3>by tool</h3>
        ${sortableTable(
          'By tool',
          [
            text('tool'),
            number('requests'),
            number('error rate'),
            number('tool errors'),
            number('mean'),
            number('p50'),
            number('p99'),
          ],
          rows.map((row) => [
            word(row.name),
            count(row.requests),
            share(row.errorRate),
            share(row.toolErrorRate),
            millis(row.latencyMsMean),
            millis(row.latencyMsP50),
            millis(row.latencyMsP99),
          ]),
        )}`;

const failures = ({ failures: reasons, metrics }: ContenderResults): Markup => {
  const rows = Object.entries(reasons).filter(([, requests]) => requests > 0);
  const all = metrics.requests?.mean ?? 0;
  if (rows.length === 0) return NOTHING;
  return markup`<h3>failed requests by reason</h3>
    ${sortableTable(
      'Failed requests by the reason of their last attempt',
      [text('reason of the last attempt'), number('requests a run'), number('of all requests')],
      rows.map(([reason, requests]) => [
        word(reason),
        count(requests),
        share(all > 0 ? requests / all : null),
      ]),
    )}`;
};

const servers = ({ servers: rows }: ContenderResults, most: number): Markup => {
  if (rows.length === 0) return NOTHING;
  const remarkable = [...rows].sort((a, b) => b.remarkable - a.remarkable).slice(0, most);
  const shown = rows.filter((row) => remarkable.includes(row));
  const heading =
    shown.length < rows.length
      ? `by server, the ${shown.length} most remarkable of ${rows.length}`
      : 'by server';
  return markup`<h3>${heading}</h3>
    ${sortableTable(
      'By server',
      [
        text('server'),
        text('group'),
        number('attempts'),
        number('error rate'),
        number('utilisation'),
        number('mean wait'),
        number('ready, s', 'seconds it was ready'),
        number('breaker opens'),
        number('ejections'),
      ],
      shown.map((row) => [
        word(row.name),
        word(row.group),
        count(row.attempts),
        share(row.errorRate),
        share(row.utilisation),
        millis(row.waitMsMean),
        count(row.readySeconds),
        count(row.breakerOpens),
        count(row.ejections),
      ]),
    )}`;
};

const sessions = ({ sessions: row }: ContenderResults): Markup =>
  row === null
    ? NOTHING
    : markup`<h3>sessions</h3>
        ${sortableTable(
          'Sessions',
          [number('started'), number('lost'), number('recovered'), number('calls a session')],
          [[count(row.started), count(row.lost), count(row.recovered), count(row.callsMean)]],
        )}`;

const notes = (run: Run | undefined, most: number): Markup => {
  if (run === undefined || run.notes.length === 0) return NOTHING;
  const shown = run.notes.slice(0, most);
  return markup`<h3>
      notes of seed
      ${run.seed}${run.notesTotal > shown.length ? `, the first ${shown.length} of ${run.notesTotal}` : ''}
    </h3>
    <div class="scroll tall" tabindex="0">
      <table class="small">
        <thead>
          <tr>
            <th scope="col" class="num">time, s</th>
            <th scope="col">what</th>
            <th scope="col">because</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(noteRow)}
        </tbody>
      </table>
    </div>${shown.length > MANY_NOTES ? scrollHint(shown.length, 'notes') : NOTHING}`;
};

/** More than these do not fit their box. */
const MANY_NOTES = 14;

const noteRow = ({ at, text: what, because }: Note): Markup =>
  markup`<tr>
    <td class="num">${(at / 1000).toFixed(2)}</td>
    <td>${what}</td>
    <td>${because}</td>
  </tr> `;
