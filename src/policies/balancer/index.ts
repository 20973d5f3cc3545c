/** The balancers people can name. Adding one is a file and a line here. */
import type { Registry } from '../registry.ts';
import type { Balancer } from './balancer.ts';
import { aperture } from './aperture.ts';
import { c3 } from './c3.ts';
import { goZero } from './go-zero.ts';
import { edf } from './edf.ts';
import { leastConnections } from './least-connections.ts';
import { leastTime } from './least-time.ts';
import { maglev } from './maglev.ts';
import { p2c } from './p2c.ts';
import { peakEwma } from './peak-ewma.ts';
import { prequal } from './prequal.ts';
import { random } from './random.ts';
import { rendezvous } from './rendezvous.ts';
import { ringHash } from './ring-hash.ts';
import { roundRobin } from './round-robin.ts';
import { smoothWeighted } from './smooth-weighted.ts';
import { utilisationWeighted } from './utilisation-weighted.ts';
import { weightedLeastConnections } from './weighted-least-connections.ts';
import { weightedLeastRequest } from './weighted-least-request.ts';
import { weightedP2c } from './weighted-p2c.ts';
import { weighted } from './weighted.ts';

export const BALANCERS: Registry<Balancer> = {
  'round-robin': roundRobin,
  random,
  'least-connections': leastConnections,
  weighted,
  p2c,
  'peak-ewma': peakEwma,
  'go-zero': goZero,
  'smooth-weighted': smoothWeighted,
  edf,
  'weighted-least-connections': weightedLeastConnections,
  'weighted-least-request': weightedLeastRequest,
  'weighted-p2c': weightedP2c,
  'least-time': leastTime,
  'utilisation-weighted': utilisationWeighted,
  aperture,
  c3,
  prequal,
  'ring-hash': ringHash,
  maglev,
  rendezvous,
};
