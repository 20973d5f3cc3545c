import { describe, expect, it } from 'vitest';
import { departures } from '../../src/scenario/practice.ts';
import { load } from './flaky-scenario.ts';

const GOOD = `traffic: { arrivals: { poisson: 1/s } }
servers: { count: 2 }
breaker: counter
`;

const told = (text: string): readonly string[] =>
  departures(load(text).scenario).map(
    ({ aspect, what, contenders }) => `${aspect}: ${what} (${contenders.join(', ')})`,
  );

describe('the best practices', () => {
  it('are kept by two servers, a breaker and the defaults', () => {
    expect(told(GOOD)).toEqual([]);
  });

  it.each([
    ['servers: { count: 2 }', 'servers: { count: 1 }', 'minimum instances: as few as 1'],
    [
      'servers',
      'autoscaler: { threshold: { min: 5, max: 9 } }\nservers',
      'instances at the start: 2',
    ],
    ['breaker: counter', 'breaker: none', 'circuit breaker: none'],
    ['breaker: counter', 'breaker: { counter: { recovery: 5s } }', 'circuit breaker timeout: 5s'],
    ['breaker: counter', 'breaker: { counter: { recovery: 2m } }', 'circuit breaker timeout: 2m'],
    ['servers', 'health: { interval: 5s }\nservers', 'health check interval: 5s'],
    ['servers', 'health: { interval: 2m }\nservers', 'health check interval: 2m'],
    ['servers', 'health: none\nservers', 'health check interval: no health checks'],
    ['servers', 'health: { unhealthy: 1 }\nservers', 'unhealthy threshold: 1'],
    ['servers', 'drain: none\nservers', 'connection draining: off'],
  ])('are departed from by %s -> %s', (good, other, departure) => {
    expect(told(GOOD.replace(good, other))).toEqual([`${departure} (baseline)`]);
  });

  it('include a deadline where servers fall silent', () => {
    const hung = `${GOOD}faults: [{ at: 1s, servers: [1], hang: true }]\n`;
    expect(told(hung.replace('1/s }', '1/s }, timeout: 2s'))).toEqual([]);
    expect(told(hung)).toEqual(['timeout: none (baseline)']);
  });

  it('count the servers an autoscaler may scale down to', () => {
    const text = `${GOOD}autoscaler: { threshold: { min: 1 } }\n`;
    expect(told(text)).toEqual(['minimum instances: as few as 1 (baseline)']);
  });

  it.each([
    ['schedule: { under: { threshold: { min: 1 } } }', 'minimum instances: as few as 1'],
    ['predictive: { under: { queue: { min: 0 } } }', 'minimum instances: as few as 0'],
    [
      'schedule: { under: { predictive: { under: { threshold: { min: 1 } } } } }',
      'minimum instances: as few as 1',
    ],
    [
      'schedule: { under: { threshold: { min: 1 } }, windows: [{ from: 0, to: 1m, min: 2 }] }',
      'minimum instances: as few as 1',
    ],
    [
      'schedule: { under: { threshold: { min: 1 } }, windows: [{ from: 1m, min: 2 }] }',
      'minimum instances: as few as 1',
    ],
    ['predictive: { under: { threshold: { min: 5 } } }', 'instances at the start: 2'],
    [
      'schedule: { under: { kpa: { min: 2, max: 9 } } , windows: [{ from: 0, min: 4 }] }',
      'instances at the start: 2',
    ],
  ])('look into what an autoscaler raises: %s', (autoscaler, departure) => {
    expect(told(`${GOOD}autoscaler: { ${autoscaler} }\n`)).toEqual([`${departure} (baseline)`]);
  });

  it.each([
    'schedule: { under: { threshold: { min: 1 } }, windows: [{ from: 0, min: 2 }] }',
    'schedule: { under: { threshold: { min: 1 } }, repeat: 1h, windows: [{ from: 0, to: 40m, min: 2 }, { from: 30m, to: 1h, min: 3 }] }',
    'schedule: { under: { kpa: { min: 2 } } }',
    'predictive: { under: { threshold: { min: 2 } } }',
  ])('are kept where it is raised at all times: %s', (autoscaler) => {
    expect(told(`${GOOD}autoscaler: { ${autoscaler} }\n`)).toEqual([]);
  });

  it('name the contenders that depart, together where they do the same', () => {
    const contenders = `contenders:
  good: {}
  a: { drain: none }
  b: { drain: none, health.interval: 20s }
  staging: { health.interval: 10s }
`;
    expect(told(GOOD + contenders)).toEqual([
      'health check interval: 20s (b)',
      'connection draining: off (a, b)',
    ]);
  });

  it('come with what to do and why', () => {
    const [departure] = departures(load(GOOD.replace('counter', 'none')).scenario);
    expect(departure?.recommendation).toBe('one for each server');
    expect(departure?.reason).toContain('between two health checks');
  });
});
