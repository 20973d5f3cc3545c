import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { behaviorOf, toleranceOf } from '../../../src/policies/autoscaler/behavior-options.ts';
import { DEFAULT_DOWN } from '../../../src/policies/autoscaler/hpa/behavior.ts';
import type { HpaOptions } from '../../../src/policies/autoscaler/hpa/options.ts';
import { scalingLimit } from '../../../src/policies/autoscaler/hpa/rate-limits.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { manifestsOf } from '../../../src/scenario/kubernetes/write/manifests.ts';
import type { Setup } from '../../../src/scenario/scenario.ts';
import { scenarioFrom } from './lab.ts';

const setupOf = (lines: string): Setup =>
  loadScenario({
    file: 'x.yaml',
    text: `traffic: { arrivals: { poisson: 10/s }, timeout: 2s, retries: { attempts: 2 } }\n${lines}`,
    readFile: () => '',
  }).scenario.base;

const written = (setup: Setup): string =>
  manifestsOf(setup, { name: 'mcp-server', source: ['Contender "best"'] });

interface Model {
  validate(): void;
}
const MODELS: Readonly<Record<string, new (data: never) => Model>> = {
  Deployment,
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
  Service,
};

/** Kinds in order; throws when one is not what the Kubernetes API takes. */
const validKinds = (text: string): readonly string[] =>
  parseAllDocuments(text).map((document) => {
    const resource = document.toJS() as { kind: string; apiVersion: string };
    const Model = MODELS[resource.kind];
    if (Model !== undefined && !/knative|keda/.test(resource.apiVersion))
      new Model(resource as never).validate();
    return resource.kind;
  });

/** What the windows, limits and tolerances of an HPA come to, wherever they were written. */
const tuned = ({ autoscaler }: Setup) => {
  const options = autoscaler.options as unknown as HpaOptions;
  return {
    behavior: behaviorOf(options.behavior ?? {}, options.stabilization),
    tolerance: toleranceOf(options.behavior, options.tolerance),
  };
};

const SERVERS =
  'servers: { count: 4, startup: 7s, slots: 6 }\nhealth: { interval: 5s, timeout: 2s, unhealthy: 4, healthy: 2 }\ndrain: 45s\n';

const AUTOSCALED: Readonly<Record<string, readonly string[]>> = {
  none: ['none'],
  hpa: [
    '{ hpa: { cpu: 80% } }',
    '{ hpa: { min: 2, max: 20, cpu: 65%, request: 50%, behavior: { up: { window: 0, policies: [{ pods: 2, period: 1m }, { percent: 50%, period: 15s }], select: min }, down: { window: 2m, select: disabled, tolerance: 5% } } } }',
    '{ hpa: { min: 3, inFlight: 4.5, requests: 12/s, backlog: { perServer: 8 }, arrivals: { total: 500/s }, metrics: [{ inFlight: 9 }] } }',
  ],
  kpa: [
    'kpa',
    '{ kpa: { metric: rps, target: 120, window: 90s, panicWindow: 20%, panicThreshold: 150%, average: weighted, burst: always, scaleDownDelay: 2m, retention: 1m, activationScale: 3, min: 2, max: 30, utilisation: 85% } }',
  ],
  queue: [
    'queue',
    '{ queue: { atWork: false, perServer: 3 } }',
    '{ queue: { min: 0, max: 30, perServer: 7, activation: 2, poll: 10s, cooldown: 1m, fallback: { servers: 5, failures: 2, behavior: current }, behavior: { down: { window: 1m } } } }',
  ],
  schedule: [
    '{ schedule: { windows: [{ from: 9h, to: 17.5h, min: 8 }, { from: 22h, to: 24h, min: 4 }], repeat: 24h, under: { hpa: { min: 2, max: 20, cpu: 65%, request: 50%, concurrency: { perServer: 6 }, arrivals: { total: 90/s } } } } }',
    '{ schedule: { windows: [{ from: 0s, to: 6h, min: 3 }, { from: 114h, to: 168h, min: 3 }], repeat: 168h, under: { queue: { min: 0, perServer: 7, behavior: { down: { window: 1m } } } } } }',
  ],
};
const KNOWN = Object.values(AUTOSCALED).flat();

describe('manifests of a contender', () => {
  it.each(KNOWN)('are valid, and read back give the same policy: %s', (autoscaler) => {
    const setup = setupOf(`${SERVERS}autoscaler: ${autoscaler}`);
    const text = written(setup);
    validKinds(text);
    const { base } = scenarioFrom(text);
    expect(base.autoscaler).toEqual(setup.autoscaler);
    expect(base.servers.count).toBe(4);
    expect(base.servers.startup).toBe(7000);
    expect(base.drain).toBe(45_000);
    expect({ ...base.health.options, probe: '' }).toEqual({ ...setup.health.options, probe: '' });
  });

  it.each([
    '{ hpa: { behavior: { down: { policies: [{ pods: 1, period: 1m }] } }, stabilization: 90s, tolerance: 7% } }',
    '{ hpa: { behavior: { up: { window: 30s, tolerance: 20% } }, stabilization: 0s, tolerance: 5% } }',
    '{ queue: { behavior: { up: { window: 30s } }, stabilization: 1m, tolerance: 0% } }',
  ])('keep window and tolerance in the behaviour: %s', (autoscaler) => {
    const setup = setupOf(`${SERVERS}autoscaler: ${autoscaler}`);
    const text = written(setup);
    validKinds(text);
    expect(tuned(scenarioFrom(text).base)).toEqual(tuned(setup));
    expect(text).not.toContain('a flag of the cluster');
  });

  it.each([1, 2, 3, 4])(
    'give an HPA without a behaviour one that allows as much, to say its window: min %i',
    (min) => {
      const setup = setupOf(`${SERVERS}autoscaler: { hpa: { min: ${min}, stabilization: 0s } }`);
      const text = written(setup);
      validKinds(text);
      const { behavior, tolerance } = tuned(scenarioFrom(text).base);
      expect(behavior.down).toEqual({ ...DEFAULT_DOWN, window: 0 });
      expect(behavior.up.window).toBe(0);
      expect(tolerance).toEqual({ up: 0.1, down: 0.1 });
      for (let servers = min; servers < 12; servers++) {
        const limit = scalingLimit(0, 'up', servers, behavior.up, { up: [], down: [] });
        const isOdd = min === 1 && servers === 2;
        expect(limit).toBe(isOdd ? 5 : Math.max(4, 2 * servers));
      }
      expect(text.includes('from 2 to 5')).toBe(min === 1);
    },
  );

  it('say shares and durations as a scenario does', () => {
    const lines = written(setupOf(`${SERVERS}autoscaler: { queue: { tolerance: 7%, every: 1m } }`));
    expect(lines).toContain('tolerance: 7%: from Kubernetes 1.33 on');
    expect(lines).toContain('autoscaler.queue.every: 1m: a flag of the cluster');
  });

  it('are Deployment, Service and PodDisruptionBudget, or a Knative Service', () => {
    expect(validKinds(written(setupOf('servers: { count: 2 }')))).toEqual([
      'Deployment',
      'Service',
      'PodDisruptionBudget',
    ]);
    expect(validKinds(written(setupOf('servers: { count: 2 }\nautoscaler: kpa')))).toEqual([
      'Service',
    ]);
  });

  it('keep the slots of a Knative Service, unless they would lower its target', () => {
    const slotsOf = (setup: Setup) => setup.servers.groups.map(({ slots }) => slots);
    for (const kpa of ['{ target: 4 }', '{ metric: rps, target: 50 }']) {
      const setup = setupOf(`servers: { count: 2, slots: 4 }\nautoscaler: { kpa: ${kpa} }`);
      const text = written(setup);
      const { base } = scenarioFrom(text);
      expect(slotsOf(base)).toEqual([4]);
      expect(base.autoscaler).toEqual(setup.autoscaler);
      expect(text).not.toContain('calls at once');
    }
    const high = setupOf('servers: { count: 2, slots: 4 }\nautoscaler: { kpa: { target: 10 } }');
    const text = written(high);
    expect(text).toContain(
      'containerConcurrency is left out: at 4 it would lower the target of 10',
    );
    expect(scenarioFrom(text).base.autoscaler).toEqual(high.autoscaler);
  });

  it('write what is under a forecast, or under a schedule that cron does not know', () => {
    const under = '{ hpa: { min: 2, max: 9, cpu: 70%, request: 50% } }';
    const alone = setupOf(`${SERVERS}autoscaler: ${under}`).autoscaler;
    for (const [above, why] of [
      [`{ predictive: { season: 1h, under: ${under} } }`, 'no controller of Kubernetes forecasts'],
      [
        `{ schedule: { windows: [{ from: 1m, to: 5m, min: 4 }], under: ${under} } }`,
        'at least 4 from 1m to 5m: cron knows days and weeks, and this comes once',
      ],
    ] as const) {
      const text = written(setupOf(`${SERVERS}autoscaler: ${above}`));
      expect(validKinds(text)).toContain('HorizontalPodAutoscaler');
      expect(text).toContain(why);
      expect(scenarioFrom(text).base.autoscaler).toEqual(alone);
    }
    const idle = written(setupOf(`${SERVERS}autoscaler: { schedule: { under: ${under} } }`));
    expect(idle).not.toContain('autoscaler.schedule');
    const knative = written(
      setupOf(
        `${SERVERS}autoscaler: { schedule: { windows: [{ from: 9h, to: 10h, min: 4 }], repeat: 24h, under: kpa } }`,
      ),
    );
    expect(knative).toContain('serving.knative.dev/v1');
    expect(knative).toContain('kpa has no minimums by the clock');
  });

  it('say at the top what they cannot express', () => {
    const text = written(
      setupOf(
        'servers: { count: 2, startup: 1500ms }\nbalancer: p2c\nbreaker: counter\naffinity: session\nautoscaler: threshold',
      ),
    );
    const comment = text.split('\n').filter((line) => line.startsWith('#'));
    expect(comment[0]).toBe('# Contender "best"');
    for (const said of [
      'servers.startup: 1.5s is written as 2s',
      'autoscaler: threshold {"up":0.8',
      'balancer: p2c',
      'breaker: counter {"failures":5',
      'affinity: session',
      'timeout: 2s an attempt',
      'retries: 2 attempts',
      'a server works on 8 calls at once',
      'livenessProbe',
    ])
      expect(comment.join('\n')).toContain(said);
  });

  it('without checks have no probe, and without drain no grace', () => {
    const setup = setupOf('servers: { count: 2 }\nhealth: none\ndrain: none');
    const { base } = scenarioFrom(written(setup));
    expect(base).toMatchObject({ drain: 0, health: { name: 'none' } });
  });
});
