/** One request's story as data: what happened to it, and what the fleet noted around it, in order. */
import type { Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';

export interface Story {
  /** As it first arrived. */
  readonly request: Request;
  readonly events: readonly StoryEvent[];
}

/** `attempt` counts from 0 and on when the client comes again, instants are ms since the run began. */
export type StoryEvent = { readonly at: Millis } & (
  | { readonly kind: 'arrived'; readonly faults: readonly string[] }
  /** Its client comes again after so many deferrals. */
  | { readonly kind: 'came-again'; readonly deferrals: number }
  | {
      readonly kind: 'picked';
      readonly server: ServerId;
      readonly candidates: readonly Load[];
      /** Candidates otherwise, set aside for this pick. Filled when they come back, at the same moment. */
      readonly aside: readonly ServerId[];
      /** Servers of attempts before it. */
      readonly tried: readonly ServerId[];
    }
  | {
      readonly kind: 'sent';
      readonly server: ServerId;
      readonly attempt: number;
      /** Since the attempt before it ended; null for the first of each coming, and for a hedge. */
      readonly pausedMs: Millis | null;
      /** What named the server, in the place of a pick. */
      readonly heldBy: 'session' | 'key' | null;
      /** Attempts under way, beside which it is a hedge. */
      readonly beside: readonly number[];
    }
  | { readonly kind: 'withheld'; readonly because: Outcome }
  | {
      readonly kind: 'served';
      readonly server: ServerId;
      readonly attempt: number;
      readonly waitedMs: Millis;
      readonly awaited: boolean;
    }
  | {
      readonly kind: 'answered';
      readonly server: ServerId;
      readonly attempt: number;
      readonly outcome: Outcome;
    }
  | {
      readonly kind: 'abandoned';
      readonly server: ServerId;
      readonly attempt: number;
      readonly because: GivenUp;
    }
  /** Its client is told to come again, for the `deferrals`th time. */
  | { readonly kind: 'deferred'; readonly deferrals: number }
  | { readonly kind: 'replied'; readonly outcome: Outcome; readonly attempts: number }
  | { readonly kind: 'noted'; readonly text: string; readonly because: string }
  | { readonly kind: 'fault'; readonly label: string; readonly on: boolean }
);

/** Why nobody waits for an attempt: its deadline, another attempt that has answered, or a client that went away. */
export type GivenUp = 'timeout' | 'outrun' | 'left';

/** A candidate of a pick, and the calls that the fleet has in flight with it. */
export interface Load {
  readonly server: ServerId;
  readonly inFlight: number;
}
