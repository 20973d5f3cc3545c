/**
 * What is wrong with a server at the moment: the sum of the faults that hold. Several may hold at once: shares of errors
 * combine as independent chances, slownesses multiply, the rest are counted, so that faults may overlap and end in any
 * order.
 */
import type { FaultEffect } from '../scenario/scenario.ts';
import type { Millis } from '../core/units.ts';

interface Held {
  readonly effect: FaultEffect;
  /** The health check does not show it. */
  readonly healthOk: boolean;
  readonly since: Millis;
}

export class Condition {
  /** Chance that a call is answered 500 at once. */
  errors = 0;
  /** Chance that a finished call is answered with a tool error. */
  toolErrors = 0;
  /** Chance that a call is answered 429 at once. */
  throttled = 0;
  /** What its reports of load show; null = the truth. */
  metrics: 'nothing' | 'zero' | 'stale' | null = null;
  /** Factor on the time in a slot. */
  slow = 1;
  hangs = 0;
  refuses = 0;
  partitions = 0;
  /** Crashes and flaps that keep the process down. */
  downs = 0;
  /** Does it leak, so that its slowness grows with time? */
  leaks = false;
  /** By the fault's number. */
  readonly #holding = new Map<number, Held>();

  /** `fault`: its number in the scenario. */
  begin(now: Millis, fault: number, effect: FaultEffect, healthOk: boolean): void {
    this.#holding.set(fault, { effect, healthOk, since: now });
    this.#sum();
  }

  end(fault: number): void {
    this.#holding.delete(fault);
    this.#sum();
  }

  holds(fault: number): boolean {
    return this.#holding.has(fault);
  }

  /** The restart of a leaking process: it starts over with a clean heap. */
  restarted(now: Millis): void {
    for (const [fault, held] of this.#holding) {
      if (held.effect.kind === 'leak') this.#holding.set(fault, { ...held, since: now });
    }
  }

  /** Factor on the time in a slot at `now`: slow faults, and leaks that grow worse. */
  slowness(now: Millis): number {
    let factor = this.slow;
    for (const { effect, since } of this.#holding.values()) {
      if (effect.kind === 'leak')
        factor *= 1 + (effect.slower - 1) * Math.min(1, (now - since) / effect.over);
    }
    return factor;
  }

  /** Has a leak run its course, so that the process dies? */
  leaksOut(now: Millis): boolean {
    for (const { effect, since } of this.#holding.values()) {
      if (effect.kind === 'leak' && now >= since + effect.over) return true;
    }
    return false;
  }

  get isClear(): boolean {
    return this.#holding.size === 0;
  }

  /** The same, as GET /health sees it: without the faults that it does not show. */
  shownToHealth(): { errors: number; silent: boolean; refused: boolean } {
    let passes = 1;
    let silent = false;
    let refused = false;
    for (const { effect, healthOk } of this.#holding.values()) {
      if (healthOk) continue;
      if (effect.kind === 'errors') passes *= 1 - effect.share;
      if (effect.kind === 'hang' || effect.kind === 'partition') silent = true;
      if (effect.kind === 'refuse' || effect.kind === 'crash' || effect.kind === 'flap')
        refused = true;
    }
    return { errors: 1 - passes, silent, refused };
  }

  #sum(): void {
    let passes = 1;
    let toolPasses = 1;
    let unthrottled = 1;
    this.slow = 1;
    this.metrics = null;
    this.hangs = this.refuses = this.partitions = this.downs = 0;
    this.leaks = false;
    for (const { effect } of this.#holding.values()) {
      switch (effect.kind) {
        case 'errors':
          passes *= 1 - effect.share;
          break;
        case 'toolErrors':
          toolPasses *= 1 - effect.share;
          break;
        case 'throttled':
          unthrottled *= 1 - effect.share;
          break;
        case 'metrics':
          this.metrics = effect.shows;
          break;
        case 'slow':
          this.slow *= effect.factor;
          break;
        case 'hang':
          this.hangs++;
          break;
        case 'refuse':
          this.refuses++;
          break;
        case 'partition':
          this.partitions++;
          break;
        case 'crash':
        case 'flap':
          this.downs++;
          break;
        case 'leak':
          this.leaks = true;
          break;
      }
    }
    this.errors = 1 - passes;
    this.toolErrors = 1 - toolPasses;
    this.throttled = 1 - unthrottled;
  }
}
