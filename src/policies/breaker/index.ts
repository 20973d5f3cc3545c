/** The circuit breakers people can name. */
import type { Registry } from '../registry.ts';
import type { Breaker } from './breaker.ts';
import { cockatiel } from './cockatiel.ts';
import { consecutive } from './consecutive.ts';
import { counter } from './counter.ts';
import { finagle } from './finagle.ts';
import { linkerd } from './linkerd.ts';
import { none } from './none.ts';
import { polly } from './polly.ts';
import { resilience4j } from './resilience4j.ts';

export const BREAKERS: Registry<Breaker> = {
  none,
  counter,
  consecutive,
  resilience4j,
  polly,
  cockatiel,
  linkerd,
  finagle,
};
