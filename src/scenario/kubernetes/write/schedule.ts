/**
 * What stands above a reactive autoscaler. The windows of a `schedule` are cron triggers for KEDA, as long as they come
 * again by the day or the week; a forecast is what no controller of Kubernetes makes. Either way the autoscaler below is
 * written.
 */
import { formatDuration, type Millis } from '../../../core/units.ts';
import type { PolicyChoice } from '../../scenario.ts';
import { DAY, WEEK } from '../keda/cron.ts';
import type { Remark } from './remarks.ts';

export interface Layers {
  readonly reactive: PolicyChoice;
  /** Triggers of a KEDA ScaledObject. */
  readonly crons: readonly object[];
}

interface Window {
  readonly from: Millis;
  /** Null = open to the end. */
  readonly to: Millis | null;
  readonly min: number;
}

export const layersOf = ({ name, options }: PolicyChoice, remark: Remark): Layers => {
  if (name !== 'schedule' && name !== 'predictive')
    return { reactive: { name, options }, crons: [] };
  // Options are as the policy's own schema resolved them.
  const { under, ...own } = options as { under: PolicyChoice };
  const below = layersOf(under, remark);
  if (name === 'predictive') {
    remark(
      `autoscaler: predictive ${JSON.stringify(own)} (durations in ms): no controller of Kubernetes forecasts; what is under it, ${below.reactive.name}, stands alone`,
    );
    return below;
  }
  const { windows, repeat } = own as unknown as { windows: Window[]; repeat: Millis | null };
  if (windows.length === 0) return below;
  const canCron = ['hpa', 'queue'].includes(below.reactive.name);
  if (!canCron) {
    remark(`${shown(windows)}: ${below.reactive.name} has no minimums by the clock`);
    return below;
  }
  const span = [DAY, WEEK].find((minutes) => minutes * MINUTE === repeat);
  if (span === undefined) {
    const often = repeat === null ? 'comes once' : `comes again after ${formatDuration(repeat)}`;
    remark(`${shown(windows)}: cron knows days and weeks, and this ${often}`);
    return below;
  }
  const crons = windows.flatMap((window) => cronsOf(window, span, remark));
  return { ...below, crons };
};

const MINUTE: Millis = 60_000;

const cronsOf = (window: Window, span: number, remark: Remark): readonly object[] => {
  const from = Math.floor(window.from / MINUTE);
  const to = window.to === null ? span : Math.ceil(window.to / MINUTE);
  const isRounded = from * MINUTE !== window.from || (window.to ?? to * MINUTE) !== to * MINUTE;
  if (isRounded) remark(`${shown([window])}: in whole minutes, as cron has no others`);
  if (to - from >= span) {
    remark(`${shown([window])}: it is always open; raise the minimum in its place`);
    return [];
  }
  const monday = span === WEEK ? ', on a Monday' : '';
  remark(`autoscaler.schedule: its time begins at midnight in ${TIMEZONE}${monday}`);
  const metadata = {
    timezone: TIMEZONE,
    start: cronAt(from, span),
    end: cronAt(to, span),
    desiredReplicas: String(window.min),
  };
  return [{ type: 'cron', metadata }];
};

const TIMEZONE = 'Etc/UTC';

/** Minutes since the beginning of the day, or since Monday. */
const cronAt = (minutes: number, span: number): string => {
  const at = minutes % span;
  const day = span === DAY ? '*' : (Math.floor(at / DAY) + 1) % 7;
  return `${at % 60} ${Math.floor((at % DAY) / 60)} * * ${day}`;
};

const shown = (windows: readonly Window[]): string => {
  const each = windows.map(({ from, to, min }) => {
    const end = to === null ? 'on' : `to ${formatDuration(to)}`;
    return `at least ${min} from ${formatDuration(from)} ${end}`;
  });
  return `autoscaler.schedule: ${each.join(', ')}`;
};
