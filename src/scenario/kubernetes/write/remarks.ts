/** What a manifest cannot express, gathered while it is written: it becomes the comment at its top. */
import type { Millis } from '../../../core/units.ts';
import { formatDuration } from '../../../core/units.ts';
import type { PolicyChoice, Setup } from '../../scenario.ts';

export type Remark = (text: string) => void;

/** Whole seconds, rounded up, since Kubernetes has no others. */
export const wholeSeconds = (ms: Millis, what: string, remark: Remark): number => {
  const seconds = Math.ceil(ms / 1000);
  if (seconds * 1000 !== ms)
    remark(
      `${what}: ${formatDuration(ms)} is written as ${seconds}s: Kubernetes counts in seconds`,
    );
  return seconds;
};

/** Keys of a setup that the manifests express, or that are no part of a deployment. */
const HANDLED = [
  'traffic',
  'servers',
  'network',
  'faults',
  'health',
  'autoscaler',
  'drain',
  'slo',
  'victims',
];

/** Policies that live in the gateway, the clients or the servers. */
export const remarkOnRest = (setup: Setup, remark: Remark): void => {
  for (const [key, value] of Object.entries(setup) as [string, unknown][]) {
    if (HANDLED.includes(key) || isAbsent(value)) continue;
    remark(`${key}: ${shown(value)}: a matter of the gateway`);
  }
  if (setup.victims !== 'newest')
    remark(`victims: ${setup.victims}: a ReplicaSet has rules of its own for whom it stops`);
  const { timeout, retries } = setup.traffic;
  if (timeout !== null)
    remark(`timeout: ${formatDuration(timeout)} an attempt: a matter of the gateway`);
  if (retries.attempts !== 1)
    remark(`retries: ${retries.attempts ?? 'unlimited'} attempts: a matter of the gateway`);
};

/** `slots`: how many calls the manifests let a server work on; null = they do not say. */
export const remarkOnServers = ({ servers }: Setup, slots: number | null, remark: Remark): void => {
  const [first, ...others] = servers.groups;
  if (first === undefined) return;
  const queue = first.queue === null ? 'any number' : first.queue;
  const work = slots === null ? `works on ${first.slots} calls at once and ` : '';
  remark(`a server ${work}lets ${queue} wait: its own setting`);
  if (others.length > 0)
    remark(
      `${servers.groups.length} groups of servers are written as one Deployment of equal pods`,
    );
};

const isAbsent = (value: unknown): boolean =>
  value === null || value === 'none' || value === 0 || (isChoice(value) && value.name === 'none');

const shown = (value: unknown): string => {
  if (isChoice(value)) return choiceText(value);
  if (typeof value === 'string') return value;
  return `${JSON.stringify(value)}${typeof value === 'object' ? ' (durations in ms)' : ''}`;
};

const isChoice = (value: unknown): value is PolicyChoice =>
  typeof value === 'object' && value !== null && 'name' in value && 'options' in value;

const choiceText = ({ name, options }: PolicyChoice): string =>
  Object.keys(options).length === 0 ? name : `${name} ${JSON.stringify(options)} (durations in ms)`;
