/**
 * gRPC's retry throttling (proposal A6): a bucket of at most `tokens`. A failed attempt takes one out, a good one puts
 * `ratio` in, and retries are made only while it is more than half full. It reckons in thousandths of a token, as A6
 * asks. It measures failures and not retries: it turns them off altogether in an outage, the first attempts that fail
 * keep it so, and it lets them run freely while fewer than about `ratio` of all attempts fail.
 */
import { z } from 'zod';
import { isCompleted, isFailure, type Outcome } from '../../core/outcome.ts';
import { zCount, zNumber, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Budget } from './budget.ts';

export interface ThrottleOptions {
  readonly tokens: number;
  readonly ratio: number;
}

const TOKEN = 1000;

export class Throttle implements Budget {
  readonly #full: number;
  readonly #gain: number;
  #tokens: number;

  constructor({ tokens, ratio }: ThrottleOptions) {
    this.#full = tokens * TOKEN;
    this.#gain = Math.floor(ratio * TOKEN + 1e-6);
    this.#tokens = this.#full;
  }

  arrived(): void {}

  admits(): boolean {
    return this.#tokens > this.#full / 2;
  }

  spent(): void {}

  settled(_now: Millis, outcome: Outcome): void {
    if (isCompleted(outcome)) this.#tokens = Math.min(this.#full, this.#tokens + this.#gain);
    // A server that does not know the session is none of the statuses one would retry.
    else if (isFailure(outcome) && outcome !== 'session-lost')
      this.#tokens = Math.max(0, this.#tokens - TOKEN);
  }
}

export const throttle = policy({
  summary: 'No retries at all while too many attempts fail.',
  options: z.strictObject({
    tokens: zCount({ min: 1, max: 1000 })
      .prefault(10)
      .describe('the bucket, full at first; retries are made while it is more than half full'),
    ratio: zNumber({ min: 0.001, max: 1000 })
      .prefault(0.1)
      .describe('tokens that an attempt that went well puts in; a failed one takes 1 out'),
  }),
  facts: {
    rule: 'Failure: - 1 token, success: + `ratio`, within 0..`tokens`. A retry is made while there are more than `tokens` / 2.',
    follows:
      'gRPC proposal A6 (A6-client-retries.md) retryThrottling, with the example values of the proposal (10, 0.1)',
    good: 'outages: after five failures in a row no retry is sent until the fleet answers again',
    bad: 'one bad server among many: with 0.1 a failure rate of 9 % turns the retries off that would have helped; a high error rate for another reason does so for ever',
    cost: 'O(1)',
  },
  make: (options): Budget => new Throttle(options),
});
