/**
 * The first screen: the question as title, its answer in one sentence, what to know before believing it, and a tick or
 * cross for each objective of each contender.
 */
import { formatEstimate, formatInterval, formatMetric, formatNumber } from '../../core/format.ts';
import { METRICS } from '../../core/metrics.ts';
import type { Results, SloRow } from '../../results/results.ts';
import { invalidReason, qualified } from '../../results/validity.ts';
import type { Cast, Member } from '../cast.ts';
import { lagSentence } from '../lag.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { unbroken } from '../unbroken.ts';
import { swatch } from './figure.ts';

/** Objectives of so many contenders are open. */
const MANY = 8;
/** Met by all of more than so many, they are folded. */
const FEW = 2;

export const verdict = (results: Results, cast: Cast, limits: Limits): Markup =>
  markup`<header id="answer">
    <p class="eyebrow">Windtunnel report <span>${MODES[results.mode]}</span></p>
    <h1>${results.scenario.question}</h1>
    ${results.complete ? NOTHING : markup`<p class="banner" role="alert"><strong>Incomplete.</strong> The run was interrupted. Only the seeds that every contender finished are in this report.</p>`}
    ${invalidReason(results) === null ? NOTHING : markup`<p class="banner" role="alert"><strong>Invalid.</strong> What this run measured says little about the contenders; the reason stands first in the answer.</p>`}
    <p class="answer">${unbroken(qualified(results.answer, results))}</p>
    <p class="meta">${facts(results).map((fact) => markup`<span>${fact}</span>`)}</p>
    ${warnings(results.warnings)} ${objectives(results, cast, limits)}
  </header>`;

const MODES: Readonly<Record<Results['mode'], string>> = {
  sim: 'simulated',
  live: 'live, measured on real processes',
  load: 'measured on a deployment under load',
};

const facts = (results: Results): readonly string[] => {
  const { scenario, contenders } = results;
  const lag = lagSentence(results);
  const runs = contenders[0]?.runs.length ?? 0;
  const requests = contenders[0]?.metrics.requests?.mean;
  return [
    `${contenders.length} ${contenders.length === 1 ? 'contender' : 'contenders'}`,
    `${runs} ${runs === 1 ? 'seed' : 'seeds'} each`,
    `${formatSpan(scenario.duration)} a run${scenario.warmup > 0 ? `, first ${formatSpan(scenario.warmup)} cut` : ''}`,
    ...(requests === undefined
      ? []
      : [`about ${formatNumber(Number(requests.toPrecision(3)))} requests a run`]),
    ...(lag === null ? [] : [lag]),
  ];
};

/** `5 min`, `90 s`, `2 h`. */
export const formatSpan = (ms: number): string =>
  ms >= 7_200_000
    ? `${formatNumber(ms / 3_600_000)} h`
    : ms >= 120_000
      ? `${formatNumber(ms / 60_000)} min`
      : `${formatNumber(ms / 1000)} s`;

const warnings = (texts: readonly string[]): Markup =>
  texts.length === 0
    ? NOTHING
    : markup`<aside class="warnings">
        <h2>Before you believe a number</h2>
        <ul>
          ${texts.map((text) => markup`<li>${unbroken(text)}</li>`)}
        </ul>
      </aside>`;

const objectives = (results: Results, cast: Cast, limits: Limits): Markup => {
  const members = cast.ranked.filter(({ contender }) => contender.slo.length > 0);
  if (members.length === 0) return NOTHING;
  const ordered = [...members].sort((a, b) => Number(b.baseline) - Number(a.baseline));
  const passed = members.filter(({ contender }) => contender.slo.every(({ met }) => met)).length;
  // Where nobody misses anything a screen of ticks says no more than the line above it.
  const open = passed === members.length && members.length > FEW ? 0 : MANY;
  const [shown, folded] = [ordered.slice(0, open), ordered.slice(open, limits.contenders)];
  return markup`<section class="slo" aria-label="Objectives">
    <h2>
      Objectives
      <small
        >${passed} of ${members.length}
        ${members.length === 1 ? 'contender meets' : 'contenders meet'}
        all${open === 0 ? `: ${unbroken(boundsOf(members))}` : ''}${invalidReason(results) === null ? '' : ', but the run is invalid'}</small
      >
    </h2>
    ${
      shown.length === 0
        ? NOTHING
        : markup`<ul>
            ${shown.map(objectivesOf)}
          </ul>`
    }
    ${
      folded.length === 0
        ? NOTHING
        : markup`<details>
            <summary>
              ${open === 0 ? 'Each of them' : `${folded.length} more`}${ordered.length > limits.contenders ? `, the first ${folded.length} of ${ordered.length - open}` : ''}
            </summary>
            <ul>
              ${folded.map(objectivesOf)}
            </ul>
          </details>`
    }
  </section>`;
};

/** `p99 latency ≤ 500 ms, error rate ≤ 1 %`, each that some contender has. */
const boundsOf = (members: readonly Member[]): string =>
  [
    ...new Set(
      members.flatMap(({ contender }) =>
        contender.slo.map((row) => `${METRICS[row.metric].label} ${boundOf(row)}`),
      ),
    ),
  ].join(', ');

const objectivesOf = (member: Member): Markup =>
  markup`<li>
    <span class="who"
      >${swatch(member)}<span>${member.contender.name}${member.baseline ? markup` <em>baseline</em>` : ''}</span></span
    >
    <div class="ticks">${member.contender.slo.map((row) => tick(row, member))}</div>
  </li>`;

const tick = (row: SloRow, { contender }: Member): Markup => {
  const { metric, mean, met } = row;
  const estimate = contender.metrics[metric];
  const figure =
    estimate === undefined ? formatMetric(metric, mean) : formatEstimate(metric, estimate);
  const interval =
    estimate === undefined || estimate.low === null
      ? ''
      : `, 95 % interval ${formatInterval(metric, estimate)}`;
  return markup`<span
    class="tick ${met ? 'met' : 'missed'}"
    title="${METRICS[metric].label} ${figure}${interval}"
    ><b>${met ? '✓ met' : '✗ missed'}</b> <span>${METRICS[metric].label}
    <strong>${unbroken(figure)}</strong>
    <i>${unbroken(boundOf(row))}</i></span></span
  >`;
};

/** `≤ 500 ms`. */
const boundOf = ({ metric, limit }: SloRow): string =>
  `${METRICS[metric].better === 'higher' ? '≥' : '≤'}\u00A0${formatMetric(metric, limit)}`;
