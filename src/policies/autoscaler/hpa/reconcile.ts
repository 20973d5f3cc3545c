/**
 * One turn of the HPA's loop (Kubernetes 1.33, horizontal.go, reconcileAutoscaler): outside of min and max go there at
 * once; otherwise the largest proposal, stabilised, then rate limited, then bounded. A metric that fails blocks the way
 * down and not the way up. No replicas at all means that somebody switched the workload off, unless min is 0. A new
 * controller seeds its history with what it finds, so that it takes nothing away for a window.
 */
import type { Millis } from '../../../core/units.ts';
import type { Behavior } from './behavior.ts';
import type { Failed, Proposal } from './proposal.ts';
import { limitByBehavior, limitByDoubling, type LimitReason } from './rate-limits.ts';
import { storeEvent, type ScaleEvent } from './scale-events.ts';
import { stabilise, stabiliseDown, type Recommendation } from './stabilise.ts';

export interface HpaSpec {
  readonly min: number;
  readonly max: number;
  readonly behavior: Behavior | null;
  /** The controller's own window on the way down, for when there is no behaviour. */
  readonly stabilization: Millis;
}

export interface HpaHistory {
  /** null = the controller has just started. */
  recommendations: Recommendation[] | null;
  readonly up: ScaleEvent[];
  readonly down: ScaleEvent[];
}

export const freshHistory = (): HpaHistory => ({ recommendations: null, up: [], down: [] });

export type Verdict =
  | { readonly replicas: number; readonly reason: 'ScalingDisabled' | 'AboveMax' | 'BelowMin' }
  | { readonly replicas: number; readonly reason: 'MetricsFailed'; readonly failed: string }
  | {
      readonly replicas: number;
      readonly reason: LimitReason;
      /** What the metrics asked for, and what the windows made of it. */
      readonly recommended: number;
      readonly stabilised: number;
    };

export const reconcile = (
  now: Millis,
  spec: HpaSpec,
  current: number,
  proposals: readonly Proposal[],
  history: HpaHistory,
): Verdict => {
  const { min, max } = spec;
  history.recommendations ??= [{ replicas: current, at: now }];
  if (current === 0 && min !== 0) return { replicas: 0, reason: 'ScalingDisabled' };
  if (current > max) return { replicas: max, reason: 'AboveMax' };
  if (current < min) return { replicas: min, reason: 'BelowMin' };
  const recommended = largest(current, proposals);
  if (typeof recommended !== 'number')
    return { replicas: current, reason: 'MetricsFailed', ...recommended };
  return bounded(now, spec, { current, recommended }, history, history.recommendations);
};

const bounded = (
  now: Millis,
  { min, max, behavior, stabilization }: HpaSpec,
  { current, recommended }: { readonly current: number; readonly recommended: number },
  history: HpaHistory,
  log: Recommendation[],
): Verdict => {
  if (behavior === null) {
    const stabilised = stabiliseDown(now, log, recommended, stabilization);
    const limited = limitByDoubling({ current, desired: stabilised, min, max });
    return { ...limited, recommended, stabilised };
  }
  const windows = { up: behavior.up.window, down: behavior.down.window };
  const stabilised = stabilise(now, log, { current, desired: recommended }, windows);
  const limited = limitByBehavior(
    now,
    { current, desired: stabilised, min, max },
    behavior,
    history,
  );
  return { ...limited, recommended, stabilised };
};

/** The largest proposal; a failure when all failed, or when some did and the others would go down. */
const largest = (current: number, proposals: readonly Proposal[]): number | Failed => {
  const good = proposals.flatMap((each) => ('failed' in each ? [] : [each.replicas]));
  const [failure] = proposals.flatMap((each) => ('failed' in each ? [each] : []));
  const most = Math.max(0, ...good);
  if (good.length === 0) return failure ?? { failed: 'there is no metric' };
  return failure !== undefined && most < current ? failure : most;
};

/** Remembers a change that was made, for the rate limits to come. */
export const recordChange = (
  at: Millis,
  { behavior }: HpaSpec,
  history: HpaHistory,
  { from, to }: { readonly from: number; readonly to: number },
): void => {
  if (to > from) storeEvent(at, history.up, behavior?.up ?? null, to - from);
  if (to < from) storeEvent(at, history.down, behavior?.down ?? null, from - to);
};
