/**
 * Scaling behaviour of the HPA as data, with the defaults that the API server fills in when `behavior` is given in part
 * (Kubernetes 1.33, pkg/apis/autoscaling/v2/defaults.go): up, the larger of 4 pods and 100 % in 15 s without a window;
 * down, 100 % in 15 s after a window of 300 s.
 */
import type { Millis } from '../../../core/units.ts';

export type ScalingPolicy =
  | { readonly pods: number; readonly period: Millis }
  /** Share of the replicas at the start of the period, 1 = 100 %. */
  | { readonly percent: number; readonly period: Millis };

export interface ScalingRules {
  /** `max`: the policy that allows the largest change; `disabled`: no change in this direction. */
  readonly select: 'max' | 'min' | 'disabled';
  /** Stabilisation window. */
  readonly window: Millis;
  readonly policies: readonly ScalingPolicy[];
}

export interface Behavior {
  readonly up: ScalingRules;
  readonly down: ScalingRules;
}

export const DEFAULT_UP: ScalingRules = {
  select: 'max',
  window: 0,
  policies: [
    { pods: 4, period: 15_000 },
    { percent: 1, period: 15_000 },
  ],
};

export const DEFAULT_DOWN: ScalingRules = {
  select: 'max',
  window: 300_000,
  policies: [{ percent: 1, period: 15_000 }],
};
