/**
 * The retry budget of Finagle (finagle-core service/RetryBudget.scala) and of linkerd's ServiceProfiles: each request pays
 * in, each retry takes 1 / `share` times as much out, and what was paid in is forgotten after `ttl`. A reserve for quiet
 * times lets `reserve` retries a second pass without any requests.
 *
 * Its pathology: the reserve. Where many balancers share a fleet each has its own, and at low traffic it is no budget.
 */
import { z } from 'zod';
import { zDuration, zRate, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Budget } from './budget.ts';
import { LeakySum } from './leaky-sum.ts';

export interface TokenBucketOptions {
  readonly ttl: Millis;
  /** Retries a request, 0.2 = one in five requests. */
  readonly share: number;
  /** Retries a second. */
  readonly reserve: number;
}

/** What a request pays in when there is a share; whole tokens keep the sum exact. */
const PAID_IN = 1000;

export class TokenBucket implements Budget {
  readonly #tokens: LeakySum;
  readonly #paidIn: number;
  readonly #cost: number;
  readonly #reserve: number;

  constructor({ ttl, share, reserve }: TokenBucketOptions) {
    this.#tokens = new LeakySum(ttl);
    this.#paidIn = share === 0 ? 0 : PAID_IN;
    this.#cost = share === 0 ? 1 : Math.max(1, Math.floor(PAID_IN / share));
    this.#reserve = Math.floor((reserve * ttl) / 1000) * this.#cost;
  }

  /** Retries that could be made now. */
  balance(now: Millis): number {
    return Math.max(0, Math.floor((this.#tokens.at(now) + this.#reserve) / this.#cost));
  }

  arrived(now: Millis): void {
    this.#tokens.add(now, this.#paidIn);
  }

  admits(now: Millis): boolean {
    return this.balance(now) >= 1;
  }

  spent(now: Millis): void {
    this.#tokens.add(now, -this.#cost);
  }

  settled(): void {}
}

export const tokenBucket = policy({
  summary: 'Retries up to a share of the recent requests, and a few a second besides.',
  options: z.strictObject({
    ttl: zDuration({ positive: true }).prefault('10s').describe('a request counts for so long'),
    share: zShare({ max: 1000 })
      .prefault('20%')
      .describe('retries allowed for the requests of the last `ttl`'),
    reserve: zRate().prefault('10/s').describe('retries allowed besides, whatever the traffic'),
  }),
  facts: {
    rule: 'A request pays 1 in, a retry costs 1 / `share`, all is forgotten after `ttl` (in ten slices); `reserve` x `ttl` retries are in the bucket besides. A retry is made when it can be paid.',
    follows:
      'Finagle @4feb34c service/RetryBudget.scala and the retryBudget of linkerd 2 ServiceProfiles, with their defaults',
    good: 'retry storms: a failing fleet gets at most a fifth more than its traffic',
    bad: 'low traffic: below 50 requests a second the reserve of 10/s is more than the share; it counts retries, not what they are worth',
    cost: 'O(1)',
  },
  make: (options): Budget => new TokenBucket(options),
});
