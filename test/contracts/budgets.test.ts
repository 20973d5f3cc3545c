/**
 * The laws of all retry budgets, run over the whole registry. `outage` lets every attempt fail, and every failure be
 * tried again as long as the budget admits it: what a retry storm does to a fleet.
 */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../src/core/rng.ts';
import type { Millis } from '../../src/core/units.ts';
import type { Budget } from '../../src/policies/budget/budget.ts';
import { BUDGETS } from '../../src/policies/budget/index.ts';
import { variantsOf } from './variants.ts';

const VARIANTS = variantsOf(BUDGETS, {
  'token-bucket': [
    { reserve: 0, share: '7%' },
    { ttl: '2s', share: '200%', reserve: '1/s' },
    { share: 0, reserve: '3/s' },
  ],
  share: [{ share: '50%', least: 0 }],
  throttle: [{ tokens: 3, ratio: 0.5 }],
});

const REQUESTS = 20_000;
const EVERY: Millis = 5;
const LASTS_SECONDS = (REQUESTS * EVERY) / 1000;
const ATTEMPTS = 4;

/** The most retries that a budget may let through in the outage, by its own definition. */
const MOST: Readonly<Record<string, (options: Readonly<Record<string, number>>) => number>> = {
  none: () => REQUESTS * (ATTEMPTS - 1),
  'token-bucket': ({ share, reserve, ttl }) =>
    share! * REQUESTS + reserve! * (LASTS_SECONDS + ttl! / 1000),
  // r of f in flight are retries and r <= share x f, so retries : firsts <= share : (1 - share); or `least` at a time.
  share: ({ share, least }) =>
    Math.max((REQUESTS * share!) / (1 - share!), (least! * LASTS_SECONDS * 1000) / TAKES),
  throttle: ({ tokens }) => tokens! / 2 + 1,
};

const TAKES: Millis = 100;

describe.each(VARIANTS)('$label', ({ name, options, make }) => {
  it('never lets retries exceed its share in the long run', () => {
    const { retries, failed } = outage(make(), 1);
    const most = MOST[name]!(options as Readonly<Record<string, number>>);
    expect(failed).toBe(REQUESTS + retries);
    expect(retries).toBeLessThanOrEqual(most + 1);
    expect(retries).toBeGreaterThan(0.75 * Math.min(most, REQUESTS * (ATTEMPTS - 1)) - 10);
  });

  it('lets nearly all retries pass when one attempt in fifty fails', () => {
    const bare = options.reserve === 0 || options.share === 0 || options.least === 0;
    const { retries, refused } = outage(make(), 0.02);
    expect(retries).toBeGreaterThan(bare ? 0.5 * (retries + refused) : 0.95 * (retries + refused));
  });

  it('is not moved by being asked, and does the same again', () => {
    expect(outage(make(), 0.3, 3)).toEqual(outage(make(), 0.3, 1));
  });
});

/** Requests at an even pace; attempts last TAKES and fail with the chance `failing`. */
function outage(budget: Budget, failing: number, asked = 1) {
  const chance = sequential(1, 'outage');
  const inFlight: { readonly endsAt: Millis; readonly attempt: number }[] = [];
  let [retrying, retries, refused, failed] = [0, 0, 0, 0];
  const begin = (now: Millis, attempt: number): void => {
    if (attempt > 1) retrying++;
    inFlight.push({ endsAt: now + TAKES, attempt });
  };
  const settle = (now: Millis, attempt: number): void => {
    const fails = chance.next() < failing;
    if (attempt > 1) retrying--;
    budget.settled(now, fails ? 'overloaded' : 'ok');
    if (!fails) return;
    failed++;
    if (attempt === ATTEMPTS) return;
    for (let ask = 1; ask < asked; ask++) budget.admits(now, inFlight.length, retrying);
    if (!budget.admits(now, inFlight.length, retrying)) {
      refused++;
      return;
    }
    budget.spent(now);
    retries++;
    begin(now, attempt + 1);
  };
  const settleUntil = (now: Millis): void => {
    while (inFlight.length > 0 && inFlight[0]!.endsAt <= now) {
      const { endsAt, attempt } = inFlight.shift()!;
      settle(endsAt, attempt);
    }
  };
  for (let request = 0; request < REQUESTS; request++) {
    const now = request * EVERY;
    settleUntil(now);
    budget.arrived(now);
    begin(now, 1);
  }
  settleUntil(Infinity);
  return { retries, refused, failed };
}
