/** What happened over time: panels over one time axis, then strips of breakers and health, with the faults shaded. */
import type { Results } from '../../results/results.ts';
import type { Cast } from '../cast.ts';
import { runsOf } from '../ranking.ts';
import { bandNote } from '../charts/bands.ts';
import { clockOf, type Clock } from '../charts/clock.ts';
import { stripChart } from '../charts/strip-chart.ts';
import { restingSeries, timePanels } from '../charts/time-panels.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { legendOf } from '../charts/lines.ts';
import { unbroken } from '../unbroken.ts';
import { figures, legend } from './figure.ts';

const MOST_FAULTS = 8;

export const timeline = async (results: Results, cast: Cast, limits: Limits): Promise<Markup> => {
  const clock = clockOf(results.scenario.duration);
  const panels = timePanels(results, cast);
  const strips = cast.leads.flatMap(
    (member) => stripChart(member, results.faults, clock, results.scenario.duration) ?? [],
  );
  if (panels.length + strips.length === 0) return NOTHING;
  const resting = restingSeries(cast);
  const hidden = cast.all.length - cast.leads.length;
  return markup`<section id="over-time">
    <h2>What happened over time</h2>
    <p class="lead">
      ${runsOf(results) > 1 ? 'Means over seeds' : 'One run'}, from the start of the run, warm-up
      included.${unbroken(bandNote('Bands', results.contenders, false))}${
        hidden > 0 ? ` ${shown(results, cast)}` : ''
      }${resting.length > 0 ? ` Unchanged throughout: ${resting.join(', ')}.` : ''}
    </p>
    ${faults(results, clock)} ${legend(legendOf(cast.leads))} ${await figures([...panels, ...strips], limits)}
  </section>`;
};

/** Who is drawn, and by what rule: see cast.ts. */
const shown = ({ scenario: { judge } }: Results, { leads, all }: Cast): string =>
  `Shown are ${leads.length} of ${all.length} contenders: the baseline, the best by ${judge.length > 1 ? 'each judged metric' : 'the judged metric'}` +
  ` and those next on the leaderboard; the tables have more.`;

const faults = ({ faults: spans }: Results, { unit, unitMs }: Clock): Markup => {
  const moment = (at: number): number => Number((at / unitMs).toFixed(2));
  if (spans.length === 0) return NOTHING;
  const rest = spans.length - MOST_FAULTS;
  return markup`<ul class="faults">
    <li class="key">shaded:</li>
    ${spans
      .slice(0, MOST_FAULTS)
      .map(
        ({ label, from, to }) =>
          markup`<li>${label} <span>${moment(from)} to ${moment(to)} ${unit}</span></li>`,
      )}${rest > 0 ? markup`<li>and ${rest} more</li>` : NOTHING}
  </ul>`;
};
