/** The concurrency limits people can name. */
import type { Registry } from '../registry.ts';
import { aimd } from './aimd.ts';
import { fixed } from './fixed.ts';
import { gradient2 } from './gradient2.ts';
import type { Limit } from './limit.ts';
import { none } from './none.ts';
import { vegas } from './vegas.ts';

export const LIMITS: Registry<Limit> = { none, fixed, aimd, vegas, gradient2 };
