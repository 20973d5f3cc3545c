import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Results } from '../../src/results/results.ts';
import { Folder, type Exit } from './windtunnel.ts';

const SCENARIO = `
duration: 8s
warmup: 1s
seeds: 1
traffic: { arrivals: { poisson: 40/s }, calls: { call: { work: { exponential: 20ms } } } }
servers: { count: 7, slots: 4 }
health: { interval: 30s }
drain: 5s
autoscaler: { hpa: { cpu: 50%, tolerance: 30%, min: 7, max: 9 } }
contenders:
  as deployed: {}
  without autoscaler: { autoscaler: none }
`;

/** Two workloads, either of them scaled, so that one has to be named. */
const MANIFEST = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: mcp }
spec:
  replicas: 3
  template:
    spec:
      terminationGracePeriodSeconds: 20
      containers: [{ name: mcp, readinessProbe: { httpGet: { path: /health }, periodSeconds: 5 } }]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: mcp }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: mcp }
  minReplicas: 2
  maxReplicas: 6
  metrics:
    - { type: Pods, pods: { metric: { name: in_flight }, target: { type: AverageValue, averageValue: 3 } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: other }
spec: { replicas: 9, template: { spec: { containers: [{ name: other }] } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: other }
spec: { scaleTargetRef: { kind: Deployment, name: other }, maxReplicas: 20 }
`;

const folder = new Folder();
folder.write('x.yaml', SCENARIO);
folder.write('mcp.yaml', MANIFEST);
afterAll(() => folder.remove());

const GIVEN = ['--kubernetes', 'mcp.yaml', '--workload', 'mcp'];
let sim: Exit;
beforeAll(async () => {
  sim = await folder.windtunnel(['sim', 'x.yaml', ...GIVEN]);
});

const results = (): Results => JSON.parse(folder.read('reports/x.json')) as Results;

test('sim --kubernetes runs what the manifest says, whatever the file does, and tells what it overruled', () => {
  expect(sim.code, sim.stderr).toBe(0);
  const { base } = results().scenario;
  expect(base).toMatchObject({ servers: { count: 3 }, drain: 20_000 });
  expect(base.servers.groups).toMatchObject([{ slots: 4 }]);
  expect(base.health.options).toMatchObject({ interval: 5000 });
  expect(base.autoscaler.options).toMatchObject({ min: 2, max: 6, inFlight: 3, tolerance: 0.1 });
  expect(base.autoscaler.options).not.toHaveProperty('cpu');
  const [, overruled] = /Overruled:\n((?: {2}.*\n)*)/.exec(sim.stderr) ?? [];
  expect(overruled?.trim().split(/\n */)).toEqual([
    expect.stringMatching(/^health\.interval: 5s of mcp\.yaml:\d+:\d+ goes before 30s/),
    expect.stringMatching(/^drain: 20s of mcp\.yaml:\d+:\d+ goes before 5s/),
    expect.stringMatching(/^servers\.count: 3 of mcp\.yaml:\d+:\d+ goes before 7/),
    expect.stringMatching(/^autoscaler: .*"inFlight":3.* goes before .*"cpu":"50%"/),
  ]);
  expect(results().command).toBe('npx windtunnel sim x.yaml --kubernetes mcp.yaml --workload mcp');
});

test('export kubernetes writes a contender, which is read back as what was tested', async () => {
  const { code, stdout, stderr } = await folder.windtunnel([
    ...['export', 'kubernetes', 'reports/x.json'],
    ...['--contender', 'as deployed', '--name', 'mcp'],
  ]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^# Contender "as deployed" of x\.yaml/);
  expect(stdout.match(/^kind: \w+/gm)).toEqual([
    'kind: Deployment',
    'kind: Service',
    'kind: HorizontalPodAutoscaler',
    'kind: PodDisruptionBudget',
  ]);
  folder.write('exported.yaml', stdout);
  const read = await folder.windtunnel(['validate', 'x.yaml', '--kubernetes', 'exported.yaml']);
  expect(read.code, read.stderr).toBe(0);
  for (const taken of [
    'servers.count: 3',
    'health.interval: 5s',
    'drain: 20s',
    'autoscaler.hpa.min: 2',
    'autoscaler.hpa.max: 6',
    'autoscaler.hpa.inFlight: 3',
  ])
    expect(read.stdout).toContain(`  ${taken}  <- `);
});
