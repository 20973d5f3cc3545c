/** Why the HPA decided as it did, in the words of its own status conditions where it has some. */
import type { Opinion } from './metrics.ts';
import type { Verdict } from './reconcile.ts';

export const wording = (verdict: Verdict, opinions: readonly Opinion[]): string => {
  switch (verdict.reason) {
    case 'ScalingDisabled':
      return 'no servers: scaling is disabled';
    case 'AboveMax':
      return `more than max ${verdict.replicas}`;
    case 'BelowMin':
      return `fewer than min ${verdict.replicas}`;
    case 'MetricsFailed':
      return `${verdict.failed}; no change without it`;
    case 'DesiredWithinRange':
    case 'ScaleUpLimit':
    case 'ScaleDownLimit':
    case 'TooFewReplicas':
    case 'TooManyReplicas':
      return considered(verdict, opinions);
  }
};

const considered = (
  { reason, replicas, recommended, stabilised }: Extract<Verdict, { recommended: number }>,
  opinions: readonly Opinion[],
): string => {
  const largest = opinions.find((each) => !('failed' in each) && each.replicas === recommended);
  const told = largest === undefined || 'failed' in largest ? 'the metrics' : largest.told;
  const held = stabilised === recommended ? '' : `, held at ${stabilised} by its window`;
  const limited = reason === 'DesiredWithinRange' ? '' : `, ${LIMITS[reason]} ${replicas}`;
  return `${told} asks for ${recommended}${held}${limited}`;
};

const LIMITS = {
  ScaleUpLimit: 'limited for now to',
  ScaleDownLimit: 'limited for now to',
  TooFewReplicas: 'min is',
  TooManyReplicas: 'max is',
} as const;
