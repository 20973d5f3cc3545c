/** Scenarios small enough to be simulated in a moment. */

/** Three servers; the first fails half its calls for a while. */
export const FLAKY = `
question: Does a breaker pay?
duration: 8s
warmup: 1s
seeds: 2
traffic:
  arrivals: { poisson: 100/s }
  timeout: 300ms
  retries: { attempts: 2, backoff: 5ms }
  calls: { search: { work: { exponential: 20ms } } }
servers: { count: 3, slots: 4 }
faults:
  - { at: 2s, for: 4s, servers: 1, errors: 50% }
contenders:
  without breaker: {}
  with breaker: { breaker: { counter: { failures: 3, recovery: 1s } } }
slo: { errors: 100% }
`;

/** Every server is down from the start. */
export const DOWN = `
duration: 2s
warmup: 0
seeds: 1
traffic: { arrivals: { constant: 50/s } }
servers: { count: 2 }
faults: [{ at: 0, servers: all, crash: true }]
`;

/** Enough work for minutes. */
export const LONG = `
duration: 10m
seeds: 1000
traffic: { arrivals: { poisson: 200/s }, calls: { call: { work: { exponential: 10ms } } } }
servers: { count: 4 }
`;

/** Legacy sessions: a handshake and two calls each. */
export const SESSIONS = `
duration: 5s
warmup: 0
seeds: 1
traffic:
  arrivals: { constant: 2/s }
  era: legacy
  sessions: { calls: 2, think: 100ms }
  calls: { search: { work: 10ms } }
servers: { count: 2 }
affinity: session
`;
