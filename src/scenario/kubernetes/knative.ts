/**
 * Knative's autoscaling annotations (autoscaling.knative.dev/*, Knative serving 1.2x) as the options of the `kpa` policy,
 * from a Knative Service or from the pod template of a Deployment. `containerConcurrency` is a hard limit: the slots of a
 * server. An annotation that is not known is refused, since Knative would ignore a typing error in silence.
 */
import { z } from 'zod';
import { gotButAllowed } from '../../core/units.ts';
import { unknownKey } from '../suggest.ts';
import { placeOf, type Path } from '../tree.ts';
import { readPart, refuseAt, type Draft, type Plain } from './draft.ts';
import { duration, zGoDuration, zNumberText } from './quantities.ts';
import type { Resource } from './resources.ts';

const PREFIX = 'autoscaling.knative.dev/';

const percent = zNumberText.transform((value) => `${value}%`);
const count = zNumberText.refine((value) => Number.isInteger(value) && value >= 0, {
  error: (issue) => gotButAllowed(issue.input, 'a whole number from 0'),
});
const time = zGoDuration.transform(duration);
const oneOf = <Value extends Plain>(values: Readonly<Record<string, Value>>) =>
  z.string().transform((written, context): Value => {
    const value = values[written];
    if (value !== undefined) return value;
    context.addIssue(gotButAllowed(written, Object.keys(values).join(', ')));
    return z.NEVER;
  });

/** Annotation without its prefix -> the option of `kpa` it is, and how it is written. */
const ANNOTATIONS: Readonly<
  Record<string, { readonly option: string; readonly as: z.ZodType<Plain> }>
> = {
  metric: { option: 'metric', as: oneOf({ concurrency: 'concurrency', rps: 'rps' }) },
  target: { option: 'target', as: zNumberText },
  'target-utilization-percentage': { option: 'utilisation', as: percent },
  window: { option: 'window', as: time },
  'panic-window-percentage': { option: 'panicWindow', as: percent },
  'panic-threshold-percentage': { option: 'panicThreshold', as: percent },
  'scale-down-delay': { option: 'scaleDownDelay', as: time },
  'scale-to-zero-pod-retention-period': { option: 'retention', as: time },
  'activation-scale': { option: 'activationScale', as: count },
  'min-scale': { option: 'min', as: count },
  'max-scale': { option: 'max', as: count.transform((most) => (most === 0 ? 'none' : most)) },
  'target-burst-capacity': {
    option: 'burst',
    as: zNumberText.transform((value) => (value === -1 ? 'always' : value)),
  },
  'metric-aggregation-algorithm': {
    option: 'average',
    as: oneOf({ linear: 'linear', weightedExponential: 'weighted' }),
  },
};

/** The old camel-case spellings. */
const ALIASES: Readonly<Record<string, string>> = {
  minScale: 'min-scale',
  maxScale: 'max-scale',
  initialScale: 'initial-scale',
  targetUtilizationPercentage: 'target-utilization-percentage',
  panicWindowPercentage: 'panic-window-percentage',
  panicThresholdPercentage: 'panic-threshold-percentage',
  scaleToZeroPodRetentionPeriod: 'scale-to-zero-pod-retention-period',
  targetBurstCapacity: 'target-burst-capacity',
};

export const isKnativeService = ({ kind, apiVersion }: Resource): boolean =>
  kind === 'Service' && apiVersion.startsWith('serving.knative.dev/');

/** Autoscaling annotations of the pod template: name without prefix -> text. */
export const annotationsOf = (source: Resource): Readonly<Record<string, string>> => {
  const zMeta = z
    .looseObject({ annotations: z.record(z.string(), z.unknown()).nullish() })
    .nullish();
  const written = readPart(zMeta, source, TEMPLATE)?.annotations ?? {};
  return Object.fromEntries(
    Object.entries(written).flatMap(([key, value]) =>
      key.startsWith(PREFIX) ? [[key.slice(PREFIX.length), String(value)] as const] : [],
    ),
  );
};

const TEMPLATE: Path = ['spec', 'template', 'metadata'];

/** The autoscaler, `slots` and the number of servers to begin with. */
export const takeKnative = (draft: Draft, source: Resource): void => {
  const written = annotationsOf(source);
  const known = [...Object.keys(ANNOTATIONS), 'class', 'initial-scale'];
  let first: { value: number; path: Path } | null = null;
  let least: number | null = null;
  for (const [name, text] of Object.entries(written)) {
    const path = [...TEMPLATE, 'annotations', PREFIX + name];
    const plain = ALIASES[name] ?? name;
    const annotation = ANNOTATIONS[plain];
    if (plain === 'class') refuseOtherClass(source, path, text);
    else if (plain === 'initial-scale') first = { value: read(count, source, path), path };
    else if (annotation === undefined) refuseAt(source, path, unknownKey(name, known), 'key');
    else {
      const value = read(annotation.as, source, path);
      if (annotation.option === 'min') least = Number(value);
      draft.take(`autoscaler.kpa.${annotation.option}`, value, source, path);
    }
  }
  takeScale(draft, source, least, first);
  const text = "what config-autoscaler may set for the whole cluster stands at Knative's defaults";
  draft.assume(text, placeOf(source.tree, TEMPLATE));
};

const read = <T>(schema: z.ZodType<T>, source: Resource, path: Path): T =>
  readPart(schema, source, path);

const refuseOtherClass = (source: Resource, path: Path, text: string): void => {
  if (text !== 'kpa.autoscaling.knative.dev')
    refuseAt(source, path, gotButAllowed(text, 'kpa.autoscaling.knative.dev; for others an HPA'));
};

const takeScale = (
  draft: Draft,
  source: Resource,
  least: number | null,
  first: { readonly value: number; readonly path: Path } | null,
): void => {
  if (least === null)
    draft.take('autoscaler.kpa.min', 0, source, [...TEMPLATE, 'annotations', `${PREFIX}min-scale`]);
  if (least === null || least === 0) {
    draft.assume(
      'it scales to zero: while there is no server, requests fail unless the balancer holds them (`backlog`), as the activator does',
      source.tree.place,
    );
  }
  if (!isKnativeService(source)) return;
  const from = first?.path ?? [...TEMPLATE, 'annotations', `${PREFIX}initial-scale`];
  const servers = Math.max(1, least ?? 0, first?.value ?? 1);
  draft.take('servers.count', servers, source, from);
};

/** A Knative Service's own limit of requests in a container. */
export const takeConcurrencyLimit = (draft: Draft, source: Resource): void => {
  const path = ['spec', 'template', 'spec', 'containerConcurrency'];
  const limit = readPart(z.int().min(0).nullish(), source, path) ?? 0;
  if (limit === 0) return;
  draft.take('servers.slots', limit, source, path);
  const target = draft.taken.find(({ key }) => key === 'autoscaler.kpa.target')?.value;
  const metric = draft.taken.find(({ key }) => key === 'autoscaler.kpa.metric')?.value;
  if (metric !== 'rps' && (typeof target !== 'number' || target > limit))
    draft.take('autoscaler.kpa.target', limit, source, path);
};
