import { describe, expect, it } from 'vitest';
import { deployment, mistakesOf, scenarioFrom, scenarioOf, told } from './lab.ts';

describe('a Deployment as servers', () => {
  it('gives their number, start, checks and drain', () => {
    const { base } = scenarioFrom(
      deployment({
        spec: ['replicas: 4'],
        pod: ['terminationGracePeriodSeconds: 45'],
        container: [
          'readinessProbe:',
          '  httpGet: { path: /ready, port: 8000 }',
          '  initialDelaySeconds: 7',
          '  periodSeconds: 5',
          '  timeoutSeconds: 2',
          '  failureThreshold: 4',
          '  successThreshold: 2',
        ],
      }),
    );
    expect(base.servers).toMatchObject({ count: 4, startup: 7000 });
    expect(base.health).toEqual({
      name: 'active',
      options: { interval: 5000, timeout: 2000, unhealthy: 4, healthy: 2, probe: '/ready' },
    });
    expect(base.drain).toBe(45_000);
    expect(base.autoscaler.name).toBe('none');
  });

  it("takes what is not written for Kubernetes' defaults, and says so", () => {
    const scenario = scenarioFrom(deployment({ spec: [] }));
    expect(scenario.base.servers).toMatchObject({ count: 1, startup: 0 });
    expect(scenario.base.health.options).toMatchObject({
      interval: 10_000,
      timeout: 1000,
      unhealthy: 3,
      healthy: 1,
    });
    expect(scenario.base.drain).toBe(30_000);
    const [reading] = scenario.manifests!;
    expect(reading!.taken.find(({ key }) => key === 'health.interval')).toEqual({
      key: 'health.interval',
      value: '10s',
      from: "Deployment mcp spec.template.spec.containers.1.readinessProbe.periodSeconds (not written: Kubernetes' default)",
      at: 'k.yaml:9:27',
    });
    expect(told(scenario).assumed).toEqual([
      expect.stringContaining('servers start at once'),
      expect.stringContaining('8 calls at once'),
    ]);
  });

  it('waits for the longer of the startup and the readiness delay', () => {
    const container = [
      'startupProbe: { tcpSocket: { port: 8000 }, initialDelaySeconds: 20 }',
      'readinessProbe: { tcpSocket: { port: 8000 }, initialDelaySeconds: 5 }',
    ];
    const { base } = scenarioFrom(deployment({ container }));
    expect(base.servers.startup).toBe(20_000);
    expect(base.health.options['probe']).toBe('tcp');
  });

  it('without a readiness probe checks by the liveness probe, and without any not at all', () => {
    const liveness = deployment({
      container: ['livenessProbe: { exec: { command: [ok] }, periodSeconds: 20 }'],
    });
    const checked = scenarioFrom(liveness);
    expect(checked.base.health.options).toMatchObject({ interval: 20_000 });
    expect(told(checked).assumed).toEqual(
      expect.arrayContaining([
        expect.stringContaining('instead of restarting it'),
        expect.stringContaining('the exec probe is taken for GET /health'),
      ]),
    );
    const unchecked = scenarioFrom(deployment({ container: ['image: x'] }));
    expect(unchecked.base.health.name).toBe('none');
  });

  it('says that liveness restarts and preStop hooks are not simulated', () => {
    const container = [
      'readinessProbe: {}',
      'livenessProbe: {}',
      'lifecycle: { preStop: { sleep: { seconds: 5 } } }',
    ];
    expect(told(scenarioFrom(deployment({ container }))).assumed).toEqual(
      expect.arrayContaining([
        expect.stringContaining('is not restarted here'),
        expect.stringContaining('preStop'),
      ]),
    );
  });

  it('says that a new server needs one good check, however many a server that was out needs', () => {
    const container = ['readinessProbe: { tcpSocket: {}, successThreshold: 2 }'];
    expect(told(scenarioFrom(deployment({ container }))).assumed).toContainEqual(
      expect.stringContaining('a new server is used after its first good check'),
    );
  });

  it('takes the first of several containers, and says which', () => {
    const two = `${deployment()}        - name: proxy\n`;
    expect(told(scenarioFrom(two)).assumed).toContain(
      'of the containers mcp, proxy the server is mcp',
    );
  });
});

describe('manifest files', () => {
  const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: { name: mcp }\n';

  it('are read document by document, with Lists taken apart and the rest listed as skipped', () => {
    const list = [
      'apiVersion: v1',
      'kind: List',
      'items:',
      '  - { apiVersion: v1, kind: ConfigMap, metadata: { name: settings } }',
      '',
    ].join('\n');
    const scenario = scenarioFrom(['', deployment(), SERVICE, '# nothing\n', list].join('---\n'));
    expect(scenario.base.servers.count).toBe(3);
    expect(told(scenario).skipped).toEqual([
      expect.stringMatching(/^Service mcp: the balancer/),
      'ConfigMap settings: says nothing about servers',
    ]);
  });

  it('may be several, and their digests are kept', () => {
    const files = { 'a.yaml': deployment(), 'b.yaml': SERVICE };
    const { manifests } = scenarioOf(files, '{ kubernetes: [a.yaml, b.yaml] }');
    expect(manifests![0]!.files.map(({ file }) => file)).toEqual(['a.yaml', 'b.yaml']);
    expect(manifests![0]!.files[0]!.sha256).toMatch(/^sha256:/);
  });

  it('with several workloads need a name', () => {
    const two = [deployment(), deployment({ name: 'other', spec: ['replicas: 9'] })].join('---\n');
    expect(mistakesOf(() => scenarioFrom(two))).toEqual([
      'x.yaml:2:24  2 workloads (mcp, other); allowed: one; say which: kubernetes: { file, name }, or --workload NAME',
    ]);
    const named = scenarioOf({ 'k.yaml': two }, '{ kubernetes: { file: k.yaml, name: other } }');
    expect(named.base.servers.count).toBe(9);
    expect(told(named).skipped).toEqual(['Deployment mcp: another workload']);
    expect(
      mistakesOf(() =>
        scenarioOf({ 'k.yaml': two }, '{ kubernetes: { file: k.yaml, name: othr } }'),
      ),
    ).toEqual([expect.stringContaining('did you mean `other`?')]);
  });

  it.each([
    [
      'a file that is not there',
      '{ kubernetes: gone.yaml }',
      'x.yaml:2:24  `gone.yaml` cannot be read',
    ],
    [
      'no file',
      '{ kubernetes: { name: x } }',
      'x.yaml:2:24  servers.kubernetes: got nothing; allowed: a file',
    ],
    ['an empty file', '{ kubernetes: empty.yaml }', 'empty.yaml  no resource in this file'],
    ['a text', '{ kubernetes: text.yaml }', 'text.yaml:1:1  allowed: a Kubernetes resource'],
    ['a template', '{ kubernetes: helm.yaml }', 'helm.yaml:1:3  this looks like a template'],
    ['nothing that serves', '{ kubernetes: map.yaml }', 'x.yaml:2:24  no servers in map.yaml'],
    [
      'a StatefulSet',
      '{ kubernetes: set.yaml }',
      'set.yaml:2:7  StatefulSet db: kind: got `StatefulSet`',
    ],
    [
      'a resource without a name',
      '{ kubernetes: bare.yaml }',
      'bare.yaml:1:1  metadata.name: missing',
    ],
  ])('refuse %s with its place', (_what, servers, message) => {
    const files = {
      'empty.yaml': '---\n',
      'text.yaml': 'hello',
      'helm.yaml': '{{- if .Values.on }}\na: {{ .x }}\n',
      'map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n',
      'set.yaml': 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\n',
      'bare.yaml': 'apiVersion: v1\nkind: Service\n',
    };
    const [first] = mistakesOf(() => scenarioOf(files, servers));
    expect(first).toContain(message);
  });

  it.each([
    [
      'replicas 0',
      deployment({ spec: ['replicas: 0'] }),
      'k.yaml:5:13  Deployment mcp: spec.replicas: got `0`',
    ],
    [
      'a replica count in words',
      deployment({ spec: ['replicas: three'] }),
      'k.yaml:5:13  Deployment mcp: spec.replicas: got `three`',
    ],
    [
      'a period of 0',
      deployment({ container: ['readinessProbe: { periodSeconds: 0 }'] }),
      'readinessProbe.periodSeconds: got `0`',
    ],
    [
      'a typing error in a probe',
      deployment({ container: ['readinessProbe: { periodSecond: 3 }'] }),
      'readinessProbe.periodSecond: unknown key; did you mean `periodSeconds`?',
    ],
    [
      'a typing error in the resources',
      deployment({ container: ['readinessProbe: {}', 'resources: { request: { cpu: 1 } }'] }),
      'resources.request: unknown key; did you mean `requests`?',
    ],
    [
      'an old API',
      deployment().replace('apps/v1', 'extensions/v1beta1'),
      'k.yaml:1:13  Deployment mcp: apiVersion: got `extensions/v1beta1`',
    ],
  ])('refuse %s with its place', (_what, manifest, message) => {
    expect(mistakesOf(() => scenarioFrom(manifest))[0]).toContain(message);
  });
});
