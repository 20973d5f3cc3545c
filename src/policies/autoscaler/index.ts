/** The autoscalers people can name. */
import type { Registry } from '../registry.ts';
import type { Autoscaler } from './autoscaler.ts';
import { hpa } from './hpa.ts';
import { kpa } from './kpa/kpa.ts';
import { none } from './none.ts';
import { predictiveOver } from './predictive.ts';
import { queue } from './queue.ts';
import { scheduleOver } from './schedule.ts';
import { step } from './step.ts';
import { targetTracking } from './target-tracking.ts';
import { threshold } from './threshold.ts';

/** Those that answer to load as it is; the others put a minimum under one of them. */
const REACTIVE: Registry<Autoscaler> = {
  threshold,
  hpa,
  kpa,
  'target-tracking': targetTracking,
  step,
  queue,
};

const predictive = predictiveOver(REACTIVE);

export const AUTOSCALERS: Registry<Autoscaler> = {
  none,
  ...REACTIVE,
  predictive,
  schedule: scheduleOver({ ...REACTIVE, predictive }),
};
