/**
 * Load shedding as MCP 2026-07-28 allows it (SEP-2322, use case 2): a result that asks for no input and only has a
 * `requestState`, which the client sends back with the same request. Ours holds how often the request was deferred.
 */
import { isRecord } from './is-record.ts';

const STATE = /^deferred:(\d{1,9})$/;

/** The result by which a request is deferred for the `count`th time. */
export const deferral = (count: number): string =>
  JSON.stringify({ resultType: 'input_required', requestState: `deferred:${count}` });

/** How often a request with this `requestState` was deferred; 0 for a state that is not of ours. */
export const deferralsIn = (state: unknown): number =>
  typeof state === 'string' ? Number(STATE.exec(state)?.[1] ?? 0) : 0;

/** The state to send back when `result` defers the request; null when it does not. */
export const deferredState = (result: unknown): string | null => {
  if (!isRecord(result) || result['resultType'] !== 'input_required') return null;
  const { inputRequests, requestState } = result;
  const asksNothing =
    inputRequests === undefined ||
    (isRecord(inputRequests) && Object.keys(inputRequests).length === 0);
  return asksNothing && typeof requestState === 'string' ? requestState : null;
};
