import { describe, expect, it } from 'vitest';
import type { LoadOptions } from '../../../src/scenario/load.ts';
import { deployment, mistakesOf, scenarioOf, told } from './lab.ts';

describe('the scenario and its manifest', () => {
  const MANIFEST = { 'k.yaml': deployment() };

  it('explicit keys of the scenario go before the manifest, and that is told', () => {
    const scenario = scenarioOf(
      MANIFEST,
      '{ kubernetes: k.yaml, count: 5, slots: 4 }\nhealth: { timeout: 500ms }\ndrain: none',
    );
    expect(scenario.base.servers).toMatchObject({ count: 5, groups: [{ slots: 4 }] });
    expect(scenario.base.health.options).toMatchObject({ timeout: 500, interval: 10_000 });
    expect(scenario.base.drain).toBe(0);
    expect(told(scenario).overruled).toEqual([
      'health.timeout: 500ms of x.yaml:3:20 goes before 1s',
      'drain: none of x.yaml:4:8 goes before 30s',
      'servers.count: 5 of x.yaml:2:39 goes before 3',
    ]);
  });

  it('a manifest given on the command line goes before the file, and --set before both', () => {
    const scenario = scenarioOf({}, '{ count: 7, slots: 4 }\ndrain: 5s', {
      kubernetes: [{ file: 'k.yaml', text: deployment() }],
      set: ['drain=1s'],
    });
    expect(scenario.base.servers).toMatchObject({ count: 3, groups: [{ slots: 4 }] });
    expect(scenario.base.drain).toBe(1000);
    expect(told(scenario).overruled).toEqual([
      'drain: 1s of --set drain=1s goes before 30s',
      'servers.count: 3 of k.yaml:5:13 goes before 7',
    ]);
  });

  it("an autoscaler of a manifest given on the command line replaces the file's as a whole", () => {
    const hpa = [
      deployment(),
      'apiVersion: autoscaling/v2',
      'kind: HorizontalPodAutoscaler',
      'metadata: { name: mcp-hpa }',
      'spec:',
      '  scaleTargetRef: { kind: Deployment, name: mcp }',
      '  maxReplicas: 9',
      '  metrics: [{ type: Pods, pods: { metric: { name: in_flight }, target: { type: AverageValue, averageValue: 5 } } }]',
      '',
    ];
    const kubernetes = [
      { file: 'k.yaml', text: hpa.join('\n').replace('apiVersion: auto', '---\napiVersion: auto') },
    ];
    const lines =
      '{ count: 3 }\nautoscaler: { hpa: { cpu: 50%, tolerance: 30%, max: 40, behavior: { up: { window: 1m } } } }';
    const whole = scenarioOf({}, lines, { kubernetes });
    expect(whole.base.autoscaler.options).toMatchObject({ inFlight: 5, tolerance: 0.1, max: 9 });
    expect(whole.base.autoscaler.options).not.toHaveProperty('cpu');
    expect(whole.base.autoscaler.options).not.toHaveProperty('behavior');
    expect(told(whole).overruled).toEqual([
      expect.stringMatching(
        /^autoscaler: \{"hpa":\{.*"inFlight":5.*\}\} of k\.yaml:\d+:\d+ goes before \{"hpa":\{"cpu":"50%"/,
      ),
    ]);
    const changed = scenarioOf({}, lines, { kubernetes, set: ['autoscaler.hpa.max=12'] });
    expect(changed.base.autoscaler.options).toMatchObject({ inFlight: 5, tolerance: 0.1, max: 12 });
    expect(told(changed).overruled).toHaveLength(2);
    const none = scenarioOf({}, lines, { kubernetes, set: ['autoscaler=none'] });
    expect(none.base.autoscaler.name).toBe('none');
  });

  it('--workload says whose servers they are, before the name in the file', () => {
    const text = [deployment(), deployment({ name: 'other', spec: ['replicas: 9'] })].join('---\n');
    const kubernetes = [{ file: 'two.yaml', text }];
    const countOf = (servers: string, more: Partial<LoadOptions>): number =>
      scenarioOf({ 'k.yaml': text }, servers, more).base.servers.count;
    expect(countOf('{ count: 1 }', { kubernetes, workload: 'other' })).toBe(9);
    const named = '{ kubernetes: { file: k.yaml, name: other } }';
    expect(countOf(named, { kubernetes })).toBe(9);
    expect(countOf(named, { kubernetes, workload: 'mcp' })).toBe(3);
    expect(countOf('{ kubernetes: k.yaml }', { workload: 'mcp' })).toBe(3);
    expect(mistakesOf(() => countOf(named, { kubernetes, workload: 'othr' }))).toEqual([
      expect.stringMatching(/^--workload othr  unknown workload `othr`; did you mean `other`/),
    ]);
    expect(mistakesOf(() => countOf('{ count: 1 }', { workload: 'mcp' }))).toEqual([
      expect.stringContaining('there is no manifest; allowed: beside --kubernetes'),
    ]);
  });

  it('contenders change what the manifest says by dotted path', () => {
    const scenario = scenarioOf(
      MANIFEST,
      '{ kubernetes: k.yaml }\ncontenders: { today: {}, more: { servers.count: 6, health.interval: 2s } }',
    );
    const [today, more] = scenario.contenders;
    expect(today!.setup.servers.count).toBe(3);
    expect(more!.setup.servers.count).toBe(6);
    expect(more!.setup.health.options).toMatchObject({ interval: 2000, timeout: 1000 });
  });

  it('a contender may bring a manifest of its own, and its other keys hold against that one', () => {
    const tomorrow = deployment({
      spec: ['replicas: 8'],
      pod: ['terminationGracePeriodSeconds: 5'],
    });
    const scenario = scenarioOf(
      { ...MANIFEST, 'new.yaml': tomorrow },
      [
        '{ kubernetes: k.yaml, slots: 4 }',
        'contenders:',
        '  today: {}',
        '  tomorrow: { servers.kubernetes: new.yaml }',
        '  both: { health.interval: 3s, servers: { kubernetes: new.yaml } }',
      ].join('\n'),
    );
    const [today, next, both] = scenario.contenders.map(({ setup }) => setup);
    expect(today).toMatchObject({ drain: 30_000, servers: { count: 3 } });
    expect(next).toMatchObject({ drain: 5000, servers: { count: 8, groups: [{ slots: 4 }] } });
    expect(both).toMatchObject({ servers: { count: 8, groups: [{ slots: 8 }] } });
    expect(both!.health.options).toMatchObject({ interval: 3000, timeout: 1000 });
    expect(scenario.manifests!.map(({ contender }) => contender)).toEqual([
      null,
      'tomorrow',
      'both',
    ]);
    expect(told(scenario).overruled).toEqual([]);
  });
});
