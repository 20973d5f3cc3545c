import { describe, expect, it } from 'vitest';
import { toPlain } from '../../../src/scenario/tree.ts';
import { deployment, mistakesOf, read } from './lab.ts';

const optionsIn = (text: string): unknown =>
  (toPlain(read(text).tree) as { autoscaler: { hpa: unknown } }).autoscaler.hpa;

/** A Deployment with a CPU request, and an HPA whose spec has these lines. */
const withHpa = (lines: readonly string[], { version = 'v2', cpu = 'cpu: 250m' } = {}): string =>
  [
    deployment({
      container: [
        'readinessProbe: {}',
        `resources: { requests: { ${cpu} }, limits: { cpu: 500m } }`,
      ],
    }),
    '---',
    `apiVersion: autoscaling/${version}`,
    'kind: HorizontalPodAutoscaler',
    'metadata: { name: mcp-hpa }',
    'spec:',
    '  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: mcp }',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');

const CPU =
  'metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]';

describe('a HorizontalPodAutoscaler as the hpa policy', () => {
  it('keeps its bounds and its CPU target, of the share of the limit that is requested', () => {
    expect(optionsIn(withHpa(['minReplicas: 2', 'maxReplicas: 10', CPU]))).toEqual({
      min: 2,
      max: 10,
      cpu: '70%',
      request: '50%',
    });
  });

  it('without metrics goes by CPU at 80 %, and without a minimum by 1', () => {
    expect(optionsIn(withHpa(['maxReplicas: 4']))).toMatchObject({ min: 1, max: 4, cpu: '80%' });
  });

  it('keeps the behaviour whole', () => {
    const behavior = [
      'maxReplicas: 10',
      'behavior:',
      '  scaleUp:',
      '    stabilizationWindowSeconds: 0',
      '    selectPolicy: Min',
      '    policies: [{ type: Pods, value: 2, periodSeconds: 60 }, { type: Percent, value: 50, periodSeconds: 15 }]',
      '  scaleDown: { selectPolicy: Disabled, tolerance: 50m }',
    ];
    expect(optionsIn(withHpa(behavior))).toMatchObject({
      behavior: {
        up: {
          window: '0',
          select: 'min',
          policies: [
            { pods: 2, period: '1m' },
            { percent: '50%', period: '15s' },
          ],
        },
        down: { select: 'disabled', tolerance: '5%' },
      },
    });
  });

  it('takes an average value of CPU for a share of the request', () => {
    const metric =
      'metrics: [{ type: Resource, resource: { name: cpu, target: { type: AverageValue, averageValue: 200m } } }]';
    expect(optionsIn(withHpa(['maxReplicas: 4', metric]))).toMatchObject({ cpu: '80%' });
  });

  it('understands metrics by their names, one key each and the rest in the list', () => {
    const metrics = [
      'maxReplicas: 4',
      'metrics:',
      '  - { type: Pods, pods: { metric: { name: http_requests_in_flight }, target: { type: AverageValue, averageValue: "6" } } }',
      '  - { type: Pods, pods: { metric: { name: packets-per-second }, target: { type: AverageValue, averageValue: 1500m } } }',
      '  - { type: External, external: { metric: { name: queue_depth }, target: { type: AverageValue, averageValue: 30 } } }',
      '  - { type: Object, object: { metric: { name: active_requests }, describedObject: {}, target: { type: Value, value: 2k } } }',
      '  - { type: Pods, pods: { metric: { name: concurrency }, target: { type: AverageValue, averageValue: "9" } } }',
    ];
    expect(optionsIn(withHpa(metrics))).toEqual({
      min: 1,
      max: 4,
      inFlight: 6,
      requests: '1.5/s',
      backlog: { perServer: 30 },
      concurrency: { total: 2000 },
      metrics: [{ inFlight: 9 }],
    });
    expect(read(withHpa(metrics)).assumed.map(({ text }) => text)).toContain(
      'the metric queue_depth is taken for `backlog`',
    );
  });

  it('reads the container that a metric names', () => {
    const metric =
      'metrics: [{ type: ContainerResource, containerResource: { name: cpu, container: mcp, target: { type: Utilization, averageUtilization: 60 } } }]';
    expect(optionsIn(withHpa(['maxReplicas: 4', metric]))).toMatchObject({ cpu: '60%' });
    const other = metric.replace('container: mcp', 'container: proxy');
    expect(mistakesOf(() => read(withHpa(['maxReplicas: 4', other])))).toEqual([
      expect.stringContaining('no container is called `proxy`'),
    ]);
  });

  it('upgrades autoscaling/v1', () => {
    const v1 = { version: 'v1' };
    const text = withHpa(['maxReplicas: 4', 'targetCPUUtilizationPercentage: 55'], v1);
    expect(optionsIn(text)).toMatchObject({ min: 1, max: 4, cpu: '55%' });
    expect(optionsIn(withHpa(['maxReplicas: 4'], v1))).toMatchObject({ cpu: '80%' });
  });

  it('alone, without its Deployment, gives the autoscaler', () => {
    const [, alone] = withHpa(['maxReplicas: 4', CPU]).split('---\n');
    expect(optionsIn(alone!)).toEqual({ min: 1, max: 4, cpu: '70%' });
  });

  it('begins with its minimum when the Deployment leaves replicas to it', () => {
    const text = withHpa(['minReplicas: 3', 'maxReplicas: 4']).replace('  replicas: 3\n', '');
    expect(toPlain(read(text).tree)).toMatchObject({ servers: { count: 3 } });
  });

  it('of another workload is skipped', () => {
    const text = withHpa(['maxReplicas: 4']).replace(
      'kind: Deployment, name: mcp',
      'kind: Deployment, name: db',
    );
    const { tree, skipped } = read(text);
    expect(toPlain(tree)).not.toHaveProperty('autoscaler');
    expect(skipped.map(({ text: told }) => told)).toEqual([
      'HorizontalPodAutoscaler mcp-hpa: scales Deployment db, another workload',
    ]);
  });

  it('of another kind of workload is skipped, though it bears the same name', () => {
    const text = withHpa(['maxReplicas: 4']).replace(
      'kind: Deployment, name: mcp',
      'kind: StatefulSet, name: mcp',
    );
    const { tree, skipped } = read(text);
    expect(toPlain(tree)).not.toHaveProperty('autoscaler');
    expect(skipped.map(({ text: told }) => told)).toEqual([
      'HorizontalPodAutoscaler mcp-hpa: scales StatefulSet mcp, another workload',
    ]);
  });

  const memory = CPU.replace('name: cpu', 'name: memory');
  const unknown =
    'metrics: [{ type: Pods, pods: { metric: { name: temperature }, target: { type: AverageValue, averageValue: 1 } } }]';
  it.each([
    ['memory', [memory], {}, 'metrics.1.resource.name: got `memory`; allowed: cpu'],
    ['a metric it cannot know', [unknown], {}, 'got `temperature`, which is not simulated'],
    [
      'a typing error in a behaviour',
      ['behavior: { scaleDwn: {} }'],
      {},
      'k.yaml:20:15  HorizontalPodAutoscaler mcp-hpa: spec.behavior.scaleDwn: unknown key; did you mean `scaleDown`?',
    ],
    ['CPU without a request', [CPU], { cpu: 'memory: 1Gi' }, ''],
    [
      'an API that is gone',
      [],
      { version: 'v2beta1' },
      'apiVersion: got `autoscaling/v2beta1`; allowed: autoscaling/v2 or v1',
    ],
  ])('refuses %s with its place', (_what, lines, more, message) => {
    const text = withHpa(['maxReplicas: 4', ...lines], more).replace(
      message === '' ? ', limits: { cpu: 500m }' : '\0',
      '',
    );
    const [first] = mistakesOf(() => read(text));
    expect(first).toMatch(/^k\.yaml:\d+:\d+ {2}/);
    expect(first).toContain(message || 'resources.requests.cpu: missing');
  });

  it('refuses a second autoscaler of the same workload', () => {
    const one = withHpa(['maxReplicas: 4']);
    const [, hpa] = one.split('---\n');
    expect(mistakesOf(() => read([one, hpa].join('---\n')))).toEqual([
      expect.stringContaining('a second autoscaler beside HorizontalPodAutoscaler mcp-hpa'),
    ]);
  });
});
