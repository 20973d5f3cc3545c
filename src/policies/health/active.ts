/**
 * Active health checks as the reference makes them: `unhealthy` failed checks in a row take a server out, `healthy`
 * successful ones bring it back; one result of the other kind starts the run anew (HAProxy's fall and rise).
 * Detection takes half an interval on average, then `unhealthy` - 1 further ones, plus the timeout if the server hangs.
 */
import { z } from 'zod';
import { NEVER, zCount, zDuration, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Health } from './health.ts';

export interface ActiveOptions {
  readonly interval: Millis;
  readonly timeout: Millis;
  readonly unhealthy: number;
  readonly healthy: number;
}

export class ActiveHealth implements Health {
  // What every call reads comes first, for the processor's caches.
  #trusted = false;
  readonly every: Millis;
  readonly timeout: Millis;
  readonly #fall: number;
  readonly #rise: number;
  #checked = false;
  /** Results against the present state in a row. */
  #against = 0;
  /** Results in a row that made the present state. */
  #decidedBy = 0;

  constructor(options: ActiveOptions) {
    this.every = options.interval;
    this.timeout = options.timeout;
    this.#fall = options.unhealthy;
    this.#rise = options.healthy;
  }

  probed(_now: Millis, ok: boolean): void {
    this.#against = ok === this.#trusted ? 0 : this.#against + 1;
    const enough = this.#trusted ? this.#fall : this.#checked ? this.#rise : 1;
    if (this.#against >= enough) {
      this.#trusted = ok;
      this.#checked = true;
      this.#decidedBy = enough;
      this.#against = 0;
    }
  }

  settled(): void {}

  healthy(): boolean {
    return this.#trusted;
  }

  because(): string {
    if (!this.#checked) return 'not checked yet';
    const kind = this.#trusted ? 'good' : 'failed';
    return this.#decidedBy === 1 ? `a ${kind} check` : `${this.#decidedBy} ${kind} checks in a row`;
  }

  wakeAt(): Millis {
    return NEVER;
  }
}

export const active = policy({
  summary: 'GET /health at an interval; thresholds in a row.',
  options: z.strictObject({
    interval: zDuration({ positive: true })
      .prefault('30s')
      .describe('time between checks of one server'),
    timeout: zDuration({ positive: true })
      .prefault('5s')
      .describe('a check unanswered for so long has failed'),
    unhealthy: zCount({ min: 1 })
      .prefault(3)
      .describe('failed checks in a row that take a server out'),
    healthy: zCount({ min: 1 }).prefault(2).describe('good checks in a row that bring it back'),
  }),
  facts: {
    rule: '`unhealthy` failures in a row take a server out, `healthy` successes in a row bring it back; a new server needs one success. Each server is checked at a phase of its own.',
    follows:
      "the reference's health check loop; the counting of HAProxy's `fall` and `rise`, 3.3-dev of 2026-08",
    good: 'servers that crash, hang or refuse',
    bad: 'grey failures: it sees only what /health shows; slow with long intervals',
    cost: 'O(1) a check',
  },
  make: (options) => new ActiveHealth(options),
});
