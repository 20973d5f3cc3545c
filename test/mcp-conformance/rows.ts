/**
 * What is run and what must come of it. Together the rows say what each era asks of a balancer: legacy sessions live in
 * one process, so requests must go back there; modern requests may go anywhere as long as the replicas can verify one
 * another's signatures.
 */
import type { Affinity } from './gateway.ts';
import { broken, worseThan, type Revision, type Verdict } from './verdict.ts';

export interface Row {
  readonly name: string;
  readonly revision: Revision;
  /** Null = straight to one server; else through the gateway, round robin over two. */
  readonly affinity: Affinity | null;
  readonly keys: 'common' | 'own';
  /** The scenario that shows why this cannot pass. */
  readonly telling?: string;
  /** Why the verdict is not what it must be; null when it is. `direct` = the verdict on the same server without a gateway. */
  objection(verdict: Verdict, direct: Verdict): string | null;
}

/** The plainest scenarios in which one request needs what another one left behind, of each era. */
const PLAIN_SESSION = 'ping';
const PLAIN_STATE = 'input-required-result-request-state';
/** Scenarios that bring a requestState back. With a key for each replica they fail, and nothing else does. */
const STATEFUL = [
  PLAIN_STATE,
  'input-required-result-multiple-input-requests',
  'input-required-result-multi-round',
];

const allPass = (verdict: Verdict): string | null => {
  const names = broken(verdict).map(({ scenario }) => scenario);
  return names.length === 0 ? null : `fails: ${names.join(', ')}`;
};

const asWellAsDirect = (verdict: Verdict, direct: Verdict): string | null => {
  const worse = worseThan(verdict, direct);
  return allPass(verdict) ?? (worse.length === 0 ? null : `worse than direct: ${worse.join(', ')}`);
};

const sessionsAreLost = (verdict: Verdict): string | null => {
  const failure = broken(verdict).find(({ scenario }) => scenario === PLAIN_SESSION)?.failed[0];
  if (failure === undefined)
    return `${PLAIN_SESSION} passes, though nothing keeps a session together`;
  const isLost = failure.message.includes('Session not found');
  return isLost ? null : `${PLAIN_SESSION} fails for another reason: ${failure.message}`;
};

const stateIsRefused = (verdict: Verdict): string | null => {
  const found = broken(verdict).map(({ scenario }) => scenario);
  const isSo = found.length === STATEFUL.length && STATEFUL.every((name) => found.includes(name));
  return isSo ? null : `fails: ${found.join(', ') || 'nothing'}; expected: ${STATEFUL.join(', ')}`;
};

export const ROWS: readonly Row[] = [
  {
    name: 'direct: all pass',
    revision: '2025-11-25',
    affinity: null,
    keys: 'common',
    objection: allPass,
  },
  {
    name: 'gateway, affinity session: as well as direct',
    revision: '2025-11-25',
    affinity: 'session',
    keys: 'common',
    objection: asWellAsDirect,
  },
  {
    name: 'gateway, affinity none: sessions are lost',
    revision: '2025-11-25',
    affinity: 'none',
    keys: 'common',
    telling: PLAIN_SESSION,
    objection: sessionsAreLost,
  },
  {
    name: 'direct: all pass',
    revision: '2026-07-28',
    affinity: null,
    keys: 'common',
    objection: allPass,
  },
  {
    name: 'gateway, keys in common: as well as direct',
    revision: '2026-07-28',
    affinity: 'none',
    keys: 'common',
    objection: asWellAsDirect,
  },
  {
    name: 'gateway, a key each: requestState is refused',
    revision: '2026-07-28',
    affinity: 'none',
    keys: 'own',
    telling: PLAIN_STATE,
    objection: stateIsRefused,
  },
];
