import { describe, expect, it } from 'vitest';
import { estimatedRequests } from '../../src/scenario/estimate.ts';
import { scenarioHash } from '../../src/scenario/hash.ts';
import { FLAKY, LEAST, load } from './flaky-scenario.ts';

describe('the hash of a scenario', () => {
  const hash = (text: string, files = {}): string => scenarioHash(load(text, { files }).scenario);

  it.each([
    ['the question', 'pay when', 'help when'],
    ['the seeds', 'seeds: 10', 'seeds: 20'],
    ['what is judged', 'judge: [errorRate, latencyMsP99]', 'judge: [failed]'],
    ['the breaker', 'failures: 5', 'failures: 9'],
    ['the balancer', 'balancer: round-robin', 'balancer: random'],
    ['the contenders', 'without breaker', 'no breaker'],
    ['the deadline', 'timeout: 2s', 'timeout: 3s'],
    ['the spelling', '{ poisson: { rate: 120/s } }', '{ poisson: 7200/m }'],
    ['the objectives', 'p99: 500ms', 'p99: 600ms'],
  ])('is not over %s', (_, before, after) => {
    expect(FLAKY).toContain(before);
    expect(hash(FLAKY.replace(before, after))).toBe(hash(FLAKY));
  });

  it.each([
    ['arrivals', 'rate: 120/s', 'rate: 121/s'],
    ['tools', 'mean: 40ms', 'mean: 41ms'],
    ['servers', 'count: 6', 'count: 7'],
    ['the network', 'network: 1ms', 'network: 2ms'],
    ['faults', 'errors: 50%', 'errors: 40%'],
    ['the duration', 'duration: 5m', 'duration: 6m'],
    ['the warm-up', 'warmup: 30s', 'warmup: 31s'],
  ])('is over %s', (_, before, after) => {
    expect(FLAKY).toContain(before);
    expect(hash(FLAKY.replace(before, after))).not.toBe(hash(FLAKY));
  });

  it('knows a trace by its content, not by its name', () => {
    const trace = (file: string) =>
      `servers: { count: 1 }\ntraffic: { arrivals: { trace: { file: ${file}, unit: s } } }\n`;
    const files = { 'scenarios/a': '1\n2\n', 'scenarios/b': '1\n2\n', 'scenarios/c': '1\n3\n' };
    expect(hash(trace('a'), files)).toBe(hash(trace('b'), files));
    expect(hash(trace('a'), files)).not.toBe(hash(trace('c'), files));
  });
});

describe('the estimate of requests', () => {
  const estimate = (text: string): number => {
    const { scenario, inputs } = load(text);
    return estimatedRequests(scenario, inputs);
  };

  it('is arrivals times contenders times seeds', () => {
    expect(estimate(FLAKY)).toBeCloseTo(120 * 300 * 2 * 10, 6);
    expect(estimate(`${LEAST}seeds: 1\nduration: 1m\n`)).toBeCloseTo(600, 6);
  });

  it('counts the calls of sessions, and their initialisation where there is one', () => {
    const text = (era: string): string => `servers: { count: 1 }
seeds: 1
duration: 100s
traffic:
  arrivals: { poisson: 1/s }
  sessions: { calls: { geometric: 12 }, think: 1s, share: 50%, era: ${era} }
`;
    expect(estimate(text('modern'))).toBeCloseTo(50 + 50 * 12, 6);
    expect(estimate(text('legacy'))).toBeCloseTo(50 + 50 * 13, 6);
  });
});
