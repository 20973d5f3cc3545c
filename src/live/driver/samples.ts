/** What the driver saw of one request: one row each, the truth about latency and errors in a live run. */
import type { Outcome } from '../../core/outcome.ts';
import type { Request, RequestKind } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { Traffic } from '../../scenario/scenario.ts';

export interface Sample {
  readonly arrival: number;
  readonly call: number;
  readonly session: number;
  readonly kind: RequestKind;
  /** Index of the tool; -1 for `initialize`. */
  readonly tool: number;
  /** Intended instant, ms since the run began. */
  readonly at: Millis;
  /** How much later than intended it was really sent. */
  readonly lagMs: Millis;
  /** From the intended instant to the last byte. */
  readonly latencyMs: Millis;
  readonly outcome: Outcome;
}

/** The request that a sample is of, but for its client's key. A closed loop has sessions that the traffic does not speak of. */
export const requestOf = (sample: Sample, { calls, era, sessions }: Traffic): Request => {
  const { arrival, call, session, kind, tool, at } = sample;
  return {
    arrival,
    call,
    session,
    kind,
    tool,
    at,
    era: session > 0 && sessions !== null ? sessions.era : era,
    safe: tool < 0 || calls[tool]!.safe,
    key: 0,
    account: -1,
  };
};
