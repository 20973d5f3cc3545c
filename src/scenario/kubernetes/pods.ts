/**
 * What a pod template says about a server: when it is up (initial delays), how it is checked (its probes), how long it may
 * drain (termination grace period), what 100 % of CPU are (resources). Defaults are those of Kubernetes' API (v1.33).
 */
import { z } from 'zod';
import { placeOf, type Path } from '../tree.ts';
import { readPart, refuseAt, type Draft } from './draft.ts';
import { zSeconds, takeChecks, zProbe } from './probes.ts';
import { seconds, zQuantity } from './quantities.ts';
import type { Resource } from './resources.ts';

const zContainer = z.looseObject({
  readinessProbe: zProbe.nullish(),
  livenessProbe: zProbe.nullish(),
  startupProbe: zProbe.nullish(),
  lifecycle: z.looseObject({ preStop: z.unknown().optional() }).nullish(),
  resources: z
    .strictObject({
      requests: z.looseObject({ cpu: zQuantity.optional() }).nullish(),
      limits: z.looseObject({ cpu: zQuantity.optional() }).nullish(),
      claims: z.unknown().optional(),
    })
    .nullish(),
});

const podSpec = (name: z.ZodType<string>) =>
  z.looseObject({
    containers: z.array(zContainer.extend({ name })).min(1),
    terminationGracePeriodSeconds: zSeconds.nullish(),
    timeoutSeconds: zSeconds.nullish(),
  });
const zPodSpec = podSpec(z.string());
/** Knative names a container itself where nobody did. */
const zKnativePodSpec = podSpec(z.string().default('user-container'));

export interface PodReading {
  /** Name of the container that is the server. */
  readonly container: string;
  readonly source: Resource;
  readonly resourcesPath: Path;
  /** Cores; null = not declared. A limit alone is the request too, as in Kubernetes. */
  readonly cpuRequest: number | null;
  readonly cpuLimit: number | null;
}

const DEFAULT_GRACE_SECONDS = 30;
/** Knative gives a pod as long to end as a request may take. */
const DEFAULT_KNATIVE_SECONDS = 300;

/** `path` leads to the pod's spec. `wanted`: the container that a metric names. */
export const takePod = (
  draft: Draft,
  source: Resource,
  path: Path,
  wanted: string | null,
): PodReading => {
  const spec = readPart(isKnative(source) ? zKnativePodSpec : zPodSpec, source, path);
  const names = spec.containers.map(({ name }) => name);
  const index = wanted === null ? 0 : names.indexOf(wanted);
  const container = spec.containers[index];
  if (container === undefined)
    return refuseAt(source, [...path, 'containers'], `no container is called \`${wanted}\``);
  const containerPath = [...path, 'containers', index];
  if (names.length > 1) {
    draft.assume(
      `of the containers ${names.join(', ')} the server is ${container.name}`,
      placeOf(source.tree, containerPath),
    );
  }
  takeChecks(draft, source, containerPath, container);
  takeStartup(draft, source, containerPath, container);
  takeDrain(draft, source, path, spec);
  if (container.lifecycle?.preStop !== undefined) {
    const text = 'the preStop hook is part of the grace period and otherwise takes no time';
    draft.assume(text, placeOf(source.tree, [...containerPath, 'lifecycle', 'preStop']));
  }
  const { requests, limits } = container.resources ?? {};
  const cpuLimit = limits?.cpu ?? null;
  return {
    container: container.name,
    source,
    resourcesPath: [...containerPath, 'resources'],
    cpuLimit,
    cpuRequest: requests?.cpu ?? cpuLimit,
  };
};

const isKnative = ({ kind }: Resource): boolean => kind !== 'Deployment';

const takeDrain = (
  draft: Draft,
  source: Resource,
  path: Path,
  spec: z.output<typeof zPodSpec>,
): void => {
  const key = isKnative(source) ? 'timeoutSeconds' : 'terminationGracePeriodSeconds';
  const usual = isKnative(source) ? DEFAULT_KNATIVE_SECONDS : DEFAULT_GRACE_SECONDS;
  draft.take('drain', seconds(spec[key] ?? usual), source, [...path, key]);
};

type Container = z.output<typeof zContainer>;

/** The earliest that a pod can be ready; how long it takes to boot is in no manifest. */
const takeStartup = (draft: Draft, source: Resource, path: Path, container: Container): void => {
  const probes = (['startupProbe', 'readinessProbe'] as const).map((name) => ({
    path: [...path, name, 'initialDelaySeconds'],
    delay: container[name]?.initialDelaySeconds ?? 0,
  }));
  const longest = probes.reduce((most, probe) => (probe.delay > most.delay ? probe : most));
  if (longest.delay > 0) {
    draft.take('servers.startup', seconds(longest.delay), source, longest.path);
    draft.assume(
      `a server answers its first check ${longest.delay}s after it is wanted; scheduling, image pull and boot are in no manifest: say servers.startup if they take longer`,
      placeOf(source.tree, longest.path),
    );
  } else {
    draft.assume(
      'servers start at once; scheduling, image pull and boot are in no manifest: say servers.startup',
      placeOf(source.tree, path),
    );
  }
};
