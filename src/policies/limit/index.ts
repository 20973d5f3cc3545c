/** The concurrency limits people can name. */
import type { Registry } from '../registry.ts';
import { fixed } from './fixed.ts';
import type { Limit } from './limit.ts';
import { none } from './none.ts';

export const LIMITS: Registry<Limit> = { none, fixed };
