/**
 * A forecast as a lower bound under a reactive autoscaler, as AWS predictive scaling and Netflix's Scryer use one: the
 * requests a second that one season ago came within the next `ahead`, times the slot time that a request costs now (over
 * about the last `ahead`), over the slots of a server at the wanted utilisation (Little's law). Before a whole season is
 * seen it says nothing. It only adds servers, so a wrong forecast costs money and never an outage; and it believes that
 * today is like yesterday.
 */
import { z } from 'zod';
import { formatDuration, NEVER, zCount, zDuration, zShare, type Millis } from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { policy, type Registry } from '../registry.ts';
import type { Autoscaler, Decision, Load } from './autoscaler.ts';
import { raised } from './raised.ts';
import { RequestCost } from './request-cost.ts';
import { isServing } from './server-load.ts';
import { makeUnder, maxOf, zUnder } from './under.ts';

interface Outlook {
  readonly season: Millis;
  readonly seasons: number;
  readonly ahead: Millis;
  readonly utilization: number;
  readonly margin: number;
  readonly max: number;
}

class Predictive implements Autoscaler {
  readonly every: Millis;
  readonly scrape: Millis;
  readonly #under: Autoscaler;
  readonly #outlook: Outlook;
  readonly #cost: RequestCost;
  /** Requests a second in the interval that ended at the k-th decision. */
  readonly #rates: number[] = [];

  constructor(under: Autoscaler, outlook: Outlook) {
    this.every = under.every;
    this.scrape = under.scrape === NEVER ? under.every : under.scrape;
    this.#under = under;
    this.#outlook = outlook;
    this.#cost = new RequestCost(outlook.ahead);
  }

  decide(now: Millis, load: Load): Decision {
    const decision = this.#under.decide(now, load);
    const turn = Math.round(now / this.every);
    this.#rates[turn] = load.requestsPerSecond;
    this.#cost.learn(now, load.members);
    const rate = this.#forecast(turn);
    const slots = slotsOf(load);
    const { ms } = this.#cost;
    if (rate === null || slots === null || ms === null) return decision;
    const busySlots = (rate * ms) / 1000;
    const wanted = busySlots / (slots * this.#outlook.utilization);
    const floor = Math.min(Math.ceil(wanted - 1e-9), this.#outlook.max);
    return raised(decision, floor, `${Number(rate.toPrecision(3))}/s are expected`);
  }

  /** The highest rate expected until `ahead` from now; null before a season has been seen. */
  #forecast(turn: number): number | null {
    const { season, seasons, ahead, margin } = this.#outlook;
    const turns = Math.max(1, Math.round(season / this.every));
    const until = turn + Math.max(1, Math.ceil(ahead / this.every));
    let highest: number | null = null;
    for (let k = turn + 1; k <= until; k++) {
      let sum = 0;
      let seen = 0;
      for (let back = 1; back <= seasons; back++) {
        const rate = this.#rates[k - back * turns];
        if (rate === undefined) continue;
        sum += rate;
        seen++;
      }
      if (seen > 0) highest = Math.max(highest ?? 0, sum / seen);
    }
    return highest === null ? null : highest * (1 + margin);
  }
}

/** Of a serving server, on average; null when none has reported any. */
const slotsOf = (load: Load): number | null => {
  let slots = 0;
  let serving = 0;
  for (const server of load.members) {
    const { report } = server;
    if (report === null || !isServing(server)) continue;
    slots += report.slots;
    serving++;
  }
  return slots === 0 ? null : slots / serving;
};

export const predictiveOver = (family: Registry<Autoscaler>) =>
  policy({
    summary: "Last season's load as a minimum, over a reactive autoscaler.",
    options: z
      .strictObject({
        season: zDuration({ positive: true })
          .prefault('24h')
          .describe('time after which load is taken to repeat'),
        seasons: zCount({ min: 1 }).prefault(1).describe('past seasons to average, as seen'),
        ahead: zDuration()
          .prefault('5m')
          .describe('how far to look ahead; longer than a server takes to start'),
        utilization: zShare({ positive: true })
          .prefault('70%')
          .describe('busy share of the slots that the forecast plans for'),
        margin: zShare({ max: 100 }).prefault('0%').describe('added to the forecast'),
        under: zUnder(family).prefault('hpa').describe('the reactive autoscaler that it raises'),
      })
      .superRefine(within('ahead', 'at most', 'season', formatDuration)),
    facts: {
      rule: 'floor = ceil((1 + margin) x highest rate of the same time in past seasons within `ahead` x slot time of a request / (slots x utilization)), up to the max of the reactive policy; the larger of the floor and what the reactive one wants. The slot time is that of the requests finished lately: older ones are forgotten by e^(-age / `ahead`).',
      follows:
        'seasonal-naive forecast in the manner of AWS predictive scaling (as documented 2024, honouring the maximum) and Netflix Scryer (2013)',
      good: 'load that repeats by the day, with servers that start slowly',
      bad: 'the first season; events that do not come again; a change of what a request costs is learnt only as it is seen, over about `ahead`',
      cost: 'that of the reactive one, and O(n + ahead / every x seasons)',
    },
    make: ({ under, ...outlook }, rng) =>
      new Predictive(makeUnder(family, under, rng), { ...outlook, max: maxOf(under) }),
  });
