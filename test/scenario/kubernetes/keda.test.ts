import { describe, expect, it } from 'vitest';
import { toPlain } from '../../../src/scenario/tree.ts';
import { deployment, mistakesOf, read } from './lab.ts';

const scaled = (lines: readonly string[]): string =>
  [
    deployment({ spec: [], container: ['resources: { requests: { cpu: 250m } }'] }),
    '---',
    'apiVersion: keda.sh/v1alpha1',
    'kind: ScaledObject',
    'metadata: { name: mcp-queue }',
    'spec:',
    '  scaleTargetRef: { name: mcp }',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');

const readLines = (lines: readonly string[]) => read(scaled(lines));
const autoscalerIn = (lines: readonly string[]): unknown =>
  (toPlain(readLines(lines).tree) as { autoscaler: unknown }).autoscaler;

const RABBIT =
  'triggers: [{ type: rabbitmq, metadata: { queueName: jobs, mode: QueueLength, value: "20", activationValue: "3" } }]';

describe('a KEDA ScaledObject', () => {
  it("with a trigger that measures a queue is the queue policy, with KEDA's defaults", () => {
    expect(autoscalerIn([RABBIT])).toEqual({
      queue: { min: 0, max: 100, perServer: 20, activation: 3, poll: '30s', cooldown: '5m' },
    });
  });

  it("tells KEDA's defaults from Kubernetes'", () => {
    const defaults = readLines([RABBIT]).taken.filter(({ from }) => from.includes('not written'));
    expect(defaults.map(({ key, from }) => [key, /(\w+)'s? default/.exec(from)?.[1]])).toEqual([
      ['drain', 'Kubernetes'],
      ['autoscaler.queue.min', 'KEDA'],
      ['autoscaler.queue.max', 'KEDA'],
      ['autoscaler.queue.poll', 'KEDA'],
      ['autoscaler.queue.cooldown', 'KEDA'],
    ]);
  });

  it('keeps bounds, times, fallback and behaviour', () => {
    expect(
      autoscalerIn([
        'minReplicaCount: 2',
        'maxReplicaCount: 8',
        'pollingInterval: 5',
        'cooldownPeriod: 60',
        'fallback: { failureThreshold: 3, replicas: 6, behavior: currentReplicasIfHigher }',
        'advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } } }',
        'triggers: [{ type: redis, metadata: { listName: jobs, listLength: "5" } }]',
      ]),
    ).toEqual({
      queue: {
        min: 2,
        max: 8,
        perServer: 5,
        atWork: false,
        poll: '5s',
        cooldown: '1m',
        fallback: { failures: 3, servers: 6, behavior: 'current-if-higher' },
        behavior: { down: { window: '1m' } },
      },
    });
  });

  it.each([
    ['rabbitmq, queueName: jobs, value: "5"', undefined],
    ['rabbitmq, queueName: jobs, value: "5", excludeUnacknowledged: "true"', false],
    ['aws-sqs-queue, queueLength: "5", scaleOnInFlight: "false"', false],
    ['prometheus, query: sum(mcp_backlog), threshold: "5"', false],
    ['prometheus, query: sum(mcp_backlog) + sum(mcp_calls_at_work), threshold: "5"', undefined],
  ])('counts calls at work as the trigger does: %s', (trigger, atWork) => {
    const [type, ...metadata] = trigger.split(', ');
    const lines = [`triggers: [{ type: ${type}, metadata: { ${metadata.join(', ')} } }]`];
    const { queue } = autoscalerIn(lines) as { queue: { atWork?: boolean } };
    expect(queue.atWork).toBe(atWork);
  });

  it('with other triggers, or several, is the HPA that KEDA makes of them', () => {
    expect(
      autoscalerIn([
        'minReplicaCount: 1',
        'triggers:',
        '  - { type: cpu, metricType: Utilization, metadata: { value: "60" } }',
        '  - { type: prometheus, metadata: { query: "sum(http_requests_per_second)", threshold: "50" } }',
        '  - { type: kafka, metricType: Value, metadata: { lagThreshold: "100" } }',
      ]),
    ).toEqual({
      hpa: {
        min: 1,
        max: 100,
        cpu: '60%',
        arrivals: { perServer: '50/s' },
        backlog: { total: 100 },
      },
    });
  });

  it('begins with its minimum, and with one server where that is none', () => {
    expect(toPlain(readLines([RABBIT]).tree)).toMatchObject({ servers: { count: 1 } });
  });

  it.each(['paused: "true"', 'paused-replicas: "4"', 'paused-scale-in: "true"'])(
    'that stands still is refused: %s',
    (line) => {
      const annotated = scaled([RABBIT]).replace(
        'metadata: { name: mcp-queue }',
        `metadata: { name: mcp-queue, annotations: { autoscaling.keda.sh/${line} } }`,
      );
      expect(mistakesOf(() => read(annotated))).toEqual([expect.stringContaining('scaling is paused')]);
    },
  );

  it.each([
    ['cron', ['triggers: [{ type: cron, metadata: {} }]'], 'triggers.1.type: got `cron`'],
    ['memory', ['triggers: [{ type: memory, metadata: { value: "60" } }]'], 'got `memory`'],
    [
      'a query that tells nothing',
      ['triggers: [{ type: prometheus, metadata: { query: up, threshold: "1" } }]'],
      'triggers.1.metadata.query: this is not simulated',
    ],
    [
      'CPU alone for a fleet that sleeps',
      ['triggers: [{ type: cpu, metadata: { value: "60" } }]'],
      'minReplicaCount: got 0',
    ],
    ['a missing target', ['triggers: [{ type: kafka, metadata: {} }]'], 'metadata.lagThreshold: '],
    ['a typing error', [RABBIT, 'minReplicas: 2'], 'minReplicas: unknown key'],
    [
      'a typing error in a trigger',
      [RABBIT.replace('activationValue', 'activatonValue')],
      'triggers.1.metadata.activatonValue: unknown key; did you mean `activationValue`?',
    ],
    [
      'an unknown key of a trigger',
      [RABBIT.replace('metadata', 'metricTyp: Value, metadata')],
      'triggers.1.metricTyp: unknown key; did you mean `metricType`?',
    ],
  ])('refuses %s with its place', (_what, lines, message) => {
    const [first] = mistakesOf(() => readLines(lines));
    expect(first).toMatch(/^k\.yaml:\d+:\d+ {2}ScaledObject mcp-queue: spec\./);
    expect(first).toContain(message);
  });
});
