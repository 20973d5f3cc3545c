/**
 * Metrics of the whole (Object and External): one number, held against a target for all pods together (Value) or for
 * each of them (AverageValue). Rule of Kubernetes 1.33, replica_calculator.go. From no replicas tolerance and readiness
 * do not matter, so that the first pod can be had.
 */
import { isWithin, type Proposal, type Tolerance } from './proposal.ts';

/** Target for the whole: the ratio times the pods that are ready. */
export const valueMetric = (
  { valueMilli, targetMilli }: { readonly valueMilli: number; readonly targetMilli: number },
  { current, readyCount }: { readonly current: number; readonly readyCount: number },
  tolerance: Tolerance,
): Proposal => {
  const ratio = valueMilli / targetMilli;
  if (current === 0) return { replicas: Math.ceil(ratio) };
  return { replicas: isWithin(tolerance, ratio) ? current : Math.ceil(ratio * readyCount) };
};

/** Target a pod: as many pods as it takes, whatever state those that exist are in. */
export const averageValueMetric = (
  { valueMilli, targetMilli }: { readonly valueMilli: number; readonly targetMilli: number },
  /** status.replicas: how many pods there are. */
  existing: number,
  tolerance: Tolerance,
): Proposal<{ readonly usagePerPodMilli: number }> => {
  const isNear = existing > 0 && isWithin(tolerance, valueMilli / (targetMilli * existing));
  return {
    replicas: isNear ? existing : Math.ceil(valueMilli / targetMilli),
    usagePerPodMilli: existing === 0 ? 0 : Math.ceil(valueMilli / existing),
  };
};
