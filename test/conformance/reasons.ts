/** Why a group of cases is not put to a policy: what is not in the registries yet. */
const NOT_YET: Readonly<Record<string, string>> = {
  smoothWeightedRoundRobin: 'smooth weighted round robin',
  edfWeightedRoundRobin: 'earliest-deadline-first weighted round robin',
  leastRequest: 'least request with weights and an active-request bias',
  peakEwmaCost: 'peak EWMA',
  ewma: 'an exponentially weighted moving average of latency',
  peakEwmaLoad: 'peak EWMA',
  staticStrideScheduler: 'static stride weighted round robin',
  orcaWeightedRoundRobin: 'weights from reported utilisation (ORCA)',
  panicAndPriority: 'panic thresholds and priorities',
  outlierEnvoy: 'outlier ejection after Envoy',
  outlierGrpcA50: 'outlier ejection after gRPC A50',
  breakerResilience4j: 'a failure-rate breaker after resilience4j',
  slidingWindowResilience4j: 'sliding windows after resilience4j',
  breakerPolly: 'a failure-ratio breaker after Polly',
  breakerCockatiel: 'the breakers of cockatiel',
  successRateWindowLinkerd: 'a success-rate window after linkerd',
  breakerLinkerdConsecutive: 'a consecutive-failures breaker with probing back-off after linkerd',
  failureAccrualFinagle: 'failure accrual after Finagle',
  retryBudget: 'retry budgets',
  concurrencyLimits: 'adaptive concurrency limits',
  prequal: 'Prequal',
  c3Rank: 'C3 replica ranking',
  p2cGoZero: 'p2c with latency and success EWMA after go-zero',
};

const FILES: Readonly<Record<string, string>> = {
  hpa: 'the Kubernetes horizontal pod autoscaler',
  kpa: 'the Knative pod autoscaler',
};

export const whyNot = (file: string, group: string): string =>
  `not in the registry yet: ${NOT_YET[group] ?? FILES[file] ?? group}`;
