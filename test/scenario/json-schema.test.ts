import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts';
import { FLAKY, LEAST } from './flaky-scenario.ts';
import { breaches } from './json-schema-check.ts';

const SCHEMA = scenarioJsonSchema() as Record<string, unknown>;
const check = (text: string): string[] => breaches(parse(text), SCHEMA, SCHEMA);

describe('the JSON Schema of scenarios', () => {
  it('is the checked-in scenario.schema.json', () => {
    const file = new URL('../../scenario.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(SCHEMA);
  });

  it.each([
    ['the explained scenario', FLAKY],
    ['the least scenario', LEAST],
    ['short forms', `${LEAST}breaker: counter\nnetwork: { exponential: 1ms }\nhealth: none\n`],
    ['a matrix', `${LEAST}matrix: { balancer: [random], breaker.counter.failures: [3, 5] }\n`],
    ['a contender without changes', `${LEAST}contenders: { a: , b: { servers.count: 8 } }\n`],
    ['a list of seeds', `${LEAST}seeds: [4, 5]\n`],
    [
      'faults of many kinds',
      `${LEAST}faults:
  - { at: 1s, servers: all, crash: true }
  - { at: 1s, for: 10s, every: 1m, servers: [1, 2], slow: 5x, health: ok }
  - { at: 1s, servers: 30%, flap: { up: 5s, down: 5s } }
`,
    ],
    [
      'sessions',
      `servers: { groups: [{ name: a, count: 2, speed: 2 }] }
traffic:
  arrivals: { bursts: { low: { rate: 1/s, mean: 50s }, high: { rate: 9/s, mean: 5s } } }
  retries: { attempts: unlimited, backoff: { uniform: { min: 1s, max: 2s } } }
  sessions: { calls: { geometric: { mean: 12 } }, think: 5s }
`,
    ],
    [
      'a gateway',
      'listen: 127.0.0.1:8080\nservers: [http://a/mcp, { url: http://b/mcp, weight: 2 }]\nhealth: { probe: tcp }\n',
    ],
  ])('holds for %s', (_, text) => {
    expect(check(text)).toEqual([]);
  });

  it.each([
    ['an unknown key', `${LEAST}braker: none\n`, '/braker additionalProperties'],
    ['an unknown policy', `${LEAST}breaker: countr\n`, '/breaker anyOf'],
    ['an unknown option', `${LEAST}breaker: { counter: { failurs: 3 } }\n`, '/breaker anyOf'],
    ['a number without a unit', `${LEAST}duration: 30\n`, '/duration anyOf'],
    ['a negative count', `${LEAST}seeds: -1\n`, '/seeds anyOf'],
    ['an unknown metric', `${LEAST}judge: [latency]\n`, '/judge/0 enum'],
    [
      'a forbidden change',
      `${LEAST}contenders: { a: { duration: 1m } }\n`,
      '/contenders/a/duration additionalProperties',
    ],
    [
      'a mistyped value of an axis',
      `${LEAST}matrix: { balancer: [randm] }\n`,
      '/matrix/balancer/0 anyOf',
    ],
    [
      'an unknown fault',
      `${LEAST}faults: [{ at: 1s, servers: 1, hung: true }]\n`,
      '/faults/0/hung additionalProperties',
    ],
  ])('does not hold for %s', (_, text, breach) => {
    expect(check(text)).toEqual([breach]);
  });

  it('describes every key of the top level but the obvious', () => {
    const properties = SCHEMA['properties'] as Record<string, { description?: string }>;
    const silent = Object.keys(properties).filter(
      (key) => properties[key]?.description === undefined,
    );
    expect(silent).toEqual([]);
  });
});
