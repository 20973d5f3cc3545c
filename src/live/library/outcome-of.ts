/**
 * What an error thrown by a call says about the server: the fetch and undici errors that people meet, by their codes. What
 * cannot be told counts as a failure, because a breaker that overlooks failures is worth nothing.
 */
import type { Outcome } from '../../core/outcome.ts';

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  AbortError: 'cancelled',
  UND_ERR_ABORTED: 'cancelled',
  TimeoutError: 'timeout',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ECONNREFUSED: 'refused',
};

/** Looks at the error's `code`, its `name`, and the same of its `cause` (fetch hides the reason there). */
export const outcomeOf = (error: unknown): Outcome => {
  if (!(error instanceof Error)) return 'reset';
  const { code } = error as NodeJS.ErrnoException;
  const known = OUTCOMES[code ?? ''] ?? OUTCOMES[error.name];
  if (known !== undefined) return known;
  return error.cause instanceof Error ? outcomeOf(error.cause) : 'reset';
};
