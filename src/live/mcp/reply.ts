/**
 * How a server's reply to a request is judged: from the JSON-RPC body, for HTTP status says little. An unknown tool and a
 * refused argument come with 200; 404 is a lost session in the legacy era and an unknown method in the modern one; and in
 * the wild a lost session is answered with 404, 400, 503 and 200 alike, so its words are read too. A refusal of the request
 * (4xx) is the request's fault and not the server's: a tool error.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { Outcome } from '../../core/outcome.ts';
import type { Era } from '../../core/request.ts';
import { deferredState } from './deferral.ts';
import { isRecord } from './is-record.ts';
import { idText, parsedId } from './message-id.ts';
import { CODE } from './names.ts';
import { SSE_TYPE, SseReader } from './sse.ts';

/** A body longer than this is relayed but not read: its status alone is judged. Bytes. */
const MOST_READ = 1024 * 1024;

export interface ReplyContext {
  readonly era: Era;
  /** It names a legacy session. */
  readonly inSession: boolean;
  /** Of the request, as `idText` says; if absent or null, a reply to another one is not told apart. */
  readonly id?: string | null;
}

export class ReplyJudge {
  readonly #context: ReplyContext;
  readonly #status: number;
  readonly #stream: StreamReply | null;
  readonly #chunks: Buffer[] = [];
  /** Of the body, as the head says it; NaN when it does not. */
  readonly #length: number;
  #bytes = 0;

  constructor(context: ReplyContext, status: number, headers: IncomingHttpHeaders) {
    this.#context = context;
    this.#status = status;
    this.#stream = isEventStream(headers['content-type']) ? new StreamReply() : null;
    this.#length = Number(headers['content-length']);
  }

  /**
   * Takes the next bytes of the body; keeps hold of them. False: these bytes answer another request than the one that was
   * asked, as when a server speaks twice and the second time meets the next client's question. They must not be passed on.
   */
  read(chunk: Buffer): boolean {
    if (this.#stream !== null) return this.#stream.read(chunk, this.#context.id ?? null);
    if ((this.#bytes += chunk.length) <= MOST_READ) this.#chunks.push(chunk);
    else this.#chunks.length = 0;
    return this.#bytes > MOST_READ || this.#answers(this.#context.id ?? null);
  }

  /** After the last byte. */
  verdict(): Outcome {
    if (this.#stream !== null) return this.#stream.verdict(this.#status, this.#context);
    if (this.#bytes > MOST_READ) return outcomeOfStatus(this.#status, this.#context);
    const body = this.body();
    if (this.#status >= 300) return outcomeOf(this.#status, parse(body), this.#context);
    if (this.#status === 202 || this.#status === 204) return 'ok';
    if (!isObjectText(body)) return 'http-5xx';
    return mayRefuse(body) ? outcomeOf(this.#status, parse(body), this.#context) : 'ok';
  }

  /** As far as is known: of a body of unknown length only its first bytes are tried for being all. */
  #answers(id: string | null): boolean {
    if (id === null) return true;
    let found: string | null = null;
    if (this.#bytes === this.#length) found = idText(this.body());
    else if (Number.isNaN(this.#length) && this.#chunks.length === 1)
      found = parsedId(this.#chunks[0]!);
    return found === null || found === id;
  }

  /** The JSON text that answers the request; empty when it was too long to keep. */
  body(): Buffer {
    if (this.#stream !== null) return Buffer.from(this.#stream.answer);
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }
}

export const isEventStream = (contentType: unknown): boolean =>
  typeof contentType === 'string' && contentType.startsWith(SSE_TYPE);

/** A stream of events; the answer is the last of them that is a response. */
class StreamReply {
  answer = '';
  readonly #reader = new SseReader();
  readonly #decoder = new StringDecoder('utf8');
  #resumable = false;
  #unreadable = false;

  /** False: one of its events answers another request than `id`. */
  read(chunk: Buffer, id: string | null): boolean {
    if (this.#unreadable) return true;
    for (const { data, lastId } of this.#reader.push(this.#decoder.write(chunk))) {
      if (lastId !== '') this.#resumable = true;
      if (!data.includes('"result"') && !data.includes('"error"')) continue;
      this.answer = data;
      if (id !== null && answersAnother(data, id)) return false;
    }
    this.#unreadable = this.#reader.pending > MOST_READ;
    return true;
  }

  /** A legacy stream may end before its answer, which the client then asks for by GET and Last-Event-ID. */
  verdict(status: number, context: ReplyContext): Outcome {
    const message = parse(this.answer);
    if (isRecord(message) && ('result' in message || 'error' in message))
      return outcomeOf(status, message, context);
    const continues = this.#unreadable || (context.era === 'legacy' && this.#resumable);
    return continues ? 'ok' : 'reset';
  }
}

/** A response with an id, and not that one; a server's own request on the stream has an id, too. */
const answersAnother = (data: string, id: string): boolean => {
  const found = idText(Buffer.from(data));
  if (found === null || found === id) return false;
  const message = parse(data);
  return isRecord(message) && !('method' in message);
};

const outcomeOf = (status: number, message: unknown, context: ReplyContext): Outcome => {
  const { result, error } = isRecord(message) ? message : {};
  if (isRecord(error)) {
    if (context.inSession && tellsLostSession(status, error)) return 'session-lost';
    return status < 300 ? 'tool-error' : outcomeOfStatus(status, context, error);
  }
  if (status >= 300) return outcomeOfStatus(status, context);
  if (deferredState(result) !== null) return 'deferred';
  return isRecord(result) && result['isError'] === true ? 'tool-error' : 'ok';
};

const outcomeOfStatus = (
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

const tellsLostSession = (status: number, error: Readonly<Record<string, unknown>>): boolean =>
  (status === 404 && error['code'] !== CODE.methodNotFound) || LOST.test(String(error['message']));

/** Could it be an error, or a result that is one? Most replies say neither, and need no parsing. */
const mayRefuse = (body: Buffer): boolean =>
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

const isObjectText = (body: Buffer): boolean => {
  let first = 0;
  while (first < body.length && body[first]! <= SPACE) first++;
  return body[first] === OPENING_BRACE || body[first] === OPENING_BRACKET;
};

const SPACE = 0x20;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

const parse = (text: Buffer | string): unknown => {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
};
