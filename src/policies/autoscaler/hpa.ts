/** Registry entry of the Kubernetes HPA; what it does stands in hpa/. */
import { policy } from '../registry.ts';
import { Hpa } from './hpa/hpa.ts';
import { HPA_OPTIONS } from './hpa/options.ts';

export const hpa = policy({
  summary: 'Kubernetes HPA v2: usage / target, stabilised, rate limited, bounded.',
  options: HPA_OPTIONS,
  facts: {
    rule: "Each metric proposes ceil(usage / target x pods), or what there is when the ratio is within `tolerance` of 1; pods without a value count against the change; the largest proposal counts, a failed metric blocks the way down. Then: window (up: lowest, down: highest recommendation in it), rate limit by `behavior` (without: at most twice as many, or 4), min and max. CPU and Pods metrics are the servers' reports, a `scrape` apart; External ones the balancer's own numbers, taken at each sync (`backlog` with the servers' reported queues); both are seen `lag` late.",
    follows:
      'Kubernetes 1.33 HorizontalPodAutoscaler v2 (pkg/controller/podautoscaler/horizontal.go, replica_calculator.go)',
    good: 'load that changes over minutes; one metric that falls as servers are added',
    bad: 'steps (a scrape, a sync, then 300 s of distrust for CPU of new pods); hot pods that a mean hides; queues of which CPU shows only that slots are full; External metrics look faster here than they are behind an adapter that scrapes, unless `lag` says so',
    cost: 'O(n) a decision and metric',
  },
  make: (options) => new Hpa(options),
});
