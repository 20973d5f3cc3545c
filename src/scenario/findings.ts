/**
 * Collects mistakes over the base and all contenders. They share most of their tree, so the same finding comes up again
 * and again and is told once; they are told in the file's order.
 */
import { formatMistake, ScenarioError, type Mistake } from '../core/scenario-error.ts';
import type { Finding } from './explain.ts';
import { formatPath, placeOf, type Tree } from './tree.ts';

/** More would bury the first. */
const MOST_TOLD = 20;

export class Findings {
  readonly #mistakes = new Map<string, Mistake>();

  get none(): boolean {
    return this.#mistakes.size === 0;
  }

  /** A finding about `tree`; `contender` names the one whose combination of keys is at fault, if only it is. */
  add(tree: Tree, { path, what, message }: Finding, contender: string | null = null): void {
    const where = path.length === 0 ? '' : `${formatPath(path)}: `;
    const mistake = { message: `${where}${message}`, place: placeOf(tree, path, what) };
    if (this.#mistakes.has(formatMistake(mistake))) return;
    const suffix = contender === null ? '' : ` (contender \`${contender}\`)`;
    this.addMistake({ ...mistake, message: `${mistake.message}${suffix}` });
  }

  addMistake(mistake: Mistake): void {
    this.#mistakes.set(formatMistake(mistake), mistake);
  }

  /** Runs `read`; its ScenarioErrors become mistakes here, and the answer is undefined. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      for (const mistake of error.mistakes) this.addMistake(mistake);
      return undefined;
    }
  }

  /** All that was found, as one error. */
  get error(): ScenarioError {
    const all = [...this.#mistakes.values()].sort(inFileOrder);
    const told = all.slice(0, MOST_TOLD);
    const rest = all.length - told.length;
    if (rest > 0) told.push({ message: `and ${rest} more`, place: null });
    return ScenarioError.of(told);
  }
}

const inFileOrder = (a: Mistake, b: Mistake): number =>
  (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
