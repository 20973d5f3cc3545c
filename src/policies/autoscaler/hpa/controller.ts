/**
 * An HPA controller over time: its history, and the change that it asked for and has not yet seen. A change enters the
 * history once it is seen to have been made, with the moment at which it was asked for.
 */
import type { Millis } from '../../../core/units.ts';
import type { Proposal } from './proposal.ts';
import { freshHistory, reconcile, recordChange, type HpaSpec, type Verdict } from './reconcile.ts';

export class Controller {
  readonly #spec: HpaSpec;
  readonly #history = freshHistory();
  #asked: { readonly from: number; readonly to: number; readonly at: Millis } | null = null;

  constructor(spec: HpaSpec) {
    this.#spec = spec;
  }

  reconcile(now: Millis, current: number, proposals: readonly Proposal[]): Verdict {
    const asked = this.#asked;
    if (asked?.to === current) recordChange(asked.at, this.#spec, this.#history, asked);
    const verdict = reconcile(now, this.#spec, current, proposals, this.#history);
    const to = verdict.replicas;
    this.#asked = to === current ? null : { from: current, to, at: now };
    return verdict;
  }
}
