/**
 * What the hashing balancers hash, and with what: a request's place is a whole number below 2^32, the same for the same
 * key. A request that has no key goes to a place drawn at random, as Envoy does when its hash policy yields nothing.
 */
import { z } from 'zod';
import type { Request } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { orNone, zFactor } from '../../core/units.ts';

export type HashBy = 'key' | 'session' | 'tool';

/** The options that every hashing balancer has. */
export const hashOptions = {
  by: z
    .enum(['key', 'session', 'tool'])
    .default('key')
    .describe('what is hashed; a request without it goes to a random server'),
  // No bound below the mean can be kept.
  balance: orNone(zFactor({ min: 1 }))
    .prefault('none')
    .describe(
      'bound of the calls in flight on a server, times its fair share (1.25x); none: no bound',
    ),
};

/** The place of this request's key. */
export const placeOf = (request: Request, by: HashBy, rng: Rng): number => {
  const value = valueOf(request, by);
  return value === 0 ? rng.below(2 ** 32) : mix(value, KEYS);
};

/** The `index`th hash of a server. */
export const hashOf = (server: number, index: number): number => mix(mix(server, SERVERS), index);

/** The place that is tried when the `attempt`th (from 1) found no room: a random jump that depends on the key alone. */
export const jump = (place: number, attempt: number): number => mix(place, attempt);

/** A hash of two whole numbers below 2^32, itself below 2^32. */
export const mix = (word: number, salt: number): number => {
  const keyed = fmix32(word ^ Math.imul(salt, 0x9e3779b1) ^ 0x2545f491);
  return fmix32(keyed + Math.imul(salt, 0x85ebca77)) >>> 0;
};

const KEYS = 0x6b657973;
const SERVERS = 0x73727673;

/** 0 = it has none. */
const valueOf = ({ key, session, tool }: Request, by: HashBy): number => {
  switch (by) {
    case 'key':
      return key;
    case 'session':
      return session;
    case 'tool':
      return tool + 1;
  }
};

/** Appleby's finaliser of MurmurHash3: a bijection of 32 bits. */
const fmix32 = (word: number): number => {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
};
