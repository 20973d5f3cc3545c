/** The kinds of events. The first four have one pending event at most and stand in slots of the event queue. */
export const EVENT = {
  arrival: 0,
  alarm: 1,
  tick: 2,
  fault: 3,
  deliver: 4,
  answer: 5,
  cancel: 6,
  finish: 7,
  patience: 8,
  session: 9,
  probe: 10,
  probedOk: 11,
  probedBad: 12,
  rise: 13,
  leaked: 14,
  exited: 15,
  load: 16,
  resubmit: 17,
} as const;

export const SLOTS = 4;
