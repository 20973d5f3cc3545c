/** Every family of references: those the simulator models, and those it does not, with the reason. */
import type { Experiment, Family } from '../experiment.ts';
import { NotModelled, type Entry } from '../references.ts';
import { evenGaps, powerOfChoices, randomSplit, roundRobin, shortestQueue } from './balancing.ts';
import {
  deterministicService,
  kingman,
  pollaczekKhinchine,
  processorSharing,
} from './general-service.ts';
import { erlangA, fixedPatience, retrial } from './impatience.ts';
import { boundedQueue, erlangB } from './loss.ts';
import { manySlots, singleSlot } from './markovian.ts';
import { availability, breakdowns } from './repair.ts';
import { detection, retryAmplification } from './resilience.ts';
import { samplePath } from './sample-path.ts';
import { emptyStart, sineArrivals } from './transients.ts';

const FAMILIES: readonly Family[] = [
  samplePath,
  singleSlot,
  manySlots,
  erlangB,
  boundedQueue,
  pollaczekKhinchine,
  processorSharing,
  deterministicService,
  evenGaps,
  roundRobin,
  randomSplit,
  powerOfChoices,
  shortestQueue,
  erlangA,
  fixedPatience,
  retrial,
  breakdowns,
  emptyStart,
  sineArrivals,
  kingman,
  detection,
  retryAmplification,
  availability,
];

/** Why a known family is beyond the simulator. */
const BEYOND: readonly { readonly matches: RegExp; readonly reason: string }[] = [
  {
    matches: /priority/,
    reason:
      "servers' queues have no priorities: they serve in the order of arrival, or all at once",
  },
  {
    matches: /^Kubernetes HPA/,
    reason: "a formula of one autoscaler, with no queue in it: the autoscaler's own tests check it",
  },
];

export const familyOf = (entry: Entry): Family | undefined =>
  FAMILIES.find((family) => family.matches.test(entry.name));

/** What to run for an entry. Throws NotModelled with the reason if nothing can be. */
export const experimentsOf = (entry: Entry): readonly Experiment[] => {
  const family = familyOf(entry);
  if (family !== undefined) return family.experiments(entry);
  const known = BEYOND.find(({ matches }) => matches.test(entry.name));
  throw new NotModelled(known?.reason ?? 'this suite does not know the family');
};
