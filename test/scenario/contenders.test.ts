import { describe, expect, it } from 'vitest';
import { FLAKY, LEAST, load } from './flaky-scenario.ts';

const contenders = (text: string, options = {}) => load(LEAST + text, options).scenario.contenders;

describe('contenders', () => {
  it('come in the file’s order, also with numbers for names', () => {
    const names = contenders('contenders: { z: {}, 10: {}, 5: {}, a: , 0x5: {} }\n').map(
      ({ name }) => name,
    );
    expect(names).toEqual(['z', '10', '5', 'a', '0x5']);
  });

  it('may have any text for a name', () => {
    const [first] = contenders('contenders: { "a: b # c": {}, constructor: {} }\n');
    expect(first?.name).toBe('a: b # c');
  });

  it('without changes are the base, said as {} or as nothing', () => {
    const { scenario } = load(`${LEAST}contenders:\n  a:\n  b: {}\n`);
    expect(scenario.contenders[0]).toEqual({
      name: 'a',
      changes: {},
      cell: null,
      setup: scenario.base,
    });
    expect(scenario.contenders[1]?.setup).toEqual(scenario.base);
  });

  it('replace a key whole', () => {
    const [a] = contenders(
      'health: { interval: 9s }\ncontenders: { a: { health: { timeout: 1s } } }\n',
    );
    expect(a?.setup.health.options).toMatchObject({ interval: 30_000, timeout: 1000 });
    expect(a?.changes).toEqual({ health: { timeout: '1s' } });
  });

  it('replace one value by dotted path and leave its neighbours', () => {
    const [a] = contenders(
      'health: { interval: 9s }\ncontenders: { a: { health.timeout: 1s, servers.count: 8, traffic.retries: none } }\n',
    );
    expect(a?.setup.health.options).toMatchObject({ interval: 9000, timeout: 1000 });
    expect(a?.setup.servers.count).toBe(8);
  });

  it('reach through a short form', () => {
    const [a] = contenders(
      'breaker: counter\ncontenders: { a: { breaker.counter.failures: 2 } }\n',
    );
    expect(a?.setup.breaker).toMatchObject({ name: 'counter', options: { failures: 2 } });
  });

  it('switch to the policy their path names', () => {
    const [fromNone, fromAbsent, law] = contenders(`breaker: none
network: { gamma: { mean: 5ms, cv: 2 } }
contenders:
  from none: { breaker.counter.failures: 2 }
  from absent: { autoscaler.threshold.min: 3 }
  another law: { network.exponential.mean: 7ms }
`);
    expect(fromNone?.setup.breaker).toMatchObject({ name: 'counter', options: { failures: 2 } });
    expect(fromAbsent?.setup.autoscaler).toMatchObject({ name: 'threshold', options: { min: 3 } });
    expect(law?.setup.network).toEqual({ kind: 'exponential', mean: 7 });
  });

  it('reach a group by its name or its number', () => {
    const text = `traffic: { arrivals: { poisson: 1/s } }
servers: { groups: [{ name: big, count: 1 }, { count: 2 }] }
contenders: { a: { servers.groups.big.slots: 32 }, b: { servers.groups.2.count: 5 } }
`;
    const [a, b] = load(text).scenario.contenders;
    expect(a?.setup.servers.groups.map(({ slots }) => slots)).toEqual([32, 8]);
    expect(b?.setup.servers.count).toBe(6);
  });

  it('may change the era and the recovery of sessions, and nothing else of them', () => {
    const text = `servers: { count: 1 }
traffic:
  arrivals: { poisson: 1/s }
  sessions: { calls: 3, think: 1s }
contenders: { a: { traffic.sessions.era: legacy, traffic.sessions.recover: true } }
`;
    expect(load(text).scenario.contenders[0]?.setup.traffic.sessions).toMatchObject({
      era: 'legacy',
      recover: true,
      calls: { kind: 'constant', value: 3 },
    });
  });

  it('have their faults counted on their own servers', () => {
    const faults = 'faults: [{ at: 1s, servers: 50%, hang: true }]\n';
    const [four, nine] = contenders(
      `${faults}contenders: { a: { servers.count: 4 }, b: { servers.count: 9 } }\n`,
    );
    expect(four?.setup.faults[0]?.servers).toEqual([0, 1]);
    expect(nine?.setup.faults[0]?.servers).toEqual([0, 1, 2, 3, 4]);
  });

  it('can be picked, the first picked being the baseline', () => {
    const { scenario } = load(FLAKY, { only: ['with breaker'] });
    expect(scenario.contenders.map(({ name }) => name)).toEqual(['with breaker']);
  });
});

describe('a matrix', () => {
  it('is every combination, the last axis turning fastest', () => {
    const { scenario } = load(
      `${LEAST}matrix: { balancer: [round-robin, random], breaker.counter.failures: [3, 5, 10] }\n`,
    );
    expect(scenario.matrix).toEqual([
      { path: 'balancer', values: ['round-robin', 'random'] },
      { path: 'breaker.counter.failures', values: ['3', '5', '10'] },
    ]);
    expect(scenario.contenders.map(({ name }) => name)).toEqual([
      'balancer=round-robin, failures=3',
      'balancer=round-robin, failures=5',
      'balancer=round-robin, failures=10',
      'balancer=random, failures=3',
      'balancer=random, failures=5',
      'balancer=random, failures=10',
    ]);
    expect(scenario.contenders[5]).toMatchObject({
      cell: [1, 2],
      changes: { balancer: 'random', 'breaker.counter.failures': 10 },
      setup: {
        balancer: { name: 'random' },
        breaker: { name: 'counter', options: { failures: 10 } },
      },
    });
  });

  it('names axes by as much of their path as tells them apart', () => {
    const names = contenders(
      'matrix: { health.timeout: [1s], traffic.timeout: [2s], servers.count: [4] }\n',
    ).map(({ name }) => name);
    expect(names).toEqual(['health.timeout=1s, traffic.timeout=2s, count=4']);
  });

  it('says values that are maps as the file does', () => {
    const [first] = contenders('matrix: { breaker: [{ counter: { failures: 3 } }, none] }\n');
    expect(first?.name).toBe('breaker={ counter: { failures: 3 } }');
  });

  it('of thousands of combinations is loaded in reasonable time', () => {
    const values = Array.from({ length: 60 }, (_, index) => index + 1).join(', ');
    const all = contenders(`matrix: { servers.count: [${values}], servers.slots: [${values}] }\n`);
    expect(all).toHaveLength(3600);
    expect(all.at(-1)?.setup.servers).toMatchObject({ count: 60, groups: [{ slots: 60 }] });
  }, 10_000);
});

describe('--set', () => {
  const set = (...set: string[]) => load(FLAKY, { set }).scenario;

  it('replaces any value, also those contenders may not', () => {
    const scenario = set(
      'duration=10m',
      'traffic.arrivals.poisson.rate=9/s',
      'faults.1.errors=10%',
    );
    expect(scenario.duration).toBe(600_000);
    expect(scenario.base.traffic.arrivals).toEqual({ kind: 'poisson', rate: 9 });
    expect(scenario.base.faults[0]?.effect).toEqual({ kind: 'errors', share: 0.1 });
  });

  it('reads its value as YAML', () => {
    expect(set('seeds=[3, 4]').seeds).toEqual([3, 4]);
    expect(set('breaker={ counter: { failures: 1 } }').base.breaker.options['failures']).toBe(1);
    expect(set('question=a = b').question).toBe('a = b');
  });

  it('changes what all contenders start from, and contenders still override it', () => {
    const scenario = set('breaker.counter.failures=9');
    expect(scenario.contenders.map(({ setup }) => setup.breaker.options['failures'])).toEqual([
      undefined,
      9,
    ]);
  });
});
