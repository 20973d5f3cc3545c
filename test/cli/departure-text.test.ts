import { expect, test } from 'vitest';
import { departureLines } from '../../src/cli/departure-text.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { departures } from '../../src/scenario/practice.ts';

const told = (text: string, width = 200): string[] => {
  const { scenario } = loadScenario({
    file: 'test.yaml',
    text: `traffic: { arrivals: { poisson: { rate: 1/s } } }\nservers: { count: 2 }\n${text}`,
    readFile: () => '',
  });
  return departures(scenario).flatMap((departure) => departureLines(departure, scenario, width));
};

test('tells the values of the axis that make the difference, not every combination', () => {
  const lines = told(
    'breaker: counter\nmatrix: { health.interval: [5s, 30s], balancer: [random, p2c, round-robin] }\n',
  );
  expect(lines).toContain(
    'departs from best practice: health check interval: 5s with health.interval=5s',
  );
  expect(lines.join()).not.toContain('balancer');
});

test('tells the first few names where there is no axis', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}: { breaker: none }`);
  const lines = told(`breaker: counter\ncontenders: { ok: {}, ${names.join(', ')} }\n`);
  expect(lines).toContain(
    'departs from best practice: circuit breaker: none with "a", "b", "c", "d" and 2 more',
  );
});

test('keeps within the width', () => {
  for (const line of told('contenders: { a: {}, b: { breaker: counter } }\n', 40))
    expect(line.length).toBeLessThanOrEqual(40);
});
