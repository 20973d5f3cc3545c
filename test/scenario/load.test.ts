import { describe, expect, it } from 'vitest';
import { METRICS } from '../../src/core/metrics.ts';
import { FLAKY, LEAST, load } from './flaky-scenario.ts';

describe('a scenario', () => {
  it('is read whole, durations in ms, shares of one, rates a second', () => {
    const { scenario, warnings } = load(FLAKY);
    expect(warnings).toEqual([]);
    expect(scenario).toMatchObject({
      name: 'flaky',
      question: 'Does a per-server circuit breaker pay when two of six servers turn flaky?',
      duration: 300_000,
      warmup: 30_000,
      seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      judge: ['errorRate', 'latencyMsP99'],
      margin: 0.05,
      matrix: null,
    });
    const [without, withBreaker] = scenario.contenders;
    expect(scenario.contenders.map(({ name }) => name)).toEqual([
      'without breaker',
      'with breaker',
    ]);
    expect(without?.changes).toEqual({ breaker: 'none' });
    expect(without?.setup.breaker).toEqual({ name: 'none', options: {} });
    expect(withBreaker?.setup.breaker).toMatchObject({
      name: 'counter',
      options: { failures: 5, recovery: 30_000, halfOpenCalls: 3 },
    });
    expect(withBreaker?.setup).toMatchObject({
      traffic: {
        arrivals: { kind: 'poisson', rate: 120 },
        era: 'modern',
        timeout: 2000,
        retries: { attempts: 2, backoff: { kind: 'constant', value: 50 } },
        sessions: null,
        calls: [
          { name: 'search', share: 0.7, safe: true, work: { kind: 'lognormal', mean: 40, cv: 1 } },
          { name: 'report', share: 0.3, safe: false, work: { kind: 'exponential', mean: 200 } },
        ],
      },
      servers: { count: 6, startup: 10_000, discipline: 'fifo', overload: 'reject' },
      network: { kind: 'constant', value: 1 },
      faults: [
        {
          at: 60_000,
          for: 120_000,
          every: null,
          servers: [0, 1],
          healthOk: false,
          effect: { kind: 'errors', share: 0.5 },
          label: 'errors 50% on s1, s2',
        },
      ],
      health: { name: 'active', options: { interval: 10_000, timeout: 5000 } },
      slo: [
        { metric: 'latencyMsP99', limit: 500 },
        { metric: 'errorRate', limit: 0.01 },
      ],
    });
    expect(scenario.base).toEqual(withBreaker?.setup);
  });

  it('fills what is left out', () => {
    const { scenario } = load(LEAST);
    expect(scenario).toMatchObject({
      question: 'flaky',
      duration: 300_000,
      warmup: 30_000,
      margin: 0.05,
      judge: ['errorRate', 'latencyMsP99'],
    });
    expect(scenario.seeds).toHaveLength(10);
    expect(scenario.contenders).toEqual([
      {
        name: 'baseline',
        changes: {},
        cell: null,
        setup: {
          traffic: {
            arrivals: { kind: 'poisson', rate: 10 },
            era: 'modern',
            timeout: null,
            retries: { attempts: 1, backoff: { kind: 'constant', value: 0 } },
            sessions: null,
            keys: null,
            hedging: null,
            budget: null,
            calls: [
              {
                name: 'call',
                share: 1,
                safe: true,
                work: { kind: 'lognormal', mean: 100, cv: 1 },
              },
            ],
          },
          servers: {
            count: 3,
            startup: 0,
            discipline: 'fifo',
            overload: 'reject',
            groups: [
              {
                name: 'servers',
                count: 3,
                speed: 1,
                weight: 1,
                slots: 8,
                queue: null,
                patience: null,
              },
            ],
          },
          network: { kind: 'constant', value: 1 },
          faults: [],
          balancer: { name: 'round-robin', options: {} },
          affinity: 'none',
          rebalance: null,
          ejection: { name: 'none', options: {} },
          panic: 0,
          slowStart: null,
          limit: { name: 'none', options: {} },
          backlog: null,
          victims: 'newest',
          health: {
            name: 'active',
            options: { interval: 30_000, timeout: 5000, unhealthy: 3, healthy: 2 },
          },
          breaker: { name: 'none', options: {} },
          autoscaler: { name: 'none', options: {} },
          drain: 30_000,
          slo: [],
        },
      },
    ]);
  });

  it('takes the warm-up as a tenth of the duration unless it says', () => {
    expect(load(`${LEAST}duration: 20m\n`).scenario.warmup).toBe(120_000);
    expect(load(`${LEAST}warmup: 0\n`).scenario.warmup).toBe(0);
  });

  it('is plain data that crosses a worker thread unchanged', () => {
    const { scenario } = load(FLAKY);
    expect(structuredClone(scenario)).toEqual(scenario);
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
  });

  it('only sets objectives for metrics that exist', () => {
    const slo = `slo:
  latency: { mean: 1s, p50: 1s, p90: 1s, p95: 1s, p99: 1s, p999: 2s, max: 5s }
  wait: { mean: 1ms, p99: 1s }
  errors: 1%
  toolErrors: 1%
  goodput: 100/s
  timeouts: 0
  rejected: 10
  sessionsLost: 0
  detection: 30s
  serverSeconds: 1000
`;
    const limits = load(LEAST + slo).scenario.base.slo;
    expect(limits).toHaveLength(17);
    expect(limits.filter(({ metric }) => METRICS[metric].better === 'none')).toEqual([]);
    expect(limits).toContainEqual({ metric: 'goodputRps', limit: 100 });
  });
});

describe('short forms', () => {
  const setup = (text: string) => load(LEAST + text).scenario.base;
  const arrivals = (text: string) =>
    load(`servers: { count: 1 }\ntraffic: { arrivals: ${text} }\n`).scenario.base.traffic.arrivals;

  it.each(['round_robin', 'random', 'least_connections', 'weighted', 'round-robin'])(
    'know the balancer %s, underscores or hyphens',
    (name) => {
      expect(setup(`balancer: ${name}\n`).balancer.name).toBe(name.replace('_', '-'));
    },
  );

  it('are the long form with defaults', () => {
    expect(setup('breaker: counter\n').breaker).toEqual(
      setup('breaker: { counter: {} }\n').breaker,
    );
    expect(setup('balancer: { random: }\n').balancer).toEqual({ name: 'random', options: {} });
    expect(setup('health: active\n').health).toEqual(setup('health: {}\n').health);
    expect(setup('health: { active: { interval: 5s } }\n').health.options['interval']).toBe(5000);
  });

  it('say none in every family and for every limit', () => {
    const none = setup('health: none\nbreaker: none\nautoscaler: none\ndrain: none\n');
    expect([none.health.name, none.breaker.name, none.autoscaler.name]).toEqual(
      Array(3).fill('none'),
    );
    expect(none.drain).toBe(0);
  });

  it.each<[string, object]>([
    ['5ms', { kind: 'constant', value: 5 }],
    ['0', { kind: 'constant', value: 0 }],
    ['{ exponential: 2ms }', { kind: 'exponential', mean: 2 }],
    ['{ exponential: { mean: 2ms } }', { kind: 'exponential', mean: 2 }],
    ['{ uniform: { min: 1ms, max: 2ms } }', { kind: 'uniform', min: 1, max: 2 }],
    ['{ normal: { mean: 5ms, sd: 1ms } }', { kind: 'normal', mean: 5, sd: 1 }],
    ['{ gamma: { mean: 5ms, cv: 0.5 } }', { kind: 'gamma', mean: 5, cv: 0.5 }],
    ['{ weibull: { mean: 5ms, shape: 2 } }', { kind: 'weibull', mean: 5, shape: 2 }],
    ['{ pareto: { mean: 5ms, shape: 2.5 } }', { kind: 'pareto', mean: 5, shape: 2.5 }],
    ['{ hyperexponential: { mean: 5ms, cv: 2 } }', { kind: 'hyperexponential', mean: 5, cv: 2 }],
  ])('of a distribution: %s', (text, distribution) => {
    expect(setup(`network: ${text}\n`).network).toEqual(distribution);
  });

  it('of a lognormal by two percentiles have those percentiles', () => {
    const law = setup('network: { lognormal: { p50: 40ms, p99: 400ms } }\n').network;
    if (law.kind !== 'lognormal') throw new Error('not a lognormal');
    const sigma = Math.sqrt(Math.log1p(law.cv ** 2));
    const median = law.mean * Math.exp(-(sigma ** 2) / 2);
    expect(median).toBeCloseTo(40, 9);
    expect(median * Math.exp(2.326347874 * sigma)).toBeCloseTo(400, 6);
  });

  it.each<[string, object]>([
    ['{ poisson: 120/s }', { kind: 'poisson', rate: 120 }],
    ['{ constant: 30/m }', { kind: 'constant', rate: 0.5 }],
    ['{ gamma: { rate: 5/s, cv: 3 } }', { kind: 'gamma', rate: 5, cv: 3 }],
    ['{ ramp: { from: 0, to: 9/s, over: 1m } }', { kind: 'ramp', from: 0, to: 9, over: 60_000 }],
    [
      '{ steps: [{ at: 0, rate: 1/s }, { at: 1m, rate: 5/s }] }',
      {
        kind: 'steps',
        steps: [
          { at: 0, rate: 1 },
          { at: 60_000, rate: 5 },
        ],
      },
    ],
    [
      '{ sine: { mean: 100/s, amplitude: 50/s, period: 10m } }',
      { kind: 'sine', mean: 100, amplitude: 50, period: 600_000, phase: 0 },
    ],
    [
      '{ bursts: { low: { rate: 10/s, mean: 50s }, high: { rate: 90/s, mean: 10s } } }',
      {
        kind: 'bursts',
        states: [
          { rate: 10, mean: 50_000 },
          { rate: 90, mean: 10_000 },
        ],
      },
    ],
    [
      '{ bursts: [{ rate: 1/s, mean: 5s }, { rate: 0, mean: 1s }] }',
      {
        kind: 'bursts',
        states: [
          { rate: 1, mean: 5000 },
          { rate: 0, mean: 1000 },
        ],
      },
    ],
  ])('of arrivals: %s', (text, process) => {
    expect(arrivals(text)).toEqual(process);
  });
});

describe('demand', () => {
  const traffic = (text: string) =>
    load(`servers: { count: 1 }\ntraffic:\n  arrivals: { poisson: 1/s }\n${text}`).scenario.base
      .traffic;

  it('gives tools without a share an equal part of the rest, in the file’s order', () => {
    const { calls } = traffic('  calls: { z: { share: 40% }, 5: {}, a: }\n');
    expect(calls.map(({ name }) => name)).toEqual(['z', '5', 'a']);
    [0.4, 0.3, 0.3].forEach((share, tool) => expect(calls[tool]?.share).toBeCloseTo(share, 12));
  });

  it('takes shares that add up to 99.9 % for rounding', () => {
    const { calls } = traffic(
      '  calls: { a: { share: 33.3% }, b: { share: 33.3% }, c: { share: 33.3% } }\n',
    );
    expect(calls.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('reads sessions, their era and that of single requests', () => {
    const sessions = `  era: legacy
  sessions: { calls: { geometric: { mean: 12 } }, think: { exponential: 5s }, share: 60%, recover: true }
  singles: { era: modern }
`;
    expect(traffic(sessions)).toMatchObject({
      era: 'modern',
      sessions: {
        era: 'legacy',
        calls: { kind: 'geometric', mean: 12 },
        think: { kind: 'exponential', mean: 5000 },
        share: 0.6,
        recover: true,
      },
    });
    expect(traffic('  sessions: { calls: 3, think: 1s }\n').sessions).toEqual({
      era: 'modern',
      calls: { kind: 'constant', value: 3 },
      think: { kind: 'constant', value: 1000 },
      share: 1,
      recover: false,
    });
  });

  it('retries without limit when it says so', () => {
    expect(traffic('  retries: { attempts: unlimited, backoff: 1s }\n').retries).toEqual({
      attempts: null,
      backoff: { kind: 'constant', value: 1000 },
    });
  });
});

describe('servers', () => {
  const servers = (text: string) =>
    load(`traffic: { arrivals: { poisson: 1/s } }\nservers: ${text}\n`).scenario.base.servers;

  it('in groups inherit what is said of all', () => {
    const { count, groups } = servers(
      '{ slots: 4, patience: 2s, groups: [{ name: big, count: 2, speed: 2, weight: 2, slots: 16 }, { count: 4 }] }',
    );
    const patience = { kind: 'constant', value: 2000 };
    expect(count).toBe(6);
    expect(groups).toEqual([
      { name: 'big', count: 2, speed: 2, weight: 2, slots: 16, queue: null, patience },
      { name: 'group 2', count: 4, speed: 1, weight: 1, slots: 4, queue: null, patience },
    ]);
  });

  it('may give the sum of their groups', () => {
    expect(servers('{ count: 3, groups: [{ count: 1 }, { count: 2 }] }').count).toBe(3);
  });
});

describe('fault targets', () => {
  const targets = (text: string, servers = '{ count: 10 }') => {
    const faults = `faults:\n  - { at: 1s, servers: ${text}, hang: true }\n`;
    const { base } = load(
      `traffic: { arrivals: { poisson: 1/s } }\nservers: ${servers}\n${faults}`,
    ).scenario;
    return base.faults[0];
  };

  it.each<[string, readonly number[] | 'all']>([
    ['2', [0, 1]],
    ['[4, 1]', [0, 3]],
    ['30%', [0, 1, 2]],
    ['31%', [0, 1, 2, 3]],
    ['all', 'all'],
  ])('%s', (text, ids) => {
    expect(targets(text)?.servers).toEqual(ids);
  });

  it('by the name of a group', () => {
    const groups = '{ groups: [{ name: old, count: 3 }, { name: new, count: 2 }] }';
    expect(targets('new', groups)).toMatchObject({ servers: [3, 4], label: 'hang on new' });
  });

  it('are named in a legend, many of them as a range', () => {
    expect(targets('2')?.label).toBe('hang on s1, s2');
    expect(targets('70%')?.label).toBe('hang on s1 to s7');
    expect(targets('[1, 3, 5, 7, 9]')?.label).toBe('hang on 5 servers');
    expect(targets('all')?.label).toBe('hang on all servers');
  });
});

describe('seeds', () => {
  const seeds = (text: string, options = {}) => load(LEAST + text, options).scenario.seeds;

  it('are a count or a list, in the file or on the command line', () => {
    expect(seeds('seeds: 3\n')).toEqual([1, 2, 3]);
    expect(seeds('seeds: [7, 5]\n')).toEqual([7, 5]);
    expect(seeds('', { seeds: '4' })).toEqual([1, 2, 3, 4]);
    expect(seeds('', { seeds: '5,2,9' })).toEqual([5, 2, 9]);
  });

  it('are the first five of a quick run, unless it says how many', () => {
    expect(seeds('seeds: [9, 8, 7, 6, 5, 4]\n', { quick: true })).toEqual([9, 8, 7, 6, 5]);
    expect(seeds('', { quick: true, seeds: '7' })).toHaveLength(7);
  });

  it.each(['0', '-1', '1,1', '2.5', 'x', '1,', '3000000000,1', ''])('refuse --seeds %s', (text) => {
    expect(() => seeds('', { seeds: text })).toThrow(
      `--seeds ${text}  allowed: a count such as 20`,
    );
  });
});
