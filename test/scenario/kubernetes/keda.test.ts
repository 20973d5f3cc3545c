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

const QUEUE =
  '{ type: rabbitmq, metadata: { queueName: jobs, mode: QueueLength, value: "20", activationValue: "3" } }';
const RABBIT = `triggers: [${QUEUE}]`;
const CPU = '{ type: cpu, metricType: Utilization, metadata: { value: "60" } }';
const CRON =
  '{ type: cron, metadata: { timezone: Etc/UTC, start: "0 9 * * *", end: "30 17 * * *", desiredReplicas: "8" } }';

const FIVE_DAYS = ['9h-17h', '33h-41h', '57h-65h', '81h-89h', '105h-113h'];

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

  it('with cron triggers is a schedule over what the others are', () => {
    expect(autoscalerIn([`triggers: [${CRON}, ${QUEUE}]`])).toEqual({
      schedule: {
        windows: [{ from: '9h', to: '17.5h', min: 8 }],
        repeat: '24h',
        under: {
          queue: { min: 0, max: 100, perServer: 20, activation: 3, poll: '30s', cooldown: '5m' },
        },
      },
    });
    expect(autoscalerIn(['minReplicaCount: 1', `triggers: [${CPU}, ${CRON}]`])).toEqual({
      schedule: {
        windows: [{ from: '9h', to: '17.5h', min: 8 }],
        repeat: '24h',
        under: { hpa: { min: 1, max: 100, cpu: '60%' } },
      },
    });
  });

  it.each([
    ['at night', '0 22 * * *', '0 6 * * *', ['22h-24h', '0-6h'], '24h'],
    ['till midnight', '0 18 * * *', '0 0 * * *', ['18h-24h'], '24h'],
    ['on working days', '0 9 * * MON-FRI', '0 17 * * 1-5', FIVE_DAYS, '168h'],
    ['over the week-end', '0 18 * * 5', '0 6 * * 1', ['114h-168h', '0-6h'], '168h'],
    ['several times a day', '0 8,20 * * *', '0 10/12 * * *', ['8h-10h', '20h-22h'], '24h'],
    ['from the last of two starts', '0 8,9 * * *', '0 12 * * *', ['9h-12h'], '24h'],
  ])('opens a window %s', (_when, start, end, windows, repeat) => {
    const cron = CRON.replace('0 9 * * *', start).replace('30 17 * * *', end);
    const { schedule } = autoscalerIn([`triggers: [${QUEUE}, ${cron}]`]) as {
      schedule: { windows: { from: string; to: string }[]; repeat: string };
    };
    expect(schedule.windows.map(({ from, to }) => `${from}-${to}`)).toEqual(windows);
    expect(schedule.repeat).toBe(repeat);
  });

  it('with further triggers of one kind lists them as further metrics', () => {
    const kafka = '{ type: kafka, metadata: { lagThreshold: "10" } }';
    expect(autoscalerIn(['minReplicaCount: 1', `triggers: [${kafka}, ${QUEUE}]`])).toEqual({
      hpa: {
        min: 1,
        max: 100,
        backlog: { perServer: 10 },
        metrics: [{ backlog: { perServer: 20 } }],
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
      expect(mistakesOf(() => read(annotated))).toEqual([
        expect.stringContaining('scaling is paused'),
      ]);
    },
  );

  it.each([
    ['cron alone', [`triggers: [${CRON}]`], 'triggers: a cron trigger is no load'],
    [
      'a cron trigger by the day of the month',
      [`triggers: [${QUEUE}, ${CRON.replace('0 9 * * *', '0 9 1 * *')}]`],
      'triggers.2.metadata.start: got `0 9 1 * *`; allowed: minute, hour, *, *, day of the week',
    ],
    [
      'cron triggers in two time zones',
      [`triggers: [${QUEUE}, ${CRON}, ${CRON.replace('Etc/UTC', 'Asia/Kolkata')}]`],
      'triggers.3.metadata.timezone: got `Asia/Kolkata`; allowed: the same for all, Etc/UTC',
    ],
    [
      'a window that ends as it starts',
      [`triggers: [${QUEUE}, ${CRON.replace('30 17', '0 9')}]`],
      'triggers.2.metadata.end: allowed: another time',
    ],
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
