/**
 * The reference's MCPServerCircuitBreaker over the very module that the simulator and the gateway use
 * (policies/breaker/counter.ts), with its names and defaults.
 *
 * `canExecute`, `recordSuccess` and `recordFailure` are the reference's operations, with its fault mended: half-open, a yes
 * of `canExecute` is one of the calls that are let through, until the next record gives it back, or until the circuit's
 * patience with calls that never end is over. For a look that takes nothing there is `state`. A record cannot say which
 * call it belongs to, so a late answer from before a trip may look like a fresh one. `execute` and `begin` have no such
 * weakness: each call holds a permit of its own from its start to its end. Prefer them.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Millis } from '../../core/units.ts';
import type { Breaker, BreakerState, Permit } from '../../policies/breaker/breaker.ts';
import { counter } from '../../policies/breaker/counter.ts';
import type { Clock } from '../clock.ts';
import { CircuitOpenError } from './circuit-open-error.ts';
import { outcomeOf } from './outcome-of.ts';
import { makePolicy, type Duration } from './settings.ts';
import { systemTime } from './timekeeper.ts';

export interface CircuitBreakerOptions {
  /** Failures that open the circuit; 5. */
  readonly failureThreshold?: number;
  /** Time until an open circuit tries again; '30s'. */
  readonly recoveryTimeout?: Duration;
  /** Calls let through at a time while half-open; 3. */
  readonly halfOpenMaxCalls?: number;
  /** Failures older than this are forgotten; '60s'. 'none': never, as in the reference. */
  readonly failureWindow?: Duration;
  /** For tests; the monotonic clock of the process. */
  readonly clock?: Clock;
}

/** A call under way. The first word ends it; later ones are ignored. */
export interface GuardedCall {
  succeeded(): void;
  /** `outcome`: how; whether it counts against the server is the breaker's rule (a tool error does not). */
  failed(outcome?: Outcome): void;
  /** Gave up for reasons that are not the server's: the permit comes back and nothing is counted. */
  cancelled(): void;
}

export class CircuitBreaker {
  readonly #breaker: Breaker;
  readonly #clock: Clock;
  /** Permits of calls that `canExecute` let through while half-open. */
  readonly #asked: Permit[] = [];

  /** Throws ScenarioError when an option is not allowed. */
  constructor(options: CircuitBreakerOptions = {}) {
    this.#clock = options.clock ?? systemTime();
    this.#breaker = makeBreaker('CircuitBreaker', options);
  }

  /** Now; an open circuit is half-open once its recovery timeout has passed. */
  get state(): BreakerState {
    return this.#breaker.state(this.#clock.now());
  }

  /** Why it last changed state: "5 failures, the last: timeout". */
  get because(): string {
    return this.#breaker.because();
  }

  /** May a call be made now? Half-open, a yes counts as a call until something is recorded. */
  canExecute(): boolean {
    const now = this.#clock.now();
    if (!this.#breaker.admits(now)) return false;
    if (this.#breaker.state(now) === 'half-open') this.#ask(this.#breaker.sent(now));
    return true;
  }

  /** A call has succeeded that began with `canExecute`. */
  recordSuccess(): void {
    this.#record('ok');
  }

  /** A call has failed that began with `canExecute`; any failure that counts, unless said otherwise. */
  recordFailure(outcome: Outcome = 'reset'): void {
    this.#record(outcome);
  }

  /** Begins a call; null when none may be made now. */
  begin(): GuardedCall | null {
    const now = this.#clock.now();
    if (!this.#breaker.admits(now)) return null;
    const permit = this.#breaker.sent(now);
    let open = true;
    const end = (outcome: Outcome): void => {
      const endedAt = this.#clock.now();
      if (open) this.#breaker.settled(endedAt, permit, outcome, endedAt - now);
      open = false;
    };
    return {
      succeeded: () => end('ok'),
      failed: (outcome = 'reset') => end(outcome),
      cancelled: () => end('cancelled'),
    };
  }

  /**
   * Makes a call and records how it ended: resolved is a success, thrown a failure, an AbortError neither. Throws what
   * `call` throws, or CircuitOpenError without making it when the circuit admits none.
   */
  async execute<T>(call: () => T | Promise<T>): Promise<T> {
    const guarded = this.begin();
    if (guarded === null) throw new CircuitOpenError(this.#retryAfterMs());
    try {
      const value = await call();
      guarded.succeeded();
      return value;
    } catch (error) {
      guarded.failed(outcomeOf(error));
      throw error;
    }
  }

  /** Permits of an earlier round are of no use any more. */
  #ask(permit: Permit): void {
    if (this.#asked.length > 0 && this.#asked[0] !== permit) this.#asked.length = 0;
    this.#asked.push(permit);
  }

  /** An answer that nobody was admitted for tells nothing: the circuit opened after its call began. */
  #record(outcome: Outcome): void {
    const now = this.#clock.now();
    const asked = this.#asked.shift();
    if (asked !== undefined) this.#breaker.settled(now, asked, outcome, 0);
    else if (this.#breaker.admits(now))
      this.#breaker.settled(now, this.#breaker.sent(now), outcome, 0);
  }

  #retryAfterMs(): Millis | null {
    const now = this.#clock.now();
    const at = this.#breaker.wakeAt(now);
    return at < Infinity ? at - now : null;
  }
}

/** The breaker that such options describe. Throws ScenarioError. */
export const makeBreaker = (owner: string, options: CircuitBreakerOptions): Breaker =>
  makePolicy(owner, counter, [
    ['failures', 'failureThreshold', options.failureThreshold],
    ['recovery', 'recoveryTimeout', options.recoveryTimeout],
    ['halfOpenCalls', 'halfOpenMaxCalls', options.halfOpenMaxCalls],
    ['window', 'failureWindow', options.failureWindow],
  ]);
