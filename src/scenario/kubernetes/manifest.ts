/**
 * Manifest files -> the part of a scenario they say. First which workload is meant: the one that is named, or the only
 * one, or the only one that something scales. Then its pods, then what scales it. Resources that say nothing about
 * servers are listed as skipped, those that would change servers in ways not known here are refused.
 */
import { z } from 'zod';
import { ScenarioError, type Place } from '../../core/scenario-error.ts';
import { unknownName } from '../suggest.ts';
import type { Branch } from '../tree.ts';
import { Draft, readPart, refuseAt } from './draft.ts';
import { containerOf, isHpa, takeHpa } from './hpa/hpa.ts';
import { takeScaledObject } from './keda/keda.ts';
import { annotationsOf, isKnativeService, takeConcurrencyLimit, takeKnative } from './knative.ts';
import { takePod, type PodReading } from './pods.ts';
import type { Remark, Taken } from './reading.ts';
import { resourcesOf, titleOf, type ManifestFile, type Resource } from './resources.ts';
import { isScaler, leastOf, targetOf } from './scalers.ts';
import type { NamedWorkload } from './wish.ts';

export interface Manifest {
  /** Keys of a scenario, each value at its place in the manifest. */
  readonly tree: Branch;
  readonly taken: readonly Taken[];
  readonly assumed: readonly Remark[];
  readonly skipped: readonly Remark[];
}

export interface WantedManifests {
  readonly files: readonly ManifestFile[];
  /** Whose servers they are, where there are several; null = the only one. */
  readonly workload: NamedWorkload | null;
  /** Where the files are asked for. */
  readonly place: Place;
}

/** Throws ScenarioError. */
export const readManifests = (wanted: WantedManifests): Manifest => {
  const { files, place } = wanted;
  const resources = files.flatMap(resourcesOf);
  resources.forEach(refuseUnknownScaler);
  const scalers = resources.filter(isScaler);
  const workload = workloadOf(resources, scalers, wanted);
  const draft = new Draft({ file: files[0]?.file ?? place.file, line: 1, column: 1 });
  const own =
    workload === null ? scalers : scalers.filter((of) => targetOf(of) === titleOf(workload));
  const [scaler, second] = own;
  if (second !== undefined)
    refuseAt(second, ['spec'], `a second autoscaler beside ${titleOf(scaler!)}; allowed: one`);
  if (workload === null && scaler === undefined) {
    const allowed = 'a Deployment, a Knative Service, or an autoscaler';
    throw new ScenarioError(`no servers in ${shown(files)}; allowed: ${allowed}`, place);
  }
  const pod = workload === null ? null : takeWorkload(draft, workload, scaler ?? null);
  if (scaler !== undefined) {
    if (isHpa(scaler)) takeHpa(draft, scaler, pod);
    else takeScaledObject(draft, scaler, pod);
  }
  for (const resource of resources) {
    if (resource === workload || resource === scaler) continue;
    draft.skip(`${titleOf(resource)}: ${whySkipped(resource)}`, resource);
  }
  const { tree, taken, assumed, skipped } = draft;
  return { tree, taken, assumed, skipped };
};

const shown = (files: readonly ManifestFile[]): string => files.map(({ file }) => file).join(', ');

const isDeployment = ({ kind }: Resource): boolean => kind === 'Deployment';
const isWorkload = (resource: Resource): boolean =>
  isDeployment(resource) || isKnativeService(resource);

const refuseUnknownScaler = (source: Resource): void => {
  if (source.kind === 'VerticalPodAutoscaler')
    refuseAt(source, ['kind'], 'servers that change in size are not simulated', 'key');
  if (isDeployment(source) && source.apiVersion !== 'apps/v1')
    refuseAt(source, ['apiVersion'], `got \`${source.apiVersion}\`; allowed: apps/v1`);
};

const workloadOf = (
  resources: readonly Resource[],
  scalers: readonly Resource[],
  { workload, place }: WantedManifests,
): Resource | null => {
  const all = resources.filter(isWorkload);
  const names = all.map(({ name }) => name);
  if (workload !== null) {
    const named = all.find(({ name }) => name === workload.name);
    if (named !== undefined) return named;
    throw new ScenarioError(unknownName('workload', workload.name, names), workload.place);
  }
  if (all.length < 2) return all[0] ?? onlyOther(resources);
  const targets = new Set(scalers.map(targetOf));
  const scaled = all.filter((resource) => targets.has(titleOf(resource)));
  if (scaled.length === 1) return scaled[0]!;
  throw new ScenarioError(
    `${all.length} workloads (${names.join(', ')}); allowed: one; say which: kubernetes: { file, name }, or --workload NAME`,
    place,
  );
};

const OTHERS = ['StatefulSet', 'DaemonSet', 'ReplicaSet', 'Rollout', 'Pod', 'Job', 'CronJob'];

/** A file of other workloads only is not a file without servers. */
const onlyOther = (resources: readonly Resource[]): null => {
  const other = resources.find(({ kind }) => OTHERS.includes(kind));
  if (other === undefined) return null;
  return refuseAt(
    other,
    ['kind'],
    `got \`${other.kind}\`; allowed: Deployment or a Knative Service`,
  );
};

const zReplicas = z.looseObject({ replicas: z.int().min(0).nullish() });
const POD_SPEC = ['spec', 'template', 'spec'];

const takeWorkload = (draft: Draft, workload: Resource, scaler: Resource | null): PodReading => {
  const wanted = scaler !== null && isHpa(scaler) ? containerOf(scaler) : null;
  const pod = takePod(draft, workload, POD_SPEC, wanted);
  const isKnative =
    isKnativeService(workload) ||
    (scaler === null && Object.keys(annotationsOf(workload)).length > 0);
  if (isKnative) {
    if (scaler !== null)
      refuseAt(scaler, ['spec'], 'scales a Knative Service, which scales itself');
    takeKnative(draft, workload);
    if (isKnativeService(workload)) takeConcurrencyLimit(draft, workload);
  }
  if (!isDeployment(workload)) return pod;
  const { replicas } = readPart(zReplicas, workload, ['spec']);
  if (replicas === 0) {
    const why = 'a Deployment at zero is switched off, and no autoscaler starts it';
    refuseAt(workload, ['spec', 'replicas'], `got \`0\`; allowed: at least 1: ${why}`);
  }
  if (typeof replicas === 'number' || (scaler === null && !isKnative))
    draft.take('servers.count', replicas ?? 1, workload, ['spec', 'replicas']);
  else if (scaler !== null) {
    const min = leastOf(scaler);
    const text = `replicas is left to the autoscaler: the run begins with its minimum, ${min.count}`;
    draft.assume(text, min.place, { key: 'servers.count', value: min.count });
  }
  return pod;
};

const whySkipped = (resource: Resource): string => {
  const { kind } = resource;
  if (isWorkload(resource)) return 'another workload';
  if (isScaler(resource)) return `scales ${targetOf(resource)}, another workload`;
  if (OTHERS.includes(kind)) return 'another workload';
  if (kind === 'PodDisruptionBudget') return 'no node is drained here';
  if (kind === 'Service')
    return "the balancer is the scenario's; kube-proxy would pick at random, once a connection";
  return 'says nothing about servers';
};
