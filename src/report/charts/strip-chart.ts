/**
 * What breakers, health checks and outlier ejection did, server by server, in the first run of one contender: a strip
 * a server over the panels' time axis. Every state has its own colour, pattern and word, so none hangs on colour alone.
 */
import { quoted } from '../../results/answer/words.ts';
import type { FaultSpan, Strip, StripState } from '../../results/results.ts';
import type { Member } from '../cast.ts';
import type { Chart, Layer } from './chart.ts';
import { MARGIN, timeChannel, WIDTH, type Clock } from './clock.ts';
import { faultBands } from './fault-bands.ts';
import { fitted, FONT, widthOf } from './labels.ts';
import { mergeSpans } from './merge-spans.ts';

const ROW = 20;
const MOST_SERVERS = 12;
const MOST_SPANS = 80;
/** Share of the axis below which a span would be too thin to see: a half-open breaker decides within milliseconds. */
const SLIVER = 0.006;
const UNRECORDED = 'not recorded from here';

const WORD = {
  type: 'text',
  baseline: 'middle',
  align: 'center',
  fontSize: FONT,
  fontWeight: 600,
  color: 'var(--state-ink)',
};
/** Behind each word, so that a pattern does not strike it through. */
const HALO = { stroke: 'var(--paper)', strokeWidth: 3, strokeJoin: 'round' };

/** Fills are defined in page/patterns.ts. */
const STRIP_FILLS: Readonly<Record<StripState, string>> = {
  closed: 'var(--state-closed)',
  open: 'url(#state-open)',
  'half-open': 'url(#state-half-open)',
  unhealthy: 'url(#state-unhealthy)',
  down: 'var(--state-down)',
  draining: 'url(#state-draining)',
  starting: 'url(#state-starting)',
};

/** Null when no server changed its state. `duration` of the run, ms. */
export const stripChart = (
  member: Member,
  faults: readonly FaultSpan[],
  clock: Clock,
  duration: number,
): Chart | null => {
  const { strips, name } = member.contender;
  const shown = strips.slice(0, MOST_SERVERS);
  if (shown.length === 0) return null;
  const wordOf = wordsOf(member);
  const spans = shown.flatMap((strip, row) => spansOf(strip, row, clock, wordOf));
  const ends = shown.flatMap((strip, row) => endOf(strip, row, clock, duration) ?? []);
  const someMerged = spans.some(({ merged }) => merged > 0);
  const states = [...new Set(spans.map(({ state }) => state))];
  const x = timeChannel(clock);
  const height = shown.length * ROW;
  const shaded = faultBands(faults, clock, x);
  const y = {
    field: 'top',
    type: 'quantitative',
    scale: { domain: [0, height], reverse: true, nice: false },
    axis: null,
  };
  /** The state, written into spans with room for it. */
  const words = (look: object): Layer => ({
    data: { values: spans.filter(({ text }) => text !== '') },
    mark: { ...WORD, ...look },
    encoding: {
      x: { ...x, field: 'middle' },
      y: { ...y, field: 'centre' },
      text: { field: 'text' },
    },
  });
  return {
    title: `breakers and health: ${quoted(name)}`,
    finding: findingOf(member, shown.length),
    legend: states.map((state) => ({ text: wordOf(state), colour: STRIP_FILLS[state], dash: [] })),
    plot: {
      width: WIDTH,
      height,
      margin: { ...MARGIN, top: shaded.top },
      layers: [
        ...shaded.layers,
        {
          data: { values: spans.toSorted((a, b) => a.drawLast - b.drawLast) },
          mark: { type: 'rect', aria: true },
          encoding: {
            x,
            x2: { field: 'edge' },
            y,
            y2: { field: 'bottom' },
            fill: { field: 'fill', type: 'nominal', scale: null, legend: null },
            description: { field: 'tip' },
          },
        },
        words(HALO),
        words({}),
        {
          data: { values: ends },
          mark: {
            type: 'text',
            baseline: 'middle',
            align: 'left',
            dx: 4,
            fontSize: FONT,
            color: 'var(--muted)',
          },
          encoding: { x, y: { ...y, field: 'centre' }, text: { field: 'text' } },
        },
        {
          data: {
            values: shown.map(({ server }, row) => ({
              top: row * ROW + ROW / 2,
              text: fitted(server, MARGIN.left - 8),
            })),
          },
          mark: { type: 'text', align: 'right', baseline: 'middle', x: -8, color: 'var(--muted)' },
          encoding: { y, text: { field: 'text' } },
        },
      ],
    },
    table: {
      columns: [
        'server',
        `from, ${clock.unit}`,
        `to, ${clock.unit}`,
        'state',
        ...(someMerged ? ['changes merged'] : []),
      ],
      rows: [
        ...spans.map(({ server, x: from, x2: to, word, merged }) => ({
          cells: [
            server,
            from.toFixed(2),
            to.toFixed(2),
            word,
            ...(someMerged ? [String(merged)] : []),
          ],
        })),
        ...ends.map(({ server, x: from, end }) => ({
          cells: [
            server,
            from.toFixed(2),
            end.toFixed(2),
            UNRECORDED,
            ...(someMerged ? ['–'] : []),
          ],
        })),
      ],
    },
  };
};

const spansOf = (
  { server, spans }: Strip,
  row: number,
  { axis, unitMs, unit }: Clock,
  wordOf: (state: StripState) => string,
) =>
  mergeSpans(spans, MOST_SPANS, (axis.high * unitMs) / WIDTH).map(({ from, to, state, merged }) => {
    const [x, x2] = [Math.min(from / unitMs, axis.high), Math.min(to / unitMs, axis.high)];
    const room = ((x2 - x) / axis.high) * WIDTH;
    return {
      server,
      state,
      word: wordOf(state),
      merged,
      x,
      x2,
      edge: Math.max(x2, x + SLIVER * axis.high),
      drawLast: state === 'closed' ? 0 : room < 3 ? 2 : 1,
      middle: (x + x2) / 2,
      top: row * ROW + 2,
      bottom: (row + 1) * ROW - 2,
      centre: row * ROW + ROW / 2,
      fill: STRIP_FILLS[state],
      text: state !== 'closed' && room > widthOf(wordOf(state), true) + 6 ? wordOf(state) : '',
      tip: `${server} ${wordOf(state)}, ${x.toFixed(2)} to ${x2.toFixed(2)} ${unit}`,
    };
  });

/** Where a strip ends before the run does; null when it does not. */
const endOf = ({ server, spans }: Strip, row: number, { unitMs }: Clock, duration: number) => {
  const last = spans.at(-1)?.to ?? 0;
  if (last >= duration) return null;
  const room = ((duration - last) / duration) * WIDTH;
  return {
    server,
    x: last / unitMs,
    end: duration / unitMs,
    centre: row * ROW + ROW / 2,
    text: room > widthOf(UNRECORDED) + 8 ? UNRECORDED : '',
  };
};

const findingOf = ({ contender }: Member, shown: number): string => {
  const { strips, policies, runs } = contender;
  const having = (state: StripState): number =>
    strips.filter(({ spans }) => spans.some((span) => span.state === state)).length;
  const more = strips.length > shown ? ` The first ${shown} are shown.` : '';
  // Either takes a server out, and the strip does not tell which of them it was.
  const outOf = [
    ...(policies['health'] === undefined || isSet(policies['health']) ? ['health checks'] : []),
    ...(isSet(policies['ejection']) ? ['outlier ejection'] : []),
  ].join(' or ');
  const told = [
    ...(isSet(policies['breaker']) ? [`the breaker opened on ${having('open')}`] : []),
    ...(outOf === '' ? [] : [`${outOf} took out ${having('unhealthy')}`]),
  ].join(', ');
  return (
    `${strips.length === 1 ? 'One server changed its' : `${strips.length} servers changed their`} state in the run of seed ${runs[0]?.seed ?? 1}` +
    `${told === '' ? '' : `: ${told}`}.${more}`
  );
};

/** A server without a breaker is not "closed" when all is well with it: it is up. */
const wordsOf =
  ({ contender }: Member) =>
  (state: StripState): string =>
    state === 'closed' && !isSet(contender.policies['breaker']) ? 'up' : state;

const isSet = (policy: unknown): boolean =>
  typeof policy === 'object' && policy !== null && 'name' in policy && policy.name !== 'none';
