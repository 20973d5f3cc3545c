/**
 * Slow start: what part of its weight a server gets while it warms up. Envoy (main of 2026-07,
 * source/extensions/load_balancing_policies/common/load_balancer_impl.cc): max(minWeight, (t / window)^(1 / aggression)).
 * HAProxy (3.3-dev of 2026-08, src/server.c, server_recalc_eweight): linear, in 16 steps from 1/16.
 * Pathology: with a window shorter than the warm-up it does nothing; while few servers are warm they carry the rest.
 */
import type { Millis } from '../../core/units.ts';
import type { Guard } from './guard.ts';

export type SlowStart =
  | {
      readonly as: 'envoy';
      readonly window: Millis;
      /** Above 1 the weight rises fast at first; below 1, late. 0 and less count as 1. */
      readonly aggression: number;
      /** The least part, 0..1. */
      readonly minWeight: number;
    }
  | { readonly as: 'haproxy'; readonly window: Millis };

const STEPS = 16;

/** Part of its weight, in (0, 1], that a server has `elapsed` ms after it became ready. */
export const slowStartFactor = (rule: SlowStart, elapsed: Millis): number => {
  if (elapsed >= rule.window) return 1;
  if (rule.as === 'haproxy') {
    return (Math.floor((STEPS * Math.max(0, elapsed)) / rule.window) + 1) / STEPS;
  }
  const { aggression, minWeight, window } = rule;
  const passed = Math.max(1, elapsed) / window;
  const risen = aggression > 0 && aggression !== 1 ? passed ** (1 / aggression) : passed;
  return Math.min(1, Math.max(minWeight, risen));
};

export const slowStart: Guard = {
  key: 'slowStart',
  summary: 'a server that has come up gets only part of its traffic at first',
  facts: {
    rule: 'For `window` after a server came up or became healthy again it takes a pick with the chance max(`minWeight`, (t / `window`)^(1 / `aggression`)) (envoy), or in sixteen equal steps from 1/16 (haproxy); else the balancer picks anew without it. If no other takes the call, the first one passed over does.',
    follows:
      "Envoy @56af06f (common/load_balancer_impl.cc) and HAProxy 3.3-dev of 2026-08 (src/server.c) for the curves; there they scale the server's weight, here its chance to take a pick, so that it goes with any balancer",
    good: 'cold caches under a balancer that gives each its share; counting calls in flight on servers that hold hundreds of them, where an empty one gets every call until it has caught up',
    bad: 'a window shorter than the warm-up does nothing; while few are warm they carry the rest, so a fleet that doubles is slow to use what it added; pinned sessions do not hear of it',
    cost: 'O(1) a pick, and another pick for each server passed over',
  },
};
