/** The health monitors people can name. */
import type { Registry } from '../registry.ts';
import { active } from './active.ts';
import type { Health } from './health.ts';
import { none } from './none.ts';

export const HEALTHS: Registry<Health> = { active, none };
