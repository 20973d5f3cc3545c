/**
 * A contender as Kubernetes manifests, after the reference's: Deployment, Service, PodDisruptionBudget and what scales it (an
 * HPA, a KEDA ScaledObject; a Knative Service in the place of all). What a manifest cannot express stands in a comment at
 * the top. Read back, the manifests give the same servers, checks, drain and autoscaler.
 */
import { stringify } from 'yaml';
import type { PolicyChoice, Setup } from '../../scenario.ts';
import { hpaOf, type HpaChoice } from './hpa.ts';
import { scaledHpa, scaledQueue, type QueueChoice } from './keda.ts';
import { knativeService } from './knative.ts';
import { podOf } from './pod.ts';
import { remarkOnRest, remarkOnServers, type Remark } from './remarks.ts';
import { layersOf } from './schedule.ts';

export interface ManifestAbout {
  /** Of the Deployment and all beside it: a DNS label. */
  readonly name: string;
  /** Lines for the top: where this comes from. */
  readonly source: readonly string[];
}

/** YAML, a document a resource. */
export const manifestsOf = (setup: Setup, { name, source }: ManifestAbout): string => {
  const remarks: string[] = [];
  const remark: Remark = (text) => {
    if (!remarks.includes(text)) remarks.push(text);
  };
  const resources = resourcesOf(setup, name, remark);
  remarkOnRest(setup, remark);
  const comment = [
    ...source,
    ...(remarks.length === 0 ? [] : ['What these manifests cannot express, or have not tested:']),
    ...remarks.map((text) => `- ${text}`),
  ].map((line) => `# ${line.replaceAll(/\s+/g, ' ')}`);
  const documents = resources.map((resource) => stringify(resource, { lineWidth: 0 }));
  return `${comment.join('\n')}\n${documents.join('---\n')}`;
};

const resourcesOf = (setup: Setup, name: string, remark: Remark): readonly object[] => {
  const { reactive, crons } = layersOf(setup.autoscaler, remark);
  const scaled = { ...setup, autoscaler: reactive };
  if (reactive.name === 'kpa') return [knativeService(scaled, name, remark)];
  remarkOnServers(setup, null, remark);
  return [
    deployment(scaled, name, remark),
    service(name),
    ...scalers(reactive, { name, crons }, remark),
    disruptionBudget(name),
  ];
};

const scalers = (
  { name, options }: PolicyChoice,
  about: { readonly name: string; readonly crons: readonly object[] },
  remark: Remark,
): object[] => {
  // Options are as the policy's own schema resolved them.
  switch (name) {
    case 'none':
      return [];
    case 'hpa': {
      const hpa = options as unknown as HpaChoice;
      const isAlone = about.crons.length === 0;
      return [isAlone ? hpaOf(hpa, about.name, remark) : scaledHpa(hpa, about, remark)];
    }
    case 'queue':
      return [scaledQueue(options as unknown as QueueChoice, about, remark)];
    default:
      remark(
        `autoscaler: ${name} ${JSON.stringify(options)} (durations in ms): no controller of Kubernetes does this; the Deployment keeps its size`,
      );
      return [];
  }
};

const deployment = (setup: Setup, name: string, remark: Remark): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: setup.servers.count,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podOf(setup, name, remark) },
  },
});

const service = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8000 }] },
});

const disruptionBudget = (name: string): object => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: `${name}-pdb` },
  spec: { maxUnavailable: 1, selector: { matchLabels: { app: name } } },
});
