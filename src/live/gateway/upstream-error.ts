/** What an error of a connection to a server says: of the outcome, and in words. */
import type { Outcome } from '../../core/outcome.ts';

/** Nothing was sent: nobody listens there, or the way there is closed. */
const UNREACHED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export const outcomeOfError = (error: Error): Extract<Outcome, 'refused' | 'reset'> =>
  UNREACHED.has(codeOf(error)) ? 'refused' : 'reset';

export const describeError = (error: Error): string => `${codeOf(error)} ${error.message}`.trim();

/** Of an error of several addresses (localhost has two) the first one's. */
const codeOf = (error: Error): string => {
  if (error instanceof AggregateError && error.errors[0] instanceof Error)
    return codeOf(error.errors[0]);
  return (error as NodeJS.ErrnoException).code ?? '';
};
