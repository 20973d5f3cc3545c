import { expect, test } from 'vitest';
import { castOf } from '../../../src/report/cast.ts';
import { clockOf } from '../../../src/report/charts/clock.ts';
import { stripChart } from '../../../src/report/charts/strip-chart.ts';
import { makeResults } from '../fixture.ts';

/** The caption of the strips of the second contender, with these policies besides its own. */
const captionWith = (policies: Readonly<Record<string, unknown>>): string => {
  const { duration } = makeResults().scenario;
  const member = castOf(makeResults()).all[1]!;
  const contender = {
    ...member.contender,
    policies: { ...member.contender.policies, ...policies },
  };
  return stripChart({ ...member, contender }, [], clockOf(duration), duration)!.finding;
};

test('the caption names all that can have taken a server out', () => {
  expect(captionWith({})).toContain('the breaker opened on 2, health checks took out 1.');
  expect(captionWith({ ejection: { name: 'envoy', options: {} } })).toContain(
    'the breaker opened on 2, health checks or outlier ejection took out 1.',
  );
});

test('a server without a breaker is up, not closed', () => {
  const { duration } = makeResults().scenario;
  const words = (breaker: object): string[] => {
    const member = castOf(makeResults()).all[1]!;
    const contender = { ...member.contender, policies: { ...member.contender.policies, breaker } };
    const chart = stripChart({ ...member, contender }, [], clockOf(duration), duration)!;
    return chart.legend.map(({ text }) => text);
  };
  expect(words({ name: 'counter', options: {} })).toContain('closed');
  expect(words({ name: 'none', options: {} })).toContain('up');
  expect(words({ name: 'none', options: {} })).not.toContain('closed');
});
