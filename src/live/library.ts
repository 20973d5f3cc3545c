/**
 * The policies for programs of your own: the reference's classes, with its operations, over the very modules that the
 * simulator tries and the gateway serves with. What has been tuned in a scenario behaves the same here.
 *
 *     const balancer = new ResilientLoadBalancer({ servers: ['http://10.0.0.1:8000', 'http://10.0.0.2:8000'] });
 *     balancer.start();
 *     const answer = await balancer.execute((url) => callTool(`${url}/mcp`));
 */
export {
  AutoScaler,
  type ScalingAction,
  type ScalingMetrics,
  type ScalingPolicy,
  type Sized,
} from './library/auto-scaler.ts';
export {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type GuardedCall,
} from './library/circuit-breaker.ts';
export { CircuitOpenError } from './library/circuit-open-error.ts';
export type { Probe, ProbeResult } from './library/health-probe.ts';
export {
  LoadBalancer,
  type BalancerStatus,
  type Lease,
  type LoadBalancerOptions,
  type Strategy,
} from './library/load-balancer.ts';
export { NoServerError, type NoServerReason } from './library/no-server-error.ts';
export {
  ResilientLoadBalancer,
  type ResilientLoadBalancerOptions,
} from './library/resilient-load-balancer.ts';
export type { ServerStatus } from './library/seat.ts';
export type { Duration } from './library/settings.ts';
export { systemTime, type Timekeeper } from './library/timekeeper.ts';
