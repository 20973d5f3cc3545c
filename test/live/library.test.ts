import { describe, expect, test } from 'vitest';
import {
  AutoScaler,
  CircuitBreaker,
  CircuitOpenError,
  LoadBalancer,
  NoServerError,
  ResilientLoadBalancer,
  ScenarioError,
  type LoadBalancerOptions,
  type ScalingMetrics,
} from '../../src/index.ts';
import { HandMovedTime } from './library-time.ts';

const URLS = ['http://a', 'http://b', 'http://c'];

/** A balancer whose servers are as healthy as `down` says. */
const balancerOf = (options: Partial<LoadBalancerOptions> = {}) => {
  const time = new HandMovedTime();
  const down = new Set<string>();
  const probed: string[] = [];
  const probe: NonNullable<LoadBalancerOptions['probe']> = (url) => {
    probed.push(`${url} ${time.now()}`);
    return Promise.resolve(down.has(url) ? { ok: false, error: 'HTTP 500' } : { ok: true });
  };
  const balancer = new LoadBalancer({ servers: URLS, time, probe, seed: 1, ...options });
  return { balancer, time, down, probed };
};

const urlsOf = (balancer: LoadBalancer, calls: number): string[] =>
  Array.from({ length: calls }, () => balancer.getServer().url);

describe('LoadBalancer', () => {
  test('gives every server its turn, before start as well', () => {
    const { balancer } = balancerOf();
    const twice = urlsOf(balancer, 6);
    expect(new Set(twice.slice(0, 3))).toEqual(new Set(URLS));
    expect(twice.slice(3)).toEqual(twice.slice(0, 3));
  });

  test.each(['least_connections', 'least-connections'] as const)(
    '%s picks the server with the fewest leases out',
    (strategy) => {
      const { balancer } = balancerOf({ strategy });
      const leases = Array.from({ length: 3 }, () => balancer.getServer());
      expect(new Set(leases.map(({ url }) => url))).toEqual(new Set(URLS));
      balancer.releaseServer(leases[1]!);
      expect(balancer.getServer().url).toBe(leases[1]!.url);
    },
  );

  test('weighted follows the weights', () => {
    const { balancer } = balancerOf({
      strategy: 'weighted',
      servers: ['http://a', { url: 'http://b', weight: 3 }],
    });
    const share = urlsOf(balancer, 4000).filter((url) => url === 'http://b').length / 4000;
    expect(Math.abs(share - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / 4000));
  });

  test.each(['random', 'p2c'] as const)('%s uses all servers', (strategy) => {
    const { balancer } = balancerOf({ strategy });
    expect(new Set(urlsOf(balancer, 60))).toEqual(new Set(URLS));
  });

  test('takes a server out after three failed checks in a row, and back after two good ones', async () => {
    const { balancer, time, down } = balancerOf();
    const isHealthy = () => balancer.getStatus().servers[1]!.healthy;
    balancer.start();
    down.add('http://b');
    await time.pass(60_000);
    expect(isHealthy()).toBe(true);
    await time.pass(30_000);
    expect(isHealthy()).toBe(false);
    expect(new Set(urlsOf(balancer, 10))).toEqual(new Set(['http://a', 'http://c']));
    down.clear();
    await time.pass(30_000);
    expect(isHealthy()).toBe(false);
    await time.pass(30_000);
    expect(isHealthy()).toBe(true);
    await balancer.stop();
  });

  test('checks each server every 30 s, at a phase of its own', async () => {
    const { balancer, time, probed } = balancerOf();
    balancer.start();
    await time.pass(120_000);
    const instants = URLS.map((url) =>
      probed.filter((line) => line.startsWith(url)).map((line) => Number(line.split(' ')[1])),
    );
    expect(instants.map((row) => row.length)).toEqual([4, 4, 4]);
    for (const row of instants) {
      expect(row.slice(1).map((at, k) => Math.round(at - row[k]!))).toEqual([
        30_000, 30_000, 30_000,
      ]);
    }
    expect(new Set(instants.map(([first]) => first)).size).toBe(3);
  });

  test('says nothing to servers and keeps no alarm once it is stopped, and goes on when started again', async () => {
    const { balancer, time, probed } = balancerOf();
    balancer.start();
    await time.pass(40_000);
    await balancer.stop();
    expect(time.alarms).toBe(0);
    const asked = probed.length;
    await time.pass(100_000);
    expect(probed).toHaveLength(asked);
    balancer.start();
    await time.pass(1000);
    const again = probed.slice(asked).map((line) => line.split(' ')[0]);
    expect(again.toSorted()).toEqual(URLS);
    const caughtUp = probed.length;
    await time.pass(60_000);
    expect(probed).toHaveLength(caughtUp + 6);
  });

  test('gives a check that hangs up when it is stopped, and does not blame the server', async () => {
    const time = new HandMovedTime();
    const balancer = new LoadBalancer({
      servers: URLS,
      time,
      unhealthyThreshold: 1,
      probe: (_url, _timeout, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ ok: false, error: 'given up' })),
        ),
    });
    balancer.start();
    await time.pass(30_000);
    await balancer.stop();
    expect(balancer.getStatus().healthyCount).toBe(3);
  });

  test('asks again at once when it is started while the end of its checks is still awaited', async () => {
    const time = new HandMovedTime();
    let asked = 0;
    const balancer = new LoadBalancer({
      servers: ['http://a'],
      time,
      probe: (_url, _timeout, signal) => {
        asked++;
        return new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ ok: false, error: 'given up' })),
        );
      },
    });
    balancer.start();
    await time.pass(30_000);
    const stopped = balancer.stop();
    balancer.start();
    await time.pass(100);
    expect(asked).toBe(2);
    await Promise.all([stopped, balancer.stop()]);
  });

  test('says why there is no server, and when asking again may help', async () => {
    const { balancer, time, down } = balancerOf({ servers: ['http://a'], unhealthyThreshold: 1 });
    balancer.start();
    down.add('http://a');
    await time.pass(30_000);
    let told: unknown;
    try {
      balancer.getServer();
    } catch (error) {
      told = error;
    }
    expect(told).toBeInstanceOf(NoServerError);
    const { reason, retryAfterMs, message } = told as NoServerError;
    expect(reason).toBe('unhealthy');
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
    expect(message).toMatch(/all are unhealthy; try again in/);
  });

  test('ends exactly the lease that is given back, and each once', () => {
    const { balancer } = balancerOf({ servers: ['http://a'] });
    const [first, second] = [balancer.getServer(), balancer.getServer()];
    const active = () => balancer.getStatus().servers[0]!.activeConnections;
    expect(active()).toBe(2);
    balancer.releaseServer(first);
    balancer.releaseServer(first);
    expect(active()).toBe(1);
    balancer.releaseServer(second);
    expect(active()).toBe(0);
  });

  test('tells its status in the words of the reference', async () => {
    const { balancer, time, down } = balancerOf({
      servers: ['http://a', { url: 'http://b', weight: 2 }],
    });
    down.add('http://b');
    balancer.start();
    await time.pass(30_000);
    expect(balancer.getStatus()).toEqual({
      strategy: 'round_robin',
      servers: [
        {
          url: 'http://a',
          healthy: true,
          activeConnections: 0,
          weight: 1,
          lastHealthCheck: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          lastError: null,
          circuit: 'closed',
        },
        {
          url: 'http://b',
          healthy: true,
          activeConnections: 0,
          weight: 2,
          lastHealthCheck: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          lastError: 'HTTP 500',
          circuit: 'closed',
        },
      ],
      healthyCount: 2,
      totalCount: 2,
    });
  });

  test.each([
    [{ servers: [] }, 'at least one server'],
    [{ servers: ['a b'] }, 'is not a URL'],
    [{ servers: ['http://a', 'http://a'] }, 'is named twice'],
    [{ servers: [{ url: 'http://a', weight: 0 }] }, 'a number above 0'],
    [{ strategy: 'round_robbin' as 'random' }, 'did you mean `round-robin`'],
    [{ healthCheckInterval: 30 as unknown as string }, 'a number without a unit is refused'],
    [{ unhealthyThreshold: 0 }, 'LoadBalancer.unhealthyThreshold'],
  ])('refuses %j', (options, why) => {
    let told = '';
    try {
      balancerOf(options);
    } catch (error) {
      expect(error).toBeInstanceOf(ScenarioError);
      const { place, message } = error as ScenarioError;
      told = `${place?.file ?? ''} ${message}`;
    }
    expect(told).toContain(why);
  });
});

describe('ResilientLoadBalancer', () => {
  const resilientOf = () => {
    const time = new HandMovedTime();
    const balancer = new ResilientLoadBalancer({ servers: ['http://a', 'http://b'], time });
    const fail = (url: string, times: number) => {
      for (let failed = 0; failed < times;) {
        const lease = balancer.getServer();
        const fails = lease.url === url;
        balancer.releaseServer(lease, fails ? 'http-5xx' : 'ok');
        if (fails) failed++;
      }
    };
    return { time, balancer, fail };
  };

  test('sends nothing through an open circuit, and three calls at a time through a half-open one', async () => {
    const { time, balancer, fail } = resilientOf();
    fail('http://a', 5);
    expect(balancer.getStatus().servers.map(({ circuit }) => circuit)).toEqual(['open', 'closed']);
    expect(new Set(urlsOf(balancer, 10))).toEqual(new Set(['http://b']));
    await time.pass(30_000);
    const trials = urlsOf(balancer, 20).filter((url) => url === 'http://a');
    expect(trials).toHaveLength(3);
  });

  test('says that circuits are open, and when the first tries again', async () => {
    const { time, balancer, fail } = resilientOf();
    fail('http://a', 5);
    await time.pass(10_000);
    fail('http://b', 5);
    expect(() => balancer.getServer()).toThrow(
      /circuits of the healthy ones are open; try again in 20s/,
    );
  });

  test('tells the circuit of what execute throws, and does not blame the server for an abort', async () => {
    const { balancer } = resilientOf();
    const boom = () => Promise.reject(new Error('boom'));
    const abort = () => Promise.reject(new DOMException('no longer', 'AbortError'));
    for (let k = 0; k < 20; k++) await expect(balancer.execute(abort)).rejects.toThrow('no longer');
    expect(balancer.getStatus().servers.map(({ circuit }) => circuit)).toEqual([
      'closed',
      'closed',
    ]);
    for (let k = 0; k < 10; k++) await expect(balancer.execute(boom)).rejects.toThrow('boom');
    await expect(balancer.execute(boom)).rejects.toThrow(NoServerError);
    expect(await resilientOf().balancer.execute((url) => url)).toMatch(/^http:/);
  });
});

describe('CircuitBreaker', () => {
  test('opens after five failures, tries again after 30 s, and closes with a success', async () => {
    const clock = new HandMovedTime();
    const breaker = new CircuitBreaker({ clock });
    for (let k = 0; k < 4; k++) breaker.recordFailure();
    expect(breaker.canExecute()).toBe(true);
    breaker.recordFailure();
    expect([breaker.state, breaker.canExecute()]).toEqual(['open', false]);
    await clock.pass(30_000);
    expect([breaker.state, breaker.canExecute()]).toEqual(['half-open', true]);
    breaker.recordSuccess();
    expect(breaker.state).toBe('closed');
  });

  test('takes a failure back for each success', () => {
    const breaker = new CircuitBreaker({ clock: new HandMovedTime() });
    for (let k = 0; k < 20; k++) {
      breaker.recordFailure();
      breaker.recordSuccess();
    }
    for (let k = 0; k < 4; k++) breaker.recordFailure();
    expect(breaker.state).toBe('closed');
  });

  test('half-open, lets no more than the limit through until something is recorded', async () => {
    const clock = new HandMovedTime();
    const breaker = new CircuitBreaker({ clock, failureThreshold: 1 });
    breaker.recordFailure();
    await clock.pass(30_000);
    const asked = Array.from({ length: 6 }, () => breaker.canExecute());
    expect(asked).toEqual([true, true, true, false, false, false]);
    expect(breaker.state).toBe('half-open');
    breaker.recordSuccess();
    expect(breaker.state).toBe('closed');
    // What the others of that round say is history.
    breaker.recordFailure();
    breaker.recordFailure();
    expect(breaker.state).toBe('closed');
    breaker.recordFailure();
    expect(breaker.state).toBe('open');
  });

  test('half-open, waits for no call that never says how it ended', async () => {
    const clock = new HandMovedTime();
    const breaker = new CircuitBreaker({ clock, failureThreshold: 1, halfOpenMaxCalls: 1 });
    breaker.recordFailure();
    await clock.pass(30_000);
    expect([breaker.canExecute(), breaker.canExecute()]).toEqual([true, false]);
    await clock.pass(3_600_000);
    expect(breaker.canExecute()).toBe(true);
  });

  test('ignores what is recorded while it is open', async () => {
    const clock = new HandMovedTime();
    const breaker = new CircuitBreaker({ clock, failureThreshold: 1 });
    breaker.recordFailure();
    await clock.pass(29_000);
    breaker.recordSuccess();
    breaker.recordFailure();
    await clock.pass(1000);
    expect(breaker.state).toBe('half-open');
  });

  test('counts calls that begin: no more than the limit at a time, and late answers move nothing', async () => {
    const clock = new HandMovedTime();
    const breaker = new CircuitBreaker({ clock, failureThreshold: 1 });
    const late = breaker.begin()!;
    breaker.begin()!.failed();
    await clock.pass(30_000);
    const trials = [breaker.begin(), breaker.begin(), breaker.begin()];
    expect(breaker.begin()).toBeNull();
    late.succeeded();
    expect(breaker.state).toBe('half-open');
    trials[0]!.cancelled();
    trials[0]!.cancelled();
    expect(breaker.begin()).not.toBeNull();
    expect(breaker.begin()).toBeNull();
    trials[1]!.succeeded();
    expect(breaker.state).toBe('closed');
  });

  test('execute makes no call through an open circuit, and says when to come back', async () => {
    const breaker = new CircuitBreaker({ clock: new HandMovedTime(), failureThreshold: 1 });
    await expect(breaker.execute(() => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
    let made = false;
    const refused = breaker.execute(() => (made = true));
    await expect(refused).rejects.toThrow(CircuitOpenError);
    await expect(refused).rejects.toThrow('the circuit is open; try again in 30s');
    expect(made).toBe(false);
  });

  test('refuses an option by the name it has here', () => {
    expect(() => new CircuitBreaker({ failureThreshold: 0 })).toThrow(/whole number from 1/);
    expect(() => new CircuitBreaker({ recoveryTimeout: 30 as unknown as string })).toThrow(
      /without a unit/,
    );
  });
});

describe('AutoScaler', () => {
  const BUSY: ScalingMetrics = {
    avgLatencyMs: 3000,
    requestsPerSecond: 1,
    activeConnections: 0,
    errorRate: 0,
    queueDepth: 0,
  };
  const IDLE: ScalingMetrics = { ...BUSY, avgLatencyMs: 100 };

  test('follows the score of the reference, one action a cooldown', async () => {
    const clock = new HandMovedTime();
    const scaler = new AutoScaler({}, { serverCount: 4 }, clock);
    expect(scaler.evaluate(BUSY)).toBe('scale_up');
    expect(scaler.because).toBe('score 0.90 > 0.8');
    await clock.pass(299_999);
    expect(scaler.evaluate(IDLE)).toBeNull();
    await clock.pass(1);
    expect(scaler.evaluate(IDLE)).toBe('scale_down');
  });

  test('keeps within its bounds', () => {
    const clock = new HandMovedTime();
    expect(new AutoScaler({}, { serverCount: 10 }, clock).evaluate(BUSY)).toBeNull();
    expect(new AutoScaler({}, { serverCount: 2 }, clock).evaluate(IDLE)).toBeNull();
    expect(new AutoScaler({}, { serverCount: 1 }, clock).evaluate(IDLE)).toBe('scale_up');
  });

  test("takes a balancer for its fleet, and the reference's names for its policy", () => {
    const { balancer } = balancerOf();
    const policy = { scaleUpThreshold: 0.95, minInstances: 1, maxInstances: 3, cooldownSeconds: 0 };
    const scaler = new AutoScaler(policy, balancer, new HandMovedTime());
    expect(scaler.evaluate(BUSY)).toBeNull();
    expect(scaler.evaluate(IDLE)).toBe('scale_down');
  });
});
