/** Rate limits, stabilisation and the memory of changes, put to those of `hpa`. */
import { z } from 'zod';
import {
  limitByBehavior,
  limitByDoubling,
  scalingLimit,
} from '../../../src/policies/autoscaler/hpa/rate-limits.ts';
import { changeWithin, storeEvent } from '../../../src/policies/autoscaler/hpa/scale-events.ts';
import { stabilise, stabiliseDown } from '../../../src/policies/autoscaler/hpa/stabilise.ts';
import { ruleOf } from '../rule.ts';
import * as shapes from './shapes.ts';

const REPLICAS = z.int().min(0);
const WISH = {
  currentReplicas: REPLICAS,
  desiredReplicas: REPLICAS,
  minReplicas: REPLICAS,
  maxReplicas: REPLICAS,
};
const LIMITED = z.object({ replicas: REPLICAS, reason: z.string().optional() });

const wishOf = (row: z.output<z.ZodObject<typeof WISH>>) => ({
  current: row.currentReplicas,
  desired: row.desiredReplicas,
  min: row.minReplicas,
  max: row.maxReplicas,
});

const EVENT_LISTS = { scaleUpEvents: shapes.EVENTS, scaleDownEvents: shapes.EVENTS };

export const applyBehaviorRate = ruleOf(
  z.object({
    ...WISH,
    ...EVENT_LISTS,
    scaleUp: shapes.RULES,
    scaleDown: shapes.RULES,
    expected: LIMITED,
  }),
  (row) => {
    const behavior = { up: row.scaleUp, down: row.scaleDown };
    const events = { up: row.scaleUpEvents, down: row.scaleDownEvents };
    return shapes.differs(row.expected, limitByBehavior(shapes.NOW, wishOf(row), behavior, events));
  },
);

export const legacyLimit = ruleOf(z.object({ ...WISH, expected: LIMITED }), (row) =>
  shapes.differs(row.expected, limitByDoubling(wishOf(row))),
);

export const scalingLimitRule = ruleOf(
  z.object({
    ...EVENT_LISTS,
    direction: z.enum(['up', 'down']),
    currentReplicas: REPLICAS,
    rules: shapes.RULES,
    expected: z.int(),
  }),
  ({ direction, currentReplicas, rules, expected, scaleUpEvents: up, scaleDownEvents: down }) => {
    const got = scalingLimit(shapes.NOW, direction, currentReplicas, rules, { up, down });
    return got === expected ? null : `expected ${expected}, got ${got}`;
  },
);

export const stabilizeRecommendation = ruleOf(
  z.object({
    windowSec: z.number(),
    recommendations: z.array(shapes.RECOMMENDATION),
    desiredReplicas: REPLICAS,
    expected: z.object({ replicas: REPLICAS, logLength: z.int().optional() }),
  }),
  ({ windowSec, recommendations, desiredReplicas, expected }) => {
    const log = shapes.recommendationsOf(recommendations);
    const replicas = stabiliseDown(shapes.NOW, log, desiredReplicas, windowSec * 1000);
    return shapes.differs(expected, { replicas, logLength: log.length });
  },
);

export const stabilizeRecommendationWithBehaviors = ruleOf(
  z.object({
    recommendations: z.array(shapes.RECOMMENDATION),
    currentReplicas: REPLICAS,
    desiredReplicas: REPLICAS,
    scaleUpWindowSec: z.number(),
    scaleDownWindowSec: z.number(),
    expected: z.object({ replicas: REPLICAS, recommendationsAfter: z.array(REPLICAS).optional() }),
  }),
  (row) => {
    const log = shapes.recommendationsOf(row.recommendations);
    const wish = { current: row.currentReplicas, desired: row.desiredReplicas };
    const windows = { up: row.scaleUpWindowSec * 1000, down: row.scaleDownWindowSec * 1000 };
    const replicas = stabilise(shapes.NOW, log, wish, windows);
    const recommendationsAfter = log.map((each) => each.replicas);
    return shapes.differs(row.expected, { replicas, recommendationsAfter });
  },
);

export const storeScaleEvent = ruleOf(
  z.object({
    events: shapes.EVENTS,
    rules: shapes.RULES.nullable(),
    newChange: z.int(),
    lookbackSec: z.number().default(0),
    expected: z.object({
      changeInLookbackBefore: z.int().optional(),
      eventsAfter: z.array(z.int()),
    }),
  }),
  ({ events, rules, newChange, lookbackSec, expected }) => {
    const changeInLookbackBefore = changeWithin(shapes.NOW, events, lookbackSec * 1000);
    storeEvent(shapes.NOW, events, rules, newChange);
    const eventsAfter = events.map(({ change }) => change);
    return shapes.differs(expected, { changeInLookbackBefore, eventsAfter });
  },
);
