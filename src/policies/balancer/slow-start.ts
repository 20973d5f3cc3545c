/**
 * Slow start: what part of its weight a server gets while it warms up. Envoy (main of 2026-07,
 * source/extensions/load_balancing_policies/common/load_balancer_impl.cc): max(minWeight, (t / window)^(1 / aggression)).
 * HAProxy (3.3-dev of 2026-08, src/server.c, server_recalc_eweight): linear, in 16 steps from 1/16.
 * Pathology: with a window shorter than the warm-up it does nothing; while few servers are warm they carry the rest.
 */
import type { Millis } from '../../core/units.ts';

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
