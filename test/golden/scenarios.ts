/** Three whole runs that between them use nearly every part of the house, as people write them. */

/** Errors, a grey failure and a breaker; retries with random pauses; two tools, one not to be repeated. */
const FLAKY = `
question: What do a breaker and retries make of flaky servers?
duration: 2m
warmup: 10s
traffic:
  arrivals: { poisson: { rate: 60/s } }
  timeout: 800ms
  retries: { attempts: 3, backoff: { exponential: 40ms } }
  calls:
    search: { share: 80%, work: { lognormal: { mean: 40ms, cv: 1 } } }
    report: { share: 20%, work: { exponential: { mean: 150ms } }, safe: false }
servers: { count: 5, slots: 2, queue: 8 }
faults:
  - { at: 30s, for: 40s, servers: 2, errors: 60% }
  - { at: 60s, for: 20s, servers: [3], slow: 8x, health: ok }
  - { at: 20s, servers: all, toolErrors: 2% }
balancer: p2c
health: { interval: 5s, timeout: 1s, unhealthy: 2 }
breaker: { counter: { failures: 4, recovery: 8s, halfOpenCalls: 2 } }
`;

/** Legacy sessions that live on their server, while the fleet scales and a server crashes. */
const SESSIONS = `
question: Do legacy sessions outlive a crash and a scale-in?
duration: 6m
warmup: 30s
traffic:
  arrivals: { sine: { mean: 2/s, amplitude: 1.5/s, period: 3m } }
  era: legacy
  timeout: 5s
  sessions:
    calls: { geometric: 8 }
    think: { exponential: 3s }
    share: 80%
    recover: true
  calls:
    search: { work: { lognormal: { mean: 500ms, cv: 1 } } }
servers: { count: 3, slots: 3, startup: 8s }
faults:
  - { at: 150s, for: 20s, servers: [1], crash: true }
balancer: least-connections
affinity: session
health: { interval: 6s, timeout: 2s, unhealthy: 2 }
autoscaler: { threshold: { min: 2, max: 8, up: 0.3, down: 0.2, cooldown: 20s } }
drain: 15s
`;

/** Processor sharing in unlike groups under a network of random delay; servers leak, flap, hang and are cut off. */
const SHARING = `
question: How does processor sharing bear a leak and a flapping server?
duration: 3m
warmup: 15s
traffic:
  arrivals: { gamma: { rate: 30/s, cv: 2 } }
  timeout: 3s
  retries: { attempts: 2, backoff: 100ms }
  calls:
    call: { work: { hyperexponential: { mean: 80ms, cv: 2 } } }
servers:
  discipline: processor-sharing
  startup: 5s
  groups:
    - { name: small, count: 3, slots: 2 }
    - { name: big, count: 1, speed: 2, weight: 2, slots: 4 }
network: { lognormal: { mean: 4ms, cv: 1 } }
faults:
  - { at: 40s, for: 80s, servers: [2], leak: { slower: 6x, over: 50s } }
  - { at: 60s, for: 60s, servers: big, flap: { up: 12s, down: 6s } }
  - { at: 130s, for: 10s, servers: [1], hang: true, health: ok }
  - { at: 150s, for: 10s, servers: [3], partition: true }
balancer: weighted
health: { interval: 4s, timeout: 1s, unhealthy: 2, healthy: 2 }
`;

export const GOLDEN = { FLAKY, SESSIONS, SHARING };
