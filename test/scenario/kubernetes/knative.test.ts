import { describe, expect, it } from 'vitest';
import { mistakesOf, scenarioFrom, told } from './lab.ts';

const service = (annotations: readonly string[], spec: readonly string[] = []): string =>
  [
    'apiVersion: serving.knative.dev/v1',
    'kind: Service',
    'metadata: { name: mcp }',
    'spec:',
    '  template:',
    '    metadata:',
    '      annotations:',
    ...annotations.map((line) => `        autoscaling.knative.dev/${line}`),
    '    spec:',
    ...spec.map((line) => `      ${line}`),
    '      containers: [{ name: user, readinessProbe: { httpGet: { path: /ok } } }]',
    '',
  ].join('\n');

describe('a Knative Service as the kpa policy', () => {
  it('takes every annotation for what it says', () => {
    const { base } = scenarioFrom(
      service([
        'class: kpa.autoscaling.knative.dev',
        'metric: rps',
        'target: "150"',
        'target-utilization-percentage: "80"',
        'window: 1m30s',
        'panic-window-percentage: "20.0"',
        'panic-threshold-percentage: "150.0"',
        'scale-down-delay: 15m',
        'scale-to-zero-pod-retention-period: 1m',
        'target-burst-capacity: "-1"',
        'metric-aggregation-algorithm: weightedExponential',
        'activation-scale: "3"',
        'min-scale: "2"',
        'max-scale: "20"',
        'initial-scale: "4"',
      ]),
    );
    expect(base.autoscaler).toMatchObject({
      name: 'kpa',
      options: {
        metric: 'rps',
        target: 150,
        utilisation: 0.8,
        window: 90_000,
        panicWindow: 0.2,
        panicThreshold: 1.5,
        scaleDownDelay: 900_000,
        retention: 60_000,
        burst: 'always',
        average: 'weighted',
        activationScale: 3,
        min: 2,
        max: 20,
      },
    });
    expect(base.servers.count).toBe(4);
    expect(base.drain).toBe(300_000);
  });

  it('takes a hard limit of concurrency for the slots, and targets no more than that', () => {
    const { base } = scenarioFrom(service(['target: "50"'], ['containerConcurrency: 10']));
    expect(base.servers.groups[0]!.slots).toBe(10);
    expect(base.autoscaler.options['target']).toBe(10);
  });

  it('need not name its container, as Knative names it', () => {
    const unnamed = service([]).replace('name: user, ', 'image: mcp, ');
    expect(scenarioFrom(unnamed).base.health.options).toMatchObject({ probe: '/ok' });
  });

  it('scales to zero unless told otherwise, and says what that needs', () => {
    const scenario = scenarioFrom(service(['maxScale: "0"']));
    expect(scenario.base.autoscaler.options).toMatchObject({ min: 0, max: null });
    expect(told(scenario).assumed).toContainEqual(
      expect.stringContaining('requests fail unless the balancer holds them'),
    );
  });

  it.each([
    ['an unknown annotation', 'pannic-window-percentage: "10"', 'k.yaml:8:9', 'did you mean'],
    ['another class', 'class: hpa.autoscaling.knative.dev', 'k.yaml:8:40', 'for others an HPA'],
    ['a metric of another class', 'metric: cpu', 'k.yaml:8:41', 'allowed: concurrency, rps'],
    ['a target in words', 'target: many', 'k.yaml:8:41', 'allowed: a number'],
    ['a window without unit', 'window: "60"', 'k.yaml:8:41', 'allowed: a duration'],
  ])('refuses %s with its place', (_what, line, place, message) => {
    const [first] = mistakesOf(() => scenarioFrom(service([line])));
    expect(first).toContain(`${place}  Service mcp: spec.template.metadata.annotations.`);
    expect(first).toContain(message);
  });
});
