/** The scenario that docs/scenario.md explains, comments and all, and how tests load one. */
import { loadScenario, type Loaded, type LoadOptions } from '../../src/scenario/load.ts';

export const FLAKY = `# yaml-language-server: $schema=../scenario.schema.json
question: Does a per-server circuit breaker pay when two of six servers turn flaky?   # the title
duration: 5m
warmup: 30s
seeds: 10                  # replications 1..10; or a list of seeds
judge: [errorRate, latencyMsP99]

traffic:
  arrivals: { poisson: { rate: 120/s } }
  era: modern
  timeout: 2s
  retries: { attempts: 2, backoff: 50ms }
  calls:
    search: { share: 70%, work: { lognormal: { mean: 40ms, cv: 1 } } }
    report: { share: 30%, work: { exponential: { mean: 200ms } }, safe: false }

servers:
  count: 6
  slots: 8
  queue: 64
  startup: 10s

network: 1ms

faults:
  - { at: 60s, for: 120s, servers: 2, errors: 50% }

balancer: round-robin
affinity: none
health: { interval: 10s, timeout: 5s, unhealthy: 3, healthy: 2 }
breaker: { counter: { failures: 5, recovery: 30s, halfOpenCalls: 3 } }
autoscaler: none

contenders:
  without breaker: { breaker: none }
  with breaker: {}

slo: { latency: { p99: 500ms }, errors: 1% }
`;

/** The least a scenario has to say. */
export const LEAST = `traffic: { arrivals: { poisson: 10/s } }
servers: { count: 3 }
`;

/** Loads a text as scenarios/flaky.yaml; files come from `files`. */
export const load = (
  text: string,
  options: Partial<LoadOptions> & { readonly files?: Readonly<Record<string, string>> } = {},
): Loaded => {
  const { files = {}, ...rest } = options;
  return loadScenario({
    file: 'scenarios/flaky.yaml',
    text,
    readFile: (path) => {
      const found = files[path];
      if (found === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
      return found;
    },
    ...rest,
  });
};
