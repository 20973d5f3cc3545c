/**
 * How a request ended, as its client sees it: judged from the JSON-RPC body as everywhere. What the gateway answers of
 * its own accord carries the outcome of the last attempt as `data.reason`, which no status could tell as well. An answer
 * to another request is none.
 */
import { FAILURES, type Outcome } from '../../core/outcome.ts';
import type { Era } from '../../core/request.ts';
import { deferredState } from '../mcp/deferral.ts';
import { isRecord } from '../mcp/is-record.ts';
import type { ReplyContext } from '../mcp/reply-outcome.ts';
import { ReplyJudge } from '../mcp/reply.ts';
import type { Reply } from './exchange.ts';
import type { Message } from './wire.ts';

export const outcomeOf = (reply: Reply, context: ReplyContext): Outcome => {
  if ('error' in reply) return reply.error === 'ECONNREFUSED' ? 'refused' : 'reset';
  const { status, headers, body } = reply;
  const judge = new ReplyJudge(context, status, headers);
  if (judge.read(body) === null || judge.rest() === null) return 'reset';
  return (status < 300 ? null : reasonIn(judge.body())) ?? judge.verdict();
};

/** What the reply to `message` is judged by; `sessionId`: of the legacy session that the message names. */
export const requestContext = (
  era: Era,
  sessionId: string | null,
  { id }: Message,
): ReplyContext => ({
  era,
  inSession: sessionId !== null,
  isRequest: id !== null,
  id: id === null ? null : String(id),
});

/** The `requestState` of a reply that defers the request. */
export const stateIn = (reply: Reply): string | null =>
  'error' in reply ? null : deferredState(asRecord(parsed(reply.body))['result']);

/** The outcome that an error of the gateway's names. */
const reasonIn = (body: Buffer): Outcome | null => {
  const { error } = asRecord(parsed(body));
  const { reason } = asRecord(asRecord(error)['data']);
  return FAILURES.find((failure) => failure === reason) ?? null;
};

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : {};
