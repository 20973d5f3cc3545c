/**
 * A minimum by the clock over a reactive autoscaler: between `from` and `to` there are at least `min` servers, however
 * quiet it is, and never more than the reactive one may have. As KEDA's cron trigger and the scheduled actions of EC2
 * Auto Scaling do it. It knows Monday at nine, and nothing of the Monday that is a holiday; servers are asked for when
 * the window opens, so it should open earlier by their start-up.
 */
import { z } from 'zod';
import { formatDuration, orNone, zCount, zDuration, type Millis } from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { policy, type Registry } from '../registry.ts';
import type { Autoscaler, Decision, Load } from './autoscaler.ts';
import { raised } from './raised.ts';
import { makeUnder, maxOf, zUnder } from './under.ts';

export interface Window {
  readonly from: Millis;
  readonly to: Millis | null;
  readonly min: number;
}

class Schedule implements Autoscaler {
  readonly every: Millis;
  readonly scrape: Millis;
  readonly #under: Autoscaler;
  readonly #windows: readonly Window[];
  readonly #repeat: Millis | null;
  readonly #max: number;

  constructor(
    under: Autoscaler,
    { windows, repeat, max }: { windows: readonly Window[]; repeat: Millis | null; max: number },
  ) {
    this.every = under.every;
    this.scrape = under.scrape;
    this.#under = under;
    this.#windows = windows;
    this.#repeat = repeat;
    this.#max = max;
  }

  decide(now: Millis, load: Load): Decision {
    const decision = this.#under.decide(now, load);
    const floor = floorAt(now, this.#windows, this.#repeat);
    return raised(decision, Math.min(floor, this.#max), `the schedule wants ${floor}`);
  }
}

/** The largest minimum of the windows that are open; 0 when none is. `repeat`: null = they do not come again. */
export const floorAt = (now: Millis, windows: readonly Window[], repeat: Millis | null): number => {
  const time = repeat === null ? now : now % repeat;
  let floor = 0;
  for (const { from, to, min } of windows)
    if (time >= from && (to === null || time < to)) floor = Math.max(floor, min);
  return floor;
};

export const scheduleOver = (family: Registry<Autoscaler>) =>
  policy({
    summary: 'Minimums by the clock, over a reactive autoscaler.',
    options: z
      .strictObject({
        windows: z
          .array(
            z
              .strictObject({
                from: zDuration().describe('when it opens, since the start of the run'),
                to: zDuration({ positive: true }).optional().describe('when it closes; else never'),
                min: zCount({ min: 1 }).describe('fewest servers in it'),
              })
              .transform(({ from, to, min }): Window => ({ from, to: to ?? null, min }))
              .superRefine(within('to', 'above', 'from', formatDuration)),
          )
          .prefault([])
          .describe('where windows overlap the largest minimum counts'),
        repeat: orNone(zDuration({ positive: true }))
          .prefault('none')
          .describe('begin again after this time, such as 24h'),
        under: zUnder(family).prefault('hpa').describe('the reactive autoscaler that it raises'),
      })
      .superRefine(({ windows, repeat }, context) => {
        const last = Math.max(0, ...windows.map(({ from, to }) => to ?? from));
        if (repeat === null || last <= repeat) return;
        const [got, bound] = [repeat, last].map(formatDuration);
        const message = `got \`${got}\`; allowed: at least ${bound}, where the last window lies`;
        context.addIssue({ code: 'custom', path: ['repeat'], message });
      }),
    facts: {
      rule: 'The larger of what the reactive policy wants and the largest `min` of the open windows, this one up to the max of the reactive one.',
      follows:
        'KEDA 2.17 cron trigger; Amazon EC2 Auto Scaling scheduled actions that set the minimum size (as documented 2024)',
      good: 'load that comes by the clock, and servers that start slowly',
      bad: 'days that are not like the others, where it buys servers for nobody or too few',
      cost: 'that of the reactive one, and O(windows)',
    },
    make: ({ under, windows, repeat }, rng) =>
      new Schedule(makeUnder(family, under, rng), { windows, repeat, max: maxOf(under) }),
  });
