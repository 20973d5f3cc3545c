/** The Kubernetes HPA: which rule speaks for which group. */
import type { Rule } from '../rule.ts';
import * as behavior from './behavior.ts';
import * as metrics from './metrics.ts';
import { reconcileOnce } from './reconcile.ts';

export const HPA_RULES: readonly (readonly [string, Rule])[] = [
  ['resourceUtilizationReplicas', metrics.resourceUtilizationReplicas],
  ['plainMetricReplicas', metrics.plainMetricReplicas],
  ['valueMetricReplicas', metrics.valueMetricReplicas],
  ['averageValueMetricReplicas', metrics.averageValueMetricReplicas],
  ['classifyPod', metrics.classifyPod],
  ['applyBehaviorRate', behavior.applyBehaviorRate],
  ['legacyLimit', behavior.legacyLimit],
  ['scalingLimit', behavior.scalingLimitRule],
  ['stabilizeRecommendation', behavior.stabilizeRecommendation],
  ['stabilizeRecommendationWithBehaviors', behavior.stabilizeRecommendationWithBehaviors],
  ['storeScaleEvent', behavior.storeScaleEvent],
  ['reconcileOnce', reconcileOnce],
];
