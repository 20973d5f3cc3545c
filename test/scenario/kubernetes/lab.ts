/** Scenarios whose servers are in manifests, without files. */
import { formatMistake, ScenarioError } from '../../../src/core/scenario-error.ts';
import { readManifests, type Manifest } from '../../../src/scenario/kubernetes/manifest.ts';
import { loadScenario, type LoadOptions } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';

export type Files = Readonly<Record<string, string>>;

/** `servers` is what follows `servers:` in the file, further keys may follow. */
export const scenarioOf = (files: Files, servers: string, more: Partial<LoadOptions> = {}) =>
  loadScenario({
    file: 'x.yaml',
    text: `traffic: { arrivals: { poisson: 10/s } }\nservers: ${servers}\n`,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error('no such file');
      return text;
    },
    ...more,
  }).scenario;

/** The same with one manifest, `k.yaml`. */
export const scenarioFrom = (manifest: string, more: Partial<LoadOptions> = {}): Scenario =>
  scenarioOf({ 'k.yaml': manifest }, '{ kubernetes: k.yaml }', more);

/** The manifest `k.yaml` alone. */
export const read = (text: string): Manifest =>
  readManifests({
    files: [{ file: 'k.yaml', text }],
    workload: null,
    place: { file: 'x.yaml' },
  });

/** Each mistake with its place in front. */
export const mistakesOf = (load: () => unknown): readonly string[] => {
  try {
    load();
  } catch (error) {
    if (error instanceof ScenarioError) return error.mistakes.map(formatMistake);
    throw error;
  }
  return [];
};

export const told = ({ manifests = [] }: Scenario) => ({
  taken: manifests.flatMap(({ taken }) => taken.map(({ key, value }) => [key, value])),
  assumed: manifests.flatMap(({ assumed }) => assumed.map(({ text }) => text)),
  overruled: manifests.flatMap(({ overruled }) => overruled.map(({ text }) => text)),
  skipped: manifests.flatMap(({ skipped }) => skipped.map(({ text }) => text)),
});

/** A Deployment with a readiness probe; lines go into its container, its pod and its spec. */
export const deployment = ({
  name = 'mcp',
  spec = ['replicas: 3'],
  pod = [] as readonly string[],
  container = ['readinessProbe: { httpGet: { path: /health, port: 8000 } }'] as readonly string[],
} = {}): string =>
  [
    'apiVersion: apps/v1',
    'kind: Deployment',
    `metadata: { name: ${name} }`,
    'spec:',
    ...spec.map((line) => `  ${line}`),
    '  template:',
    '    spec:',
    ...pod.map((line) => `      ${line}`),
    '      containers:',
    `        - name: ${name}`,
    ...container.map((line) => `          ${line}`),
    '',
  ].join('\n');
