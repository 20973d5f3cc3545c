/**
 * The reference's ResilientLoadBalancer: a load balancer with a circuit breaker for each server, whose strategies choose
 * among the servers that are healthy and whose circuit admits (the reference leaves that choice as a comment). Tell
 * `releaseServer` how the call ended, or use `execute`, which does: the circuits know nothing else.
 */
import { makeBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';
import { LoadBalancer, type LoadBalancerOptions } from './load-balancer.ts';

export interface ResilientLoadBalancerOptions extends LoadBalancerOptions {
  /** The reference's defaults: 5 failures, '30s', 3 half-open calls. */
  readonly circuitBreaker?: Omit<CircuitBreakerOptions, 'clock'>;
}

export class ResilientLoadBalancer extends LoadBalancer {
  /** Throws ScenarioError when an option is not allowed. */
  constructor(options: ResilientLoadBalancerOptions) {
    const { circuitBreaker = {} } = options;
    super(options, () => makeBreaker('ResilientLoadBalancer.circuitBreaker', circuitBreaker));
  }
}
