/** The retry budgets people can name. */
import type { Registry } from '../registry.ts';
import type { Budget } from './budget.ts';
import { none } from './none.ts';

export const BUDGETS: Registry<Budget> = { none };
