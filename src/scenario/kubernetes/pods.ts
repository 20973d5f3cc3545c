/**
 * What a pod template says about a server: when it is up (initial delays), how it is checked (the readiness probe), how
 * long it may drain (termination grace period). Defaults are those of Kubernetes' API (v1.33). A liveness probe restarts
 * containers, which nothing here does; without a readiness probe its figures serve as checks, and that is said.
 */
import { z } from 'zod';
import { formatDuration, type Millis } from '../../core/units.ts';
import { placeOf, type Path } from '../tree.ts';
import { has, readPart, refuseAt, type Draft } from './draft.ts';
import { zQuantity } from './quantities.ts';
import type { Resource } from './resources.ts';

const SECONDS = z.int().min(0).max(31_536_000);
const known = z.unknown().optional();
/** Every key is known: a typing error would be a default that nobody asked for. */
const zProbe = z.strictObject({
  httpGet: z
    .strictObject({
      path: z.string().optional(),
      port: known,
      host: known,
      scheme: known,
      httpHeaders: known,
    })
    .optional(),
  tcpSocket: known,
  grpc: known,
  exec: known,
  initialDelaySeconds: SECONDS.default(0),
  periodSeconds: SECONDS.min(1).default(10),
  timeoutSeconds: SECONDS.min(1).default(1),
  failureThreshold: z.int().min(1).default(3),
  successThreshold: z.int().min(1).default(1),
  terminationGracePeriodSeconds: known,
});
type Probe = z.output<typeof zProbe>;

const zContainer = z.looseObject({
  readinessProbe: zProbe.nullish(),
  livenessProbe: zProbe.nullish(),
  startupProbe: zProbe.nullish(),
  lifecycle: z.looseObject({ preStop: z.unknown().optional() }).nullish(),
  resources: z
    .strictObject({
      requests: z.looseObject({ cpu: zQuantity.optional() }).nullish(),
      limits: z.looseObject({ cpu: zQuantity.optional() }).nullish(),
      claims: known,
    })
    .nullish(),
});

const podSpec = (name: z.ZodType<string>) =>
  z.looseObject({
    containers: z.array(zContainer.extend({ name })).min(1),
    terminationGracePeriodSeconds: SECONDS.nullish(),
    timeoutSeconds: SECONDS.nullish(),
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

const takeChecks = (draft: Draft, source: Resource, path: Path, container: Container): void => {
  const { readinessProbe, livenessProbe } = container;
  if (readinessProbe) takeProbe(draft, source, [...path, 'readinessProbe'], readinessProbe);
  if (livenessProbe && !readinessProbe) {
    takeProbe(draft, source, [...path, 'livenessProbe'], livenessProbe);
    draft.assume(
      'there is no readiness probe: the liveness probe takes a server out instead of restarting it',
      placeOf(source.tree, [...path, 'livenessProbe']),
    );
  } else if (livenessProbe) {
    draft.assume(
      'a container that fails its liveness probe is not restarted here; a `crash` fault restarts one',
      placeOf(source.tree, [...path, 'livenessProbe']),
    );
  }
  if (!readinessProbe && !livenessProbe) {
    draft.assume(
      'no probe: a server is ready as soon as it has started, and nothing takes it out',
      placeOf(source.tree, path),
      { key: 'health', value: 'none' },
    );
  }
};

const takeProbe = (draft: Draft, source: Resource, path: Path, probe: Probe): void => {
  draft.take('health.interval', seconds(probe.periodSeconds), source, [...path, 'periodSeconds']);
  draft.take('health.timeout', seconds(probe.timeoutSeconds), source, [...path, 'timeoutSeconds']);
  draft.take('health.unhealthy', probe.failureThreshold, source, [...path, 'failureThreshold']);
  draft.take('health.healthy', probe.successThreshold, source, [...path, 'successThreshold']);
  if (probe.successThreshold > 1) {
    draft.assume(
      `a new server is used after its first good check; the ${probe.successThreshold} of successThreshold are asked of one that had been taken out`,
      placeOf(source.tree, [...path, 'successThreshold']),
    );
  }
  const asked = probe.httpGet?.path;
  if (asked?.startsWith('/') === true)
    draft.take('health.probe', asked, source, [...path, 'httpGet', 'path']);
  else if (probe.tcpSocket !== undefined)
    draft.take('health.probe', 'tcp', source, [...path, 'tcpSocket']);
  else {
    const kind = ['grpc', 'exec', 'httpGet'].find((name) => has(source.tree, [...path, name]));
    draft.assume(
      `the ${kind ?? 'empty'} probe is taken for GET /health`,
      placeOf(source.tree, [...path, kind ?? '']),
    );
  }
};

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

/** 15 -> `15s` */
export const seconds = (count: number): string => duration(count * 1000);
export const duration = (ms: Millis): string => formatDuration(ms);
