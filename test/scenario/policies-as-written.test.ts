import { describe, expect, it } from 'vitest';
import { asWritten } from '../../src/scenario/as-written.ts';
import { check } from '../../src/scenario/explain.ts';
import { policiesAsWritten } from '../../src/scenario/policies-as-written.ts';
import { POLICY_TABLES } from '../../src/scenario/policies-schema.ts';
import type { PolicyChoice } from '../../src/scenario/scenario.ts';
import { LEAST, load } from './flaky-scenario.ts';

const written = (text: string): Readonly<Record<string, unknown>> =>
  policiesAsWritten(load(text).scenario.base);

describe('policies as written', () => {
  it('have their units', () => {
    const text = `traffic:
  arrivals: { poisson: 1/s }
  timeout: 1500ms
  retries: { attempts: unlimited, backoff: { lognormal: { mean: 50ms, cv: 1 } }, budget: share }
  hedging: { after: 250us }
servers: { count: 2 }
breaker: { counter: { recovery: 15s } }
balancer: { aperture: { smooth: 20s } }
autoscaler: { schedule: { windows: [{ from: 1m, to: 5m, min: 3 }], under: hpa } }
slowStart: { window: 90s }
panic: 50%
drain: 1h
`;
    expect(written(text)).toMatchObject({
      timeout: '1.5s',
      retries: { attempts: 'unlimited', backoff: { kind: 'lognormal', mean: '50ms', cv: 1 } },
      budget: { name: 'share', options: { share: '20%' } },
      hedging: { after: '250us', attempts: 2 },
      breaker: { name: 'counter', options: { failures: 5, recovery: '15s' } },
      balancer: { name: 'aperture', options: { kind: 'deterministic', smooth: '20s' } },
      autoscaler: {
        options: {
          windows: [{ from: '1m', to: '5m', min: 3 }],
          under: { name: 'hpa', options: { every: '15s', tolerance: '10%' } },
        },
      },
      slowStart: { window: '90s', minWeight: '10%' },
      panic: '50%',
      drain: '1h',
    });
  });

  it('are none where there is none, and guards that are off are not named', () => {
    expect(written(`${LEAST}health: none\n`)).toEqual({
      balancer: { name: 'round-robin', options: {} },
      affinity: 'none',
      health: { name: 'none', options: {} },
      breaker: { name: 'none', options: {} },
      autoscaler: { name: 'none', options: {} },
      drain: '30s',
      timeout: 'none',
      retries: 'none',
    });
    const guarded = written(`${LEAST}ejection: envoy\nlimit: aimd\nvictims: oldest\n`);
    expect(Object.keys(guarded).slice(8)).toEqual(['ejection', 'limit', 'victims']);
  });

  const everyPolicy = Object.entries(POLICY_TABLES).flatMap(([family, table]) =>
    Object.entries(table).map(([name, schema]) => ({ family, name, schema })),
  );
  it.each(everyPolicy)('mean the same when they are read again: $family $name', ({ schema }) => {
    const first = check<PolicyChoice>(schema, {});
    // Some have no defaults for all of their options.
    if (!first.ok) return;
    const again = check(schema, typed(asWritten(schema, first.value.options)));
    expect(again).toEqual(first);
  });
});

/** A policy under another stands in a file as a map of its name to its options. */
const typed = (options: unknown): unknown => {
  const { under, ...rest } = options as { readonly under?: PolicyChoice };
  return under === undefined ? rest : { ...rest, under: { [under.name]: under.options } };
};
