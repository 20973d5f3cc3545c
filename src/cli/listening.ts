/** Opens the door of a server at the address somebody wished for, and says in words why it cannot be opened there. */
import { ScenarioError, type Place } from '../core/scenario-error.ts';
import type { ListenAddress } from '../scenario/gateway-plan.ts';

/** Resolves with the port. Throws ScenarioError, which names `place`. */
export const listening = async (
  listen: () => Promise<number>,
  { host, port }: ListenAddress,
  place: Place | null = null,
): Promise<number> => {
  try {
    return await listen();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const why = REASONS[code] ?? message;
    throw new ScenarioError(`cannot listen at ${host}:${port}: ${why}`, place);
  }
};

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'somebody listens there already',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'permission denied',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
};
