/** The retry budgets people can name. */
import type { Registry } from '../registry.ts';
import type { Budget } from './budget.ts';
import { none } from './none.ts';
import { share } from './share.ts';
import { throttle } from './throttle.ts';
import { tokenBucket } from './token-bucket.ts';

export const BUDGETS: Registry<Budget> = { none, 'token-bucket': tokenBucket, share, throttle };
