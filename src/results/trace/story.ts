/** One request's story as data: what happened to it, and what the fleet noted around it, in order. */
import type { Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';

export interface Story {
  readonly request: Request;
  readonly events: readonly StoryEvent[];
}

/** `attempt` counts from 0, instants are ms since the run began. */
export type StoryEvent = { readonly at: Millis } & (
  | { readonly kind: 'arrived'; readonly faults: readonly string[] }
  | { readonly kind: 'picked'; readonly server: ServerId; readonly candidates: readonly Load[] }
  | {
      readonly kind: 'sent';
      readonly server: ServerId;
      readonly attempt: number;
      readonly pausedMs: Millis | null;
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
      readonly because: 'timeout' | 'cancelled';
    }
  | { readonly kind: 'replied'; readonly outcome: Outcome; readonly attempts: number }
  | { readonly kind: 'noted'; readonly text: string; readonly because: string }
  | { readonly kind: 'fault'; readonly label: string; readonly on: boolean }
);

/** A candidate of a pick, and the calls that the fleet has in flight with it. */
export interface Load {
  readonly server: ServerId;
  readonly inFlight: number;
}
