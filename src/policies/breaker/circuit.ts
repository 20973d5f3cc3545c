/**
 * What all breakers share: the three phases, the permits, and what time alone does. A breaker is a circuit that counts
 * and decides when to open and close; the circuit sees to it that the well-known bugs cannot happen in any of them:
 *
 * - A permit names the period it was given in, so an answer from before a trip (or from a half-open round that was
 *   given up) moves nothing.
 * - A cancelled half-open call gives its permit back. One that never ends is waited for as long as `patience` says.
 * - Reads are pure: what time has done since the last event is computed, not stored, and in closed form where it
 *   repeats, so that a circuit left alone for a year answers at once.
 */
import { invariant } from '../../core/invariant.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Rng } from '../../core/rng.ts';
import {
  formatDuration,
  NEVER,
  orNone,
  toMicros,
  zDuration,
  type Millis,
} from '../../core/units.ts';
import type { BreakLaw } from './back-off.ts';
import type { Breaker, BreakerState, Permit } from './breaker.ts';
import { countsAgainst, type Category } from './counts.ts';

export interface CircuitRules {
  /** Calls let through in one half-open round, >= 1. */
  readonly trials: number;
  readonly breaks: BreakLaw;
  /** How long a half-open round may last without a verdict; NEVER = for ever. */
  readonly patience: Millis;
  /**
   * What comes then. `half-open`: a new round, counted from the last call of the old one. `open`, `closed`: counted from
   * the round's first call.
   */
  readonly impatient: BreakerState;
  /** Half-open at the end of the break, and its patience runs from there; else strictly after it, from the first call. */
  readonly automatic?: boolean;
  /** The first call is let through strictly after the break, not at its end. */
  readonly strictly?: boolean;
}

/** The finest step of time: "strictly after". */
const TICK: Millis = 0.001;

export abstract class Circuit implements Breaker {
  // What every call reads comes first, for the processor's caches.
  /** As the last event left it. */
  #phase: BreakerState = 'closed';
  /** When that phase ends by itself; null = it does not. */
  #ends: Millis | null = null;
  #period: Permit = 0;
  readonly #counts: readonly Category[];
  /** Permits of this half-open round that are out or used. */
  #taken = 0;
  /** Breaks since it was last closed. */
  #attempt = 0;
  #luck = 0;
  /** Of the last break that was not by time alone. */
  #length: Millis = 0;
  #because = 'new';
  readonly #rules: CircuitRules;
  readonly #rng: Rng | null;

  /** `counts`: what is a failure. Without `rng`: for breaks that leave nothing to chance. */
  constructor(counts: readonly Category[], rules: CircuitRules, rng: Rng | null = null) {
    this.#counts = counts;
    this.#rules = rules;
    this.#rng = rng;
  }

  state(now: Millis): BreakerState {
    if (this.#ends === null) return this.#phase;
    return this.#after(this.#walk(now, false));
  }

  admits(now: Millis): boolean {
    if (this.#phase === 'closed' && this.#ends === null) return true;
    const steps = this.#walk(now, false);
    if (steps > 0) return this.#after(steps) !== 'open';
    if (this.#phase === 'half-open') return this.#taken < this.#rules.trials;
    return this.#phase === 'closed';
  }

  wakeAt(now: Millis): Millis {
    if (this.#ends === null) return NEVER;
    // A new round shows only where the old one had let all its calls through.
    const unseen = this.#taken < this.#rules.trials || now >= this.#ends;
    if (this.#phase === 'half-open' && this.#rules.impatient === 'half-open' && unseen)
      return NEVER;
    return this.#walk(now, true);
  }

  because(): string {
    return this.#because;
  }

  sent(now: Millis): Permit {
    this.#catchUp(now);
    if (this.#phase === 'closed') return this.#period;
    invariant(this.#phase === 'half-open', 'breaker: a call was sent through an open circuit');
    this.#taken++;
    invariant(this.#taken <= this.#rules.trials, 'breaker: too many half-open calls');
    if (this.#ends === null || this.#rules.impatient === 'half-open')
      this.#ends = instant(now + this.#rules.patience);
    return this.#period;
  }

  settled(now: Millis, permit: Permit, outcome: Outcome, tookMs: Millis): void {
    this.#catchUp(now);
    if (permit !== this.#period || this.#phase === 'open') return;
    const failed = countsAgainst(this.#counts, outcome);
    if (this.#phase === 'closed') {
      if (outcome !== 'cancelled') this.served(now, outcome, failed, tookMs);
    } else if (outcome === 'cancelled') this.#taken--;
    else this.tried(now, outcome, failed, tookMs);
  }

  /** A call ended that was sent in the present closed period. */
  protected abstract served(now: Millis, outcome: Outcome, failed: boolean, tookMs: Millis): void;

  /** A call of the present half-open round ended. */
  protected abstract tried(now: Millis, outcome: Outcome, failed: boolean, tookMs: Millis): void;

  /** Names the present closed period, break or half-open round: no two have the same number. */
  protected get period(): Permit {
    return this.#period;
  }

  /** For `length` ms; without it, as long as the law of breaks says. */
  protected open(now: Millis, because: string, length?: Millis): void {
    this.#attempt++;
    this.#luck = this.#rng?.next() ?? 0;
    this.#length = length ?? this.#breakOf(this.#attempt);
    this.#enter('open', because);
    this.#ends = instant(now + this.#length + this.#delay());
  }

  protected close(because: string): void {
    this.#attempt = 0;
    this.#enter('closed', because);
  }

  /** A half-open round ended without a verdict: another one. */
  protected tryAgain(because: string): void {
    this.#enter('half-open', because);
  }

  #enter(phase: BreakerState, because: string): void {
    this.#phase = phase;
    this.#because = because;
    this.#ends = null;
    this.#taken = 0;
    this.#period++;
  }

  /** Makes what time has done since the last event part of the books. */
  #catchUp(now: Millis): void {
    if (this.#ends === null) return;
    const steps = this.#walk(now, false);
    if (steps === 0) return;
    const ends = this.#walk(now, true);
    const phase = this.#after(steps);
    const broke = steps === 1 ? this.#length : this.#breakOf(this.#attempt + this.#breaksIn(steps));
    const because = this.#isTrial(steps)
      ? `${formatDuration(broke)} have passed`
      : `no verdict within ${formatDuration(this.#rules.patience)}`;
    this.#attempt = phase === 'closed' ? 0 : this.#attempt + this.#breaksIn(steps);
    this.#period += steps - 1;
    this.#enter(phase, because);
    this.#ends = instant(ends);
  }

  /** The number of phases that have ended by time alone since the last event, or when the one at `now` will end. */
  #walk(now: Millis, forEnd: boolean): number {
    let steps = 0;
    let ends = this.#ends ?? NEVER;
    while (ends < NEVER && now >= ends) {
      steps++;
      const cycle = this.#cycleFrom(steps);
      const rounds = Math.floor((now - ends) / cycle);
      steps += 2 * rounds;
      ends = toMicros(ends + (rounds > 0 ? rounds * cycle : 0) + this.#spanAfter(steps));
    }
    return forEnd ? ends : steps;
  }

  /** The phase after `steps` ends by time alone: breaks and half-open rounds take turns. */
  #after(steps: number): BreakerState {
    if (steps === 0) return this.#phase;
    return this.#isTrial(steps) ? 'half-open' : this.#rules.impatient;
  }

  /** Is that phase the round after a break, rather than what follows a round without a verdict? */
  #isTrial(steps: number): boolean {
    return (steps % 2 === 1) === (this.#phase === 'open');
  }

  #breaksIn(steps: number): number {
    return Math.floor((this.#phase === 'open' ? steps : steps + 1) / 2);
  }

  /** How long that phase lasts, if nothing happens. */
  #spanAfter(steps: number): Millis {
    const { automatic, patience } = this.#rules;
    const phase = this.#after(steps);
    if (phase === 'closed') return NEVER;
    if (phase === 'half-open') return automatic === true ? patience : NEVER;
    return this.#breakOf(this.#attempt + this.#breaksIn(steps)) + this.#delay();
  }

  /** Length of a break and the round after it, once they no longer grow; NEVER as long as they do. */
  #cycleFrom(steps: number): Millis {
    const { automatic, patience, impatient } = this.#rules;
    if (automatic !== true || impatient !== 'open' || patience === NEVER) return NEVER;
    if (this.#after(steps) !== 'open') return NEVER;
    const attempt = this.#attempt + this.#breaksIn(steps);
    const length = this.#breakOf(attempt);
    return length === this.#breakOf(attempt + 1) ? length + patience : NEVER;
  }

  #breakOf(attempt: number): Millis {
    return this.#rules.breaks(attempt, this.#luck);
  }

  #delay(): Millis {
    return this.#rules.strictly === true ? TICK : 0;
  }
}

/** To the microsecond; null for the instant that never comes. */
const instant = (at: Millis): Millis | null => (at === NEVER ? null : toMicros(at));

/** The option `patience`: how long half-open calls that do not end are waited for. */
export const zPatience = (value: string) =>
  orNone(zDuration({ positive: true }))
    .prefault(value)
    .describe('half-open calls that have not ended by then are given up, and others let through');
