/** The circuit breakers people can name. */
import type { Registry } from '../registry.ts';
import type { Breaker } from './breaker.ts';
import { counter } from './counter.ts';
import { none } from './none.ts';

export const BREAKERS: Registry<Breaker> = { none, counter };
