/**
 * The behaviour of an HPA as a manifest says it. Tolerance and the window on the way down are flags of the control plane,
 * and every HPA may say its own in its behaviour: there stands what was tested. An HPA without a behaviour has rules of
 * its own on the way up, which one that is given takes away; so they are then written as policies.
 */
import { formatShare, type Millis } from '../../../core/units.ts';
import { wholeSeconds, type Remark } from './remarks.ts';

interface Policy {
  readonly pods?: number;
  readonly percent?: number;
  readonly period: Millis;
}
interface Rules {
  readonly window?: Millis;
  readonly select?: 'max' | 'min' | 'disabled';
  readonly tolerance?: number;
  readonly policies?: readonly Policy[];
}

/** The options of a policy that an HPA carries out: `hpa`, and `queue` by KEDA. */
export interface Tuning {
  readonly min: number;
  readonly behavior?: { readonly up?: Rules; readonly down?: Rules };
  readonly stabilization: Millis;
  readonly tolerance: number;
  readonly every: Millis;
}

/** Where the flags of a cluster stand unless somebody moved them. */
const USUAL = { stabilization: 300_000, tolerance: 0.1 } as const;

/** Undefined where there is nothing to say. `policy`: its name, for remarks. */
export const behaviorOf = (policy: string, tuning: Tuning, remark: Remark): object | undefined => {
  const { stabilization, tolerance } = tuning;
  const window = stabilization === USUAL.stabilization ? {} : { window: stabilization };
  const own = tolerance === USUAL.tolerance ? {} : { tolerance };
  const isUsual = Object.keys({ ...window, ...own }).length === 0;
  if (tuning.behavior === undefined && isUsual) return undefined;
  const { up, down } = tuning.behavior ?? { up: doubling(policy, tuning, remark) };
  const written = {
    ...rulesOf('scaleUp', { ...own, ...up }, remark),
    ...rulesOf('scaleDown', { ...window, ...own, ...down }, remark),
  };
  return Object.keys(written).length === 0 ? undefined : written;
};

/**
 * To twice as many at a time, to 4 at least. Of n servers 100 % allow 2n, which from 3 on is all; below it stand as many
 * pods as lead from `min` to 4, and from 1 no number of pods leads to 4 that does not lead from 2 to 5.
 */
const doubling = (policy: string, { min, every }: Tuning, remark: Remark): Rules => {
  const period = 1000 * Math.min(1800, Math.max(1, Math.floor(every / 1000)));
  const pods = 4 - Math.max(1, min);
  const but = min < 2 ? ', but from 2 to 5' : '';
  remark(
    `autoscaler.${policy}: without a behavior it may double at a time, and go to 4; as policies that is the same${but}; a recommendation as old as the window no longer counts`,
  );
  const percent: Policy = { percent: 1, period };
  return { policies: pods > 1 ? [{ pods, period }, percent] : [percent] };
};

/** Of an HPA's window, in seconds. */
const LONGEST_WINDOW = 3600;

const windowSeconds = (window: Millis, remark: Remark): number => {
  const seconds = wholeSeconds(window, 'a stabilisation window', remark);
  if (seconds > LONGEST_WINDOW)
    remark(
      `a stabilisation window of ${seconds} s is cut to ${LONGEST_WINDOW} s, the most there is`,
    );
  return Math.min(seconds, LONGEST_WINDOW);
};

const SELECT = { max: 'Max', min: 'Min', disabled: 'Disabled' } as const;

const rulesOf = (direction: 'scaleUp' | 'scaleDown', rules: Rules, remark: Remark): object => {
  const { window, select, tolerance, policies } = rules;
  if (Object.values(rules).every((value) => value === undefined)) return {};
  return {
    [direction]: {
      ...(window !== undefined && {
        stabilizationWindowSeconds: windowSeconds(window, remark),
      }),
      ...(select !== undefined && { selectPolicy: SELECT[select] }),
      ...(tolerance !== undefined && { tolerance: toleranceOf(tolerance, remark) }),
      ...(policies && { policies: policies.map((policy) => policyOf(policy, remark)) }),
    },
  };
};

const toleranceOf = (tolerance: number, remark: Remark): string => {
  remark(
    `tolerance: ${formatShare(tolerance)}: from Kubernetes 1.33 on, with the gate HPAConfigurableTolerance`,
  );
  return quantity(tolerance);
};

const policyOf = ({ pods, percent = 0, period }: Policy, remark: Remark): object => ({
  ...(pods === undefined
    ? { type: 'Percent', value: Math.max(1, Math.round(percent * 100)) }
    : { type: 'Pods', value: pods }),
  periodSeconds: wholeSeconds(period, 'a period', remark),
});

/** Whole, or in thousandths. */
export const quantity = (value: number): string =>
  Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
