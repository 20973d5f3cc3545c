/**
 * How a request ended, as its client sees it: judged from the JSON-RPC body and not from HTTP status alone, since an
 * unknown tool, a refused argument and, in the wild, a lost session all come with 200. The gateway's own errors carry the
 * outcome of the last attempt as `data.reason`.
 */
import { FAILURES, type Failure, type Outcome } from '../../core/outcome.ts';
import { CODE, GATEWAY_CODE } from '../mcp/names.ts';
import type { Reply } from './exchange.ts';

/** `id`: of the JSON-RPC request; `inSession`: it named a session. */
export const outcomeOf = (reply: Reply, id: number, inSession: boolean): Outcome => {
  if ('error' in reply) return reply.error === 'ECONNREFUSED' ? 'refused' : 'reset';
  const { status } = reply;
  const answer = answerIn(reply, id);
  if (answer === null) return outcomeOfStatus(status, inSession);
  if (answer.error !== undefined) return outcomeOfError(status, answer.error, inSession);
  if (status !== 200) return outcomeOfStatus(status, inSession);
  return asRecord(answer.result)['isError'] === true ? 'tool-error' : 'ok';
};

interface Answer {
  readonly result?: unknown;
  readonly error?: unknown;
}

type Received = Exclude<Reply, { readonly error: string }>;

const GATEWAY_OUTCOMES: Readonly<Record<number, Failure>> = {
  [GATEWAY_CODE.noServer]: 'no-server',
  [GATEWAY_CODE.circuitOpen]: 'circuit-open',
  [GATEWAY_CODE.timeout]: 'timeout',
  [GATEWAY_CODE.upstream]: 'reset',
  [GATEWAY_CODE.sessionLost]: 'session-lost',
};

const outcomeOfError = (status: number, error: unknown, inSession: boolean): Outcome => {
  const { code, message, data } = asRecord(error);
  const { reason } = asRecord(data);
  const told = FAILURES.find((failure) => failure === reason);
  if (told !== undefined) return told;
  const known = GATEWAY_OUTCOMES[Number(code)];
  if (known !== undefined) return known;
  if (code === CODE.sessionNotFound || /session.*(?:not found|unknown|expired)/i.test(String(message)))
    return 'session-lost';
  return status === 200 ? 'tool-error' : outcomeOfStatus(status, inSession);
};

const outcomeOfStatus = (status: number, inSession: boolean): Outcome => {
  if (status === 503) return 'overloaded';
  if (status === 504) return 'timeout';
  if (inSession && (status === 404 || status === 400)) return 'session-lost';
  // A 4xx is about this request; anything else that is no answer is the server's failure.
  return status >= 400 && status < 500 ? 'tool-error' : 'http-5xx';
};

/** The JSON-RPC response to `id`, or an error that names no request; null when there is none. */
const answerIn = ({ headers, body }: Received, id: number): Answer | null => {
  const isStream = String(headers['content-type'] ?? '').startsWith('text/event-stream');
  const messages = isStream ? eventData(body).map(parsed) : [parsed(body)];
  for (const message of messages) {
    const { id: answered, result, error } = asRecord(message);
    if (answered === id && (result !== undefined || error !== undefined)) return { result, error };
    if ((answered === null || answered === undefined) && error !== undefined) return { error };
  }
  return null;
};

/** The data of each event of a stream (WHATWG HTML, "server-sent events"): lines joined, comments and other fields left out. */
const eventData = (stream: string): string[] =>
  stream
    .split(/\r?\n\r?\n/)
    .map((event) =>
      event
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n'),
    )
    .filter((data) => data !== '');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
