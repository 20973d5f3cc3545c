/** The rules of Knative's file, by group. */
import type { Rule } from '../rule.ts';
import { kpaInvalid, kpaStart, kpaTimeline } from './scaler.ts';
import {
  kpaBucketing,
  kpaDescendingRecord,
  kpaSimpleWindow,
  kpaSmoothing,
  kpaWeightedWindow,
} from './windows.ts';

export const KPA_RULES: readonly (readonly [string, Rule])[] = [
  ['cases', kpaTimeline],
  ['startInPanic', kpaStart],
  ['invalid', kpaInvalid],
  ['smoothingCoefficient', kpaSmoothing],
  ['weightedWindow', kpaWeightedWindow],
  ['simpleWindow', kpaSimpleWindow],
  ['descendingRecord', kpaDescendingRecord],
  ['bucketing', kpaBucketing],
];
