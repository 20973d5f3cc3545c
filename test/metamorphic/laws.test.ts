/**
 * Metamorphic laws: what a change of a scenario must do to its results where nobody knows the results themselves. All are
 * exact (equal records) but the change of clock, where the rounding of durations to microseconds is allowed for.
 *
 * What is NOT a symmetry, and why: swapping two like servers. Draws of errors are keyed by the request, so that all
 * contenders meet the same weather; a fault on another server then strikes other requests. Only where nothing is drawn
 * (constant arrivals, every call fails) can it be asked, and there it is.
 */
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/results/results.ts';
import { run } from '../../src/run.ts';
import {
  balancer,
  constant,
  fault,
  scenarioOf,
  simulate,
  simulated,
  witnessed,
  type Lab,
} from '../sim/lab.ts';
import { experiment } from '../statistics/experiment.ts';
import { EVERY_POLICY, type PolicyInWeather } from './every-policy.ts';
import { hastened, hastenedMetrics } from './time-scale.ts';
import { FAULTS, under, WEATHER } from './weather.ts';

/** `breaker counter` and what is told of it, for the rows of a table of tests. */
const rows = (policies: readonly PolicyInWeather[]) =>
  policies.map((policy) => [labelOf(policy), policy] as const);
const labelOf = ({ family, name }: PolicyInWeather): string => `${family} ${name}`;

/** One run under each policy, made when it is first asked for: what all laws compare with. */
const made = new Map<PolicyInWeather, ReturnType<typeof witnessed>>();
const runUnder = (policy: PolicyInWeather): ReturnType<typeof witnessed> => {
  const known = made.get(policy) ?? witnessed(policy.lab);
  made.set(policy, known);
  return known;
};

/** The record of one contender of a scenario. */
const recordOf = (labs: readonly Lab[], contender: number, independent = false): RunRecord =>
  run({ scenario: scenarioOf(labs), inputs: {}, contender, seed: 1, independent }, simulated);

/** Everything in a record but which contender it is of. */
const course = ({ contender: _contender, ...rest }: RunRecord) => rest;

test('the weather of these laws is rough: every kind of trouble leaves a mark', () => {
  const { metrics, failures } = simulate(WEATHER);
  for (const name of ['failed', 'retries', 'timeouts', 'rejected', 'breakerOpens', 'ejections'])
    expect(metrics, name).toHaveProperty(
      name,
      expect.toSatisfy((count: number) => count > 0),
    );
  expect(Object.keys(failures).length).toBeGreaterThanOrEqual(3);
});

test.each(rows(EVERY_POLICY.filter(({ without }) => without !== null)))(
  '%s has something to do in it',
  (_, policy) => {
    expect(course(runUnder(policy).record)).not.toEqual(course(simulate(policy.without!)));
  },
);

describe('on a clock twice as fast', () => {
  const twice = (lab: Lab): RunRecord => {
    const scenario = scenarioOf([lab]);
    const [contender] = scenario.contenders;
    const faster = {
      ...scenario,
      duration: scenario.duration / 2,
      warmup: scenario.warmup / 2,
      contenders: [{ ...contender!, setup: hastened(contender!.setup, 2) }],
    };
    return run(
      { scenario: faster, inputs: {}, contender: 0, seed: 1, independent: false },
      simulated,
    );
  };

  /** Their rule itself names an amount of time, which no option changes. */
  const ON_A_CLOCK_OF_THEIR_OWN: Readonly<Record<string, string>> = {
    'balancer go-zero': 'its load is the root of a lag in nanoseconds, cut to a whole number',
    'balancer least-time': 'it rounds times to 20 ms and caps them at 5 s',
    'balancer utilisation-weighted':
      'its weights are cut to 16 bits, so that a rounded microsecond may turn a pick',
    'autoscaler threshold': 'its score weighs seconds of latency against fixed constants',
    'autoscaler kpa': 'it samples every second and decides every other',
    'guard victims': 'they are those of kpa',
  };
  test.each(Object.entries(ON_A_CLOCK_OF_THEIR_OWN))('%s is left out: %s', (label) => {
    expect(EVERY_POLICY.map(labelOf)).toContain(label);
  });

  const timeless = EVERY_POLICY.filter((policy) => !(labelOf(policy) in ON_A_CLOCK_OF_THEIR_OWN));
  test.each(rows(timeless))('%s: latencies halve, rates double, counts stay', (_, policy) => {
    const slow = runUnder(policy).record;
    const fast = twice(policy.lab);
    const expected = hastenedMetrics(slow.metrics, 2);
    expect(Object.keys(fast.metrics)).toEqual(Object.keys(expected));
    for (const [metric, value] of Object.entries(expected)) {
      const got = fast.metrics[metric as keyof typeof fast.metrics]!;
      expect(Math.abs(got - value), metric).toBeLessThanOrEqual(0.001 * Math.abs(value));
    }
    const counts = ['arrived', 'completed', 'failed', 'attempts', 'timeouts', 'rejected'] as const;
    for (const count of counts) expect(fast.metrics[count], count).toBe(slow.metrics[count]);
    expect(fast.failures).toEqual(slow.failures);
    expect(fast.notes.map(({ kind, server }) => ({ kind, server }))).toEqual(
      slow.notes.map(({ kind, server }) => ({ kind, server })),
    );
  });
});

describe('names are for people', () => {
  // Balancers hear numbers only: one of them stands for all.
  const [anyBalancer] = EVERY_POLICY;
  const hearing = [anyBalancer!, ...EVERY_POLICY.filter(({ family }) => family !== 'balancer')];

  test.each(rows(hearing))(
    '%s: other names of groups and tools change nothing but the names',
    (_, policy) => {
      const { lab } = policy;
      const renamed: Lab = {
        ...lab,
        groups: lab.groups!.map((group, k) => ({ ...group, name: `g${9 - k}` })),
        traffic: {
          ...lab.traffic,
          calls: lab.traffic!.calls!.map((tool, k) => ({ ...tool, name: `t${9 - k}` })),
        },
      };
      const nameless = (record: RunRecord) => ({
        ...course(record),
        tools: record.tools.map(({ name: _name, ...row }) => row),
        servers: record.servers.map(({ group: _group, ...row }) => row),
      });
      expect(nameless(simulate(renamed))).toEqual(nameless(runUnder(policy).record));
    },
  );

  test.each(rows(hearing))(
    '%s: a group cut into two of the same kind changes nothing but its name',
    (_, policy) => {
      const [small, big] = policy.lab.groups!;
      const cut = { ...policy.lab, groups: [{ ...small, count: 1 }, { ...small, count: 3 }, big!] };
      const groupless = (record: RunRecord) => ({
        ...course(record),
        servers: record.servers.map(({ group: _group, ...row }) => row),
      });
      expect(groupless(simulate(cut))).toEqual(groupless(runUnder(policy).record));
    },
  );
});

describe('contenders do not know of each other', () => {
  /** All have one length, the first one's: those with the same make a field. */
  const fieldOf = ({ lab: { duration } }: PolicyInWeather): readonly PolicyInWeather[] =>
    EVERY_POLICY.filter(({ lab }) => lab.duration === duration);
  const field = EVERY_POLICY.map(({ lab }) => lab);

  test.each(rows(EVERY_POLICY))('%s does in a field what it does alone', (_, policy) => {
    const others = fieldOf(policy);
    const labs = others.map(({ lab }) => lab);
    const record = recordOf(labs, others.indexOf(policy));
    expect(course(record)).toEqual(course(runUnder(policy).record));
  });

  test('one more at the end changes nothing for those before, with independent demand neither', () => {
    const [first, second, third] = field as [Lab, Lab, Lab];
    for (const independent of [false, true])
      expect(recordOf([first, second, third], 1, independent)).toEqual(
        recordOf([first, second], 1, independent),
      );
  });

  test('their order decides which is the baseline, and so the sign of the difference', () => {
    const seeds = [1, 2, 3];
    const there = experiment([field[0]!, field[1]!], { seeds });
    const back = experiment([field[1]!, field[0]!], { seeds });
    expect(back.contenders[1]!.runs).toEqual(there.contenders[0]!.runs);
    expect(back.contenders[1]!.metrics).toEqual(there.contenders[0]!.metrics);
    const differences = ({ comparisons }: typeof there) =>
      new Map(comparisons.map(({ metric, difference }) => [metric, difference.mean]));
    const turned = differences(back);
    for (const [metric, difference] of differences(there))
      expect(turned.get(metric)! + difference, metric).toBeCloseTo(0, 9);
  });
});

describe('order that means nothing', () => {
  test.each(rows(EVERY_POLICY))(
    '%s: faults listed the other way round do the same',
    (_, policy) => {
      const { lab } = policy;
      const turned = { ...lab, setup: { ...lab.setup, faults: FAULTS.toReversed() } };
      const unordered = (record: RunRecord) => ({
        ...course(record),
        faults: record.faults.toSorted((a, b) => a.from - b.from || a.to - b.to),
        notes: record.notes.toSorted((a, b) => a.at - b.at || a.text.localeCompare(b.text)),
      });
      expect(unordered(simulate(turned))).toEqual(unordered(runUnder(policy).record));
    },
  );

  test('seeds may be run in any order, and another run in between leaves no trace', () => {
    const seeds = [4, 2, 9];
    const once = seeds.map((seed) => simulate({ ...WEATHER, seed }));
    const again = seeds.toReversed().map((seed) => simulate({ ...WEATHER, seed }));
    expect(again.toReversed()).toEqual(once);
  });
});

describe('units that cancel', () => {
  test('doubling every weight changes no pick of weighted', () => {
    const lab = under('weighted');
    const doubled = lab.groups!.map((group) => ({ ...group, weight: 2 * (group.weight ?? 1) }));
    expect(course(simulate({ ...lab, groups: doubled }))).toEqual(course(simulate(lab)));
  });

  test('twice the work on servers of twice the speed takes the same time', () => {
    const lab: Lab = {
      ...WEATHER,
      traffic: { calls: [{ name: 'call', share: 1, work: constant(3000), safe: true }] },
    };
    const double: Lab = {
      ...lab,
      traffic: { calls: [{ name: 'call', share: 1, work: constant(6000), safe: true }] },
      groups: lab.groups!.map((group) => ({ ...group, speed: 2 * (group.speed ?? 1) })),
    };
    expect(course(simulate(double))).toEqual(course(simulate(lab)));
  });
});

describe('time only runs forward', () => {
  const sentBefore = ({ witness }: ReturnType<typeof witnessed>, until: number) =>
    witness.sent.filter(({ at }) => at < until);

  test.each(rows(EVERY_POLICY))('%s: a longer run begins as the shorter one', (_, policy) => {
    const half = policy.lab.duration! / 2;
    const shorter = sentBefore(witnessed({ ...policy.lab, duration: half }), half);
    // Two requests a second come.
    expect(shorter.length).toBeGreaterThan((0.8 * 2 * half) / 1000);
    expect(sentBefore(runUnder(policy), half)).toEqual(shorter);
  });

  test('the warm-up cuts figures and touches nothing that happens', () => {
    const cold = witnessed({ ...WEATHER, warmup: 0 });
    const warm = witnessed(WEATHER);
    expect(warm.witness.sent).toEqual(cold.witness.sent);
    expect(warm.witness.story).toEqual(cold.witness.story);
    expect(warm.record.metrics.arrived).toBeLessThan(cold.record.metrics.arrived!);
  });
});

describe('like servers', () => {
  /** Nothing is drawn: a call every 100 ms, each takes 250 ms, four servers in turn; all calls of one server fail. */
  const failing = (server: number): Lab => ({
    arrivals: { kind: 'constant', rate: 10 },
    traffic: { calls: [{ name: 'call', share: 1, work: constant(250), safe: true }] },
    servers: { count: 4 },
    duration: 40_000,
    setup: { faults: [fault({ kind: 'errors', share: 1 }, 0, null, [server])] },
  });

  test('round robin gives a broken one its turn whichever it is', () => {
    const { metrics } = simulate(failing(0));
    expect(metrics.errorRate).toBeGreaterThan(0.2);
    for (const server of [1, 2]) {
      const other = simulate(failing(server)).metrics;
      expect(other.failed).toBe(metrics.failed);
      expect(other.latencyMsMax).toBe(metrics.latencyMsMax);
    }
  });

  test('one whose weight is next to nothing is never picked, and changes no fate', () => {
    const lab = under('weighted');
    const [small, big] = lab.groups!;
    const fates = (groups: NonNullable<Lab['groups']>) =>
      witnessed({ ...lab, setup: { ...lab.setup, balancer: balancer('weighted') }, groups });
    const without = fates([small!, big!]);
    const idle = fates([small!, big!, { count: 1, weight: 1e-12 }]);
    expect(idle.witness.story).toEqual(without.witness.story);
    expect(idle.record.servers.at(-1)!.attempts).toBe(0);
  });
});
