/**
 * How a call ended, as a value: the first of the three kinds of error this project knows.
 * `ok` and `tool-error` are completed calls (a tool that says no has still been served), `cancelled` is nobody's
 * fault (we or the client gave up on it), `deferred` sends the client away to come again, and every other outcome is a
 * failure with its reason.
 */
export const FAILURES = [
  'timeout', // the deadline of the attempt passed
  'refused', // nothing listens: the call never reached the server
  'reset', // the process died under the call
  'overloaded', // 503: slots and queue are full, or the wait in the queue outlasted the server's patience
  'throttled', // 429: the server limits the rate of its clients
  'http-5xx', // 500: the server answered with an error
  'session-lost', // the server does not know the session
  'no-server', // not sent: no eligible server
  'shed', // not sent: over the limit of concurrent calls, or its wait at the balancer was too long
  'circuit-open', // not sent: the session's own server has an open circuit
] as const;

export type Failure = (typeof FAILURES)[number];
/**
 * `deferred`: a full server sheds load as MCP 2026-07-28 allows it, by a `requestState` without `inputRequests`: the
 * client sends the request anew, and the balancer may find it another server (SEP-2322, use case 2).
 */
export type Outcome = 'ok' | 'tool-error' | 'cancelled' | 'deferred' | Failure;

/** The client got an answer from the tool: `ok`, or the tool's own refusal. */
export const isCompleted = (outcome: Outcome): boolean =>
  outcome === 'ok' || outcome === 'tool-error';

/** The call never reached a server: it may be sent again whatever the tool does. */
export const isUnsent = (outcome: Outcome): boolean =>
  outcome === 'refused' ||
  outcome === 'shed' ||
  outcome === 'no-server' ||
  outcome === 'circuit-open';

/** No server has done work for the call, if servers turn away before they begin, as ours do. */
export const isUntouched = (outcome: Outcome): boolean =>
  isUnsent(outcome) || outcome === 'overloaded' || outcome === 'throttled';

/** The call failed: not completed, and not merely given up. */
export const isFailure = (outcome: Outcome): outcome is Failure =>
  outcome !== 'ok' && outcome !== 'tool-error' && outcome !== 'cancelled' && outcome !== 'deferred';
