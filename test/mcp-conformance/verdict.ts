/** What the suite found, and what is made of it. */

export type Revision = '2025-11-25' | '2026-07-28';

export interface Failure {
  readonly check: string;
  readonly message: string;
}

export interface ScenarioVerdict {
  readonly scenario: string;
  /** A revision's frozen list says what must pass; extensions and late additions are run but do not count. */
  readonly required: boolean;
  /** Checks that passed, by name; a name may come more than once. */
  readonly passed: readonly string[];
  readonly failed: readonly Failure[];
}

/** In the suite's order. */
export type Verdict = readonly ScenarioVerdict[];

export const passes = ({ passed, failed }: ScenarioVerdict): boolean =>
  failed.length === 0 && passed.length > 0;

export const required = (verdict: Verdict): Verdict => verdict.filter((one) => one.required);

/** Required scenarios that do not pass. */
export const broken = (verdict: Verdict): Verdict =>
  required(verdict).filter((one) => !passes(one));

/** Scenarios, required or not, in which fewer checks pass than in `other`. */
export const worseThan = (verdict: Verdict, other: Verdict): readonly string[] =>
  other
    .filter(({ scenario, passed }) => {
      const here = verdict.find((one) => one.scenario === scenario);
      return here === undefined || here.passed.length < passed.length;
    })
    .map(({ scenario }) => scenario);
