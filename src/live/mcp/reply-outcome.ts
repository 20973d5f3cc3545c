/**
 * What a reply says of a request: from its JSON-RPC body, for HTTP status says little. An unknown tool and a refused argument
 * come with 200; 404 is a lost session in the legacy era and an unknown method in the modern one; and in the wild a lost
 * session is answered with 404, 400, 503 and 200 alike, in JSON or not, so its words are read too. A refusal of the request
 * (4xx) is the request's fault and not the server's: a tool error.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Era } from '../../core/request.ts';
import { deferredState } from './deferral.ts';
import { isRecord } from './is-record.ts';
import { CODE } from './names.ts';

/** Of a text that is no JSON so much is read. */
const MOST_WORDS = 1000;

export interface ReplyContext {
  readonly era: Era;
  /** It names a legacy session. */
  readonly inSession: boolean;
  /** It asks for a result; a notification does not, nor does an answer to the server. */
  readonly isRequest: boolean;
  /** Of the request, as `idText` says; if absent or null, a reply to another one is not told apart. */
  readonly id?: string | null;
}

/** `message`: parsed, or the text that is no JSON. */
export const outcomeOf = (status: number, message: unknown, context: ReplyContext): Outcome => {
  if (typeof message === 'string')
    return context.inSession && status < 500 && LOST.test(message.slice(0, MOST_WORDS))
      ? 'session-lost'
      : outcomeOfStatus(status, context);
  const { result, error } = isRecord(message) ? message : {};
  if (isRecord(error)) {
    if (context.inSession && tellsLostSession(status, error)) return 'session-lost';
    return status < 300 ? 'tool-error' : outcomeOfStatus(status, context, error);
  }
  if (status >= 300) return outcomeOfStatus(status, context);
  if (deferredState(result) !== null) return 'deferred';
  return isRecord(result) && result['isError'] === true ? 'tool-error' : 'ok';
};

export const outcomeOfStatus = (
  status: number,
  { inSession }: ReplyContext,
  error: Readonly<Record<string, unknown>> = {},
): Outcome => {
  if (status < 300) return 'ok';
  if (status === 503) return 'overloaded';
  if (status === 429) return 'throttled';
  if (status >= 500) return 'http-5xx';
  if (status === 404 && inSession && error['code'] !== CODE.methodNotFound) return 'session-lost';
  return 'tool-error';
};

/** As servers in the wild word it: "Session not found", "No valid session ID provided", "Server not initialized". */
const LOST =
  /session.*(?:not found|unknown|invalid|expired|terminated|closed|not exist|missing)|(?:no valid|unknown|invalid|expired|no such) session|not initiali[sz]ed/i;

/** What servers in the wild say it with; a tool's own trouble with some other session comes with another code. */
const LOST_CODES: ReadonlySet<unknown> = new Set([-32_000, -32_001, -32_600]);

const tellsLostSession = (
  status: number,
  { code, message }: Readonly<Record<string, unknown>>,
): boolean =>
  (status === 404 && code !== CODE.methodNotFound) ||
  (LOST_CODES.has(code) && LOST.test(String(message)));

/** Could it be an error, or a result that is one? Most replies say neither, and need no parsing. */
export const mayRefuse = (body: Buffer): boolean =>
  body.includes('"error"') || saysIsError(body) || body.includes('"requestState"');

/** Does `"isError"` stand anywhere before something other than `false`? Official servers say `"isError":false` throughout. */
const saysIsError = (body: Buffer): boolean => {
  for (let at = body.indexOf(IS_ERROR); at >= 0; at = body.indexOf(IS_ERROR, at)) {
    at += IS_ERROR.length;
    if (body.toString('latin1', at, at + FALSE.length) !== FALSE) return true;
  }
  return false;
};

const IS_ERROR = '"isError"';
const FALSE = ':false';

/** Does it look like a response, or a batch of them? It begins and ends as one, and says what one must. */
export const answers = (body: Buffer): boolean => {
  let first = 0;
  while (first < body.length && body[first]! <= SPACE) first++;
  const opening = body[first];
  const closing = opening === OPENING_BRACKET ? CLOSING_BRACKET : CLOSING_BRACE;
  return (
    (opening === OPENING_BRACE || opening === OPENING_BRACKET) &&
    lastOf(body) === closing &&
    (body.includes('"result"') || body.includes('"error"'))
  );
};

/** The last byte that is no space. */
export const lastOf = (bytes: Buffer): number | undefined => {
  let last = bytes.length - 1;
  while (last >= 0 && bytes[last]! <= SPACE) last--;
  return bytes[last];
};

const SPACE = 0x20;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;

export const parse = (text: Buffer | string): unknown => {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
};
