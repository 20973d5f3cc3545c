/** The rows of the conformance table refuse verdicts that only look right. */
import { describe, expect, it } from 'vitest';
import { ROWS } from './rows.ts';
import type { ScenarioVerdict, Verdict } from './verdict.ts';

const passing = (scenario: string, checks = 2): ScenarioVerdict => ({
  scenario,
  required: true,
  passed: Array.from({ length: checks }, (_, k) => `check-${k}`),
  failed: [],
});

const failing = (scenario: string, message = 'no'): ScenarioVerdict => ({
  scenario,
  required: true,
  passed: [],
  failed: [{ check: 'check', message }],
});

const objection = (name: RegExp, verdict: Verdict, direct: Verdict = verdict): string | null =>
  ROWS.find((row) => name.test(row.name))!.objection(verdict, direct);

describe('all pass', () => {
  it('refuses a required scenario without a single check', () => {
    expect(objection(/^direct/, [passing('ping', 0)])).toBe('fails: ping');
  });

  it('does not mind a scenario that is not required', () => {
    expect(objection(/^direct/, [passing('ping'), { ...failing('tasks'), required: false }])).toBe(
      null,
    );
  });
});

describe('as well as direct', () => {
  it('refuses a scenario in which fewer checks pass, even when none fails', () => {
    const direct = [passing('ping', 3), passing('tools-list')];
    const found = objection(
      /session: as well/,
      [passing('ping', 2), passing('tools-list')],
      direct,
    );
    expect(found).toBe('worse than direct: ping');
  });

  it('refuses a scenario that was not run', () => {
    const direct = [passing('ping'), passing('tools-list')];
    expect(objection(/session: as well/, [passing('ping')], direct)).toContain('tools-list');
  });
});

describe('sessions are lost', () => {
  it('wants to see the 404 of the other replica, not any failure', () => {
    expect(objection(/sessions are lost/, [failing('ping', '404 Session not found')])).toBe(null);
    expect(objection(/sessions are lost/, [failing('ping', 'ECONNREFUSED')])).toContain('another');
  });

  it('refuses a run that passes', () => {
    expect(objection(/sessions are lost/, [passing('ping')])).toContain('ping passes');
  });
});

describe('requestState is refused', () => {
  const stateful = [
    'input-required-result-request-state',
    'input-required-result-multiple-input-requests',
    'input-required-result-multi-round',
  ];

  it('wants the three scenarios that bring a state back to fail, and nothing else', () => {
    const three = stateful.map((scenario) => failing(scenario));
    expect(objection(/a key each/, three)).toBe(null);
    expect(objection(/a key each/, three.slice(1))).toContain('expected');
    expect(objection(/a key each/, [...three, failing('ping')])).toContain('ping');
  });
});
