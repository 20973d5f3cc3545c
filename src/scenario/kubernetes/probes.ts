/**
 * The probes of a container as health checks. The readiness probe takes a server out, as checks do here; a liveness probe
 * restarts containers, which nothing here does. Without a readiness probe its figures serve as checks, and that is said.
 */
import { z } from 'zod';
import { placeOf, type Path } from '../tree.ts';
import { has, type Draft } from './draft.ts';
import { seconds } from './quantities.ts';
import type { Resource } from './resources.ts';

export const zSeconds = z.int().min(0).max(31_536_000);
const known = z.unknown().optional();
/** Every key is known: a typing error would be a default that nobody asked for. */
export const zProbe = z.strictObject({
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
  initialDelaySeconds: zSeconds.default(0),
  periodSeconds: zSeconds.min(1).default(10),
  timeoutSeconds: zSeconds.min(1).default(1),
  failureThreshold: z.int().min(1).default(3),
  successThreshold: z.int().min(1).default(1),
  terminationGracePeriodSeconds: known,
});
type Probe = z.output<typeof zProbe>;

interface Probed {
  readonly readinessProbe?: Probe | null | undefined;
  readonly livenessProbe?: Probe | null | undefined;
}

export const takeChecks = (draft: Draft, source: Resource, path: Path, container: Probed): void => {
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
