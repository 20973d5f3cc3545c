/**
 * The library: the policies for programs of your own (LoadBalancer, ResilientLoadBalancer, CircuitBreaker, AutoScaler; see
 * live/library.ts), and the wind tunnel itself. Load a scenario, run it, summarise, compare, report. Everything the command line does is done with these.
 *
 *     const { scenario, inputs } = loadScenario({ file, text, readFile });
 *     const record = run({ scenario, inputs, contender: 0, seed: 1, independent: false }, (options) => new SimWorld(options));
 */
export {
  METRICS,
  METRIC_NAMES,
  type MetricInfo,
  type MetricName,
  type Metrics,
} from './core/metrics.ts';
export { FAILURES, type Failure, type Outcome } from './core/outcome.ts';
export type { Request, ServerId } from './core/request.ts';
export { InvariantError } from './core/invariant.ts';
export { ScenarioError, formatMistake, type Mistake, type Place } from './core/scenario-error.ts';

export { loadScenario, type LoadOptions, type Loaded } from './scenario/load.ts';
export { scenarioHash } from './scenario/hash.ts';
export { scenarioJsonSchema } from './scenario/json-schema.ts';
export { estimatedRequests } from './scenario/estimate.ts';
export { departures, type Departure } from './scenario/practice.ts';
export type { Contender, Inputs, Scenario, Setup } from './scenario/scenario.ts';

export { run, type Task, type WorldOptions } from './run.ts';
export { SimWorld, type SimWorldOptions } from './sim/sim-world.ts';

export { summarise, type RunsToSummarise } from './results/summarise.ts';
export { compareResults } from './results/compare.ts';
export { invalidReason } from './results/validity.ts';
export type {
  Comparison,
  ContenderResults,
  Estimate,
  Results,
  RunRecord,
  Verdict,
} from './results/results.ts';

export { renderHtml } from './report/html.ts';
export { renderText, type TextOptions } from './report/text.ts';
export { renderMarkdown } from './report/markdown.ts';
export { renderCsv } from './report/csv.ts';

export { Fleet } from './fleet/fleet.ts';
export type { FleetOptions } from './fleet/options.ts';
export type { Facts } from './fleet/facts.ts';
export type { Intentions } from './fleet/intentions.ts';
export type { Observer, World } from './fleet/world.ts';

export { BALANCERS } from './policies/balancer/index.ts';
export { HEALTHS } from './policies/health/index.ts';
export { BREAKERS } from './policies/breaker/index.ts';
export { AUTOSCALERS } from './policies/autoscaler/index.ts';
export { policy, type PolicyEntry, type PolicyFacts, type Registry } from './policies/registry.ts';
export type { Balancer, Candidates } from './policies/balancer/balancer.ts';
export type { Health } from './policies/health/health.ts';
export type { Breaker } from './policies/breaker/breaker.ts';
export type { Autoscaler } from './policies/autoscaler/autoscaler.ts';

export {
  AutoScaler,
  CircuitBreaker,
  CircuitOpenError,
  LoadBalancer,
  NoServerError,
  ResilientLoadBalancer,
  systemTime,
  type BalancerStatus,
  type CircuitBreakerOptions,
  type Duration,
  type GuardedCall,
  type Lease,
  type LoadBalancerOptions,
  type NoServerReason,
  type Probe,
  type ProbeResult,
  type ResilientLoadBalancerOptions,
  type ScalingAction,
  type ScalingMetrics,
  type ScalingPolicy,
  type ServerStatus,
  type Sized,
  type Strategy,
  type Timekeeper,
} from './live/library.ts';
