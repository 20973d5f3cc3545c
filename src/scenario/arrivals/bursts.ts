/**
 * Traffic with moods: a Markov-modulated Poisson process (Fischer and Meier-Hellstern, "The Markov-modulated Poisson
 * process cookbook", 1993) whose states follow one another in order, round and round from the first. Each lasts an
 * exponential time of its mean, and arrivals are Poisson at its rate while it lasts.
 *
 * A stay is keyed by its number, a gap by the arrival's, so neither shifts the other's draws.
 */
import { Draws } from '../../core/rng.ts';
import { NEVER, toMicros, type Millis } from '../../core/units.ts';
import type { ArrivalStream } from './arrival-stream.ts';

export interface BurstState {
  /** A second. */
  readonly rate: number;
  /** Mean stay, ms. */
  readonly mean: Millis;
}

/** Long-run mean, a second. */
export const meanRateOf = (states: readonly BurstState[]): number => {
  let [arrivals, length] = [0, 0];
  for (const { rate, mean } of states) {
    arrivals += rate * mean;
    length += mean;
  }
  return length > 0 ? arrivals / length : 0;
};

/** `gap(k)`: what the k-th arrival of a Poisson process of rate 1 waits for. */
export const burstStream = (
  states: readonly BurstState[],
  gap: (k: number) => number,
  seed: number,
): ArrivalStream => {
  if (meanRateOf(states) === 0) return { next: () => NEVER };
  const draws = new Draws(seed, 'arrivals/stays');
  let arrival = 0;
  let stay = -1;
  let now: Millis = 0;
  let stayEnds: Millis = 0;
  let rate = 0;

  const enterNextState = (): void => {
    now = stayEnds;
    stay++;
    const state = states[stay % states.length]!;
    stayEnds = now - state.mean * Math.log(draws.uniform(stay));
    rate = state.rate / 1000;
  };

  return {
    next: () => {
      let wanted = gap(arrival++);
      for (let left = (stayEnds - now) * rate; wanted > left; left = (stayEnds - now) * rate) {
        wanted -= left;
        enterNextState();
      }
      // A state of rate 0 has nothing left, so `wanted` > 0 never ends in it.
      now += wanted / rate;
      return toMicros(now);
    },
  };
};
