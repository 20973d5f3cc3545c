/** The autoscalers people can name. */
import type { Registry } from '../registry.ts';
import type { Autoscaler } from './autoscaler.ts';
import { kpa } from './kpa/kpa.ts';
import { none } from './none.ts';
import { threshold } from './threshold.ts';

export const AUTOSCALERS: Registry<Autoscaler> = { none, threshold, kpa };
