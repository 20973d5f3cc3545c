/**
 * A server's reply as it comes: which of its bytes may be passed on, and what it says of the request in the end. A reply to
 * another request is found out before any of it has left.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { Outcome } from '../../core/outcome.ts';
import { isRecord } from './is-record.ts';
import { answersAnother, beginsAsAnother, endsAsAnother, parsesAsAnother } from './message-id.ts';
import {
  answers,
  lastOf,
  mayRefuse,
  outcomeOf,
  outcomeOfStatus,
  parse,
  type ReplyContext,
} from './reply-outcome.ts';
import { SSE_TYPE, SseReader, type SseEvent } from './sse.ts';

/** A body, or an event, longer than this is relayed but not read: its status alone is judged. Bytes. */
const MOST_READ = 1024 * 1024;
/** Of a body of unknown length so many bytes are tried for being all of it. */
const MOST_TRIED = 64 * 1024;

/** Why a connection is given up whose server answers somebody else. */
export const STRAY = 'it answered another request';

export class ReplyJudge {
  readonly #context: ReplyContext;
  readonly #status: number;
  readonly #stream: StreamReply | null;
  /** The body, while it is short enough to be read. */
  readonly #chunks: Buffer[] = [];
  /** Of the body, as the head says it; NaN when it does not. */
  readonly #length: number;
  /** Compressed, though nobody asked for it: it can only be judged by its status. */
  readonly #opaque: boolean;
  /** Of the request, where it is to be compared. */
  readonly #id: string | null;
  #bytes = 0;
  /** Nothing is held back any more. */
  #passes = false;

  constructor(context: ReplyContext, status: number, headers: IncomingHttpHeaders) {
    const { 'content-encoding': coding = 'identity' } = headers;
    this.#context = context;
    this.#status = status;
    this.#opaque = coding !== 'identity';
    this.#stream =
      isEventStream(headers['content-type']) && !this.#opaque ? new StreamReply() : null;
    this.#length = Number(headers['content-length']);
    // The official Python server answers errors that it cannot tie to a request with an id of its own.
    this.#id = status >= 300 || this.#opaque ? null : (context.id ?? null);
  }

  /**
   * Takes the next bytes of the body, keeps hold of them, and gives those that may be passed on by now: of a stream whole
   * events, of any other body all of it once it is there, as it is of no use before. Null: they answer another request
   * than the one that was asked, as when a server speaks twice and the second time meets the next client's question.
   */
  read(chunk: Buffer): Buffer | null {
    if (this.#stream !== null) return this.#stream.read(chunk, this.#id);
    this.#bytes += chunk.length;
    if (this.#passes) return chunk;
    this.#chunks.push(chunk);
    if (this.#id === null) return this.#bytes > MOST_READ ? this.#letPass(chunk) : chunk;
    if (this.#bytes === this.#length) return this.#whole(this.#id);
    if (this.#bytes <= MOST_READ) return this.#ends(chunk, this.#id) ? null : NOTHING;
    const body = this.body();
    return beginsAsAnother(body, this.#id) ? null : this.#letPass(body);
  }

  /** After the last byte: what was still held back; null: it answers another request. */
  rest(): Buffer | null {
    if (this.#stream !== null) return this.#stream.rest(this.#id);
    return this.#id === null || this.#passes ? NOTHING : this.#whole(this.#id);
  }

  /** After the last byte. */
  verdict(): Outcome {
    const [status, context] = [this.#status, this.#context];
    if (this.#stream !== null) return this.#stream.verdict(status, context);
    if (this.#opaque || this.#bytes > MOST_READ) return outcomeOfStatus(status, context);
    const body = this.body();
    if (status >= 300) return outcomeOf(status, parse(body) ?? body.toString(), context);
    if (!context.isRequest) return 'ok';
    if (!answers(body)) return 'http-5xx';
    return mayRefuse(body) ? outcomeOf(status, parse(body), context) : 'ok';
  }

  /** The JSON text that answers the request; empty when it was too long to keep. */
  body(): Buffer {
    if (this.#stream !== null) return Buffer.from(this.#stream.answer);
    if (this.#chunks.length !== 1) this.#chunks.splice(0, Infinity, Buffer.concat(this.#chunks));
    return this.#chunks[0]!;
  }

  /**
   * A body whose length nobody has said may be whole with this chunk: does it answer another request? Asked before its
   * end, after which the connection would be taken for a good one.
   */
  #ends(chunk: Buffer, id: string): boolean {
    if (!Number.isNaN(this.#length) || !CLOSING.has(lastOf(chunk))) return false;
    const tried = this.#bytes <= MOST_TRIED || endsAsAnother(chunk, id);
    return tried && parsesAsAnother(this.body(), id);
  }

  #whole(id: string): Buffer | null {
    this.#passes = true;
    const body = this.body();
    return answersAnother(body, id) ? null : body;
  }

  #letPass(bytes: Buffer): Buffer {
    this.#passes = true;
    if (this.#bytes > MOST_READ) this.#chunks.length = 0;
    return bytes;
  }
}

const NOTHING = Buffer.alloc(0);
/** What may be the last byte of an answer. */
const CLOSING: ReadonlySet<number | undefined> = new Set([0x7d, 0x5d]);

/** Media types are written in any case (RFC 9110, section 8.3.1). */
export const isEventStream = (contentType: unknown): boolean =>
  typeof contentType === 'string' && contentType.toLowerCase().startsWith(SSE_TYPE);

/** A stream of events; the answer is the last of them that is a response. */
class StreamReply {
  answer = '';
  readonly #reader = new SseReader();
  readonly #decoder = new StringDecoder('utf8');
  /** Bytes of an event whose end is yet to come. */
  #held: Buffer[] = [];
  #resumable = false;
  #unreadable = false;

  /** Bytes up to the end of the last event; null: one of its events answers another request than `id`. */
  read(chunk: Buffer, id: string | null): Buffer | null {
    if (this.#unreadable) return chunk;
    const events = this.#reader.push(this.#decoder.write(chunk));
    if (!this.#takes(events, id)) return null;
    this.#unreadable = this.#reader.pending > MOST_READ;
    if (id === null) return chunk;
    const end = this.#unreadable || this.#reader.pending === 0 ? chunk.length : endOfEvents(chunk);
    // The line end that completes an event may be the first of this chunk.
    const to = end === 0 && events.length > 0 ? endOfLine(chunk) : end;
    if (to === 0) {
      this.#held.push(chunk);
      return NOTHING;
    }
    const passed = this.#join(chunk.subarray(0, to));
    this.#held = to < chunk.length ? [chunk.subarray(to)] : [];
    return passed;
  }

  /** An event that was not ended is none, but those who read it all the same must not find another's answer. */
  rest(id: string | null): Buffer | null {
    if (this.#held.length === 0) return NOTHING;
    const { answer } = this;
    const takes = this.#takes(this.#reader.push('\n\n'), id);
    this.answer = answer;
    return takes ? this.#join(NOTHING) : null;
  }

  #takes(events: readonly SseEvent[], id: string | null): boolean {
    for (const { data, lastId } of events) {
      if (lastId !== '') this.#resumable = true;
      if (!isResponse(data)) continue;
      this.answer = data;
      if (id !== null && answersAnother(Buffer.from(data), id)) return false;
    }
    return true;
  }

  #join(bytes: Buffer): Buffer {
    return this.#held.length === 0 ? bytes : Buffer.concat([...this.#held, bytes]);
  }

  /** A legacy stream may end before its answer, which the client then asks for by GET and Last-Event-ID. */
  verdict(status: number, context: ReplyContext): Outcome {
    if (this.answer !== '') return outcomeOf(status, parse(this.answer), context);
    const continues = this.#unreadable || (context.era === 'legacy' && this.#resumable);
    return continues ? 'ok' : 'reset';
  }
}

/** After the last blank line, which ends an event; 0 when there is none. */
const endOfEvents = (bytes: Buffer): number =>
  Math.max(
    ...BLANK_LINES.map((end) => bytes.lastIndexOf(end) + (bytes.includes(end) ? end.length : 1)),
  );

const BLANK_LINES = ['\n\n', '\r\n\r\n', '\r\r'];

/** After the first end of a line. */
const endOfLine = (bytes: Buffer): number => {
  const at = bytes.findIndex((byte) => byte === FEED || byte === RETURN);
  return at + (bytes[at] === RETURN && bytes[at + 1] === FEED ? 2 : 1);
};

const FEED = 0x0a;
const RETURN = 0x0d;

/** Not a request or a notification of the server's own, whatever words are in it. */
const isResponse = (data: string): boolean => {
  if (!data.includes('"result"') && !data.includes('"error"')) return false;
  const message = parse(data);
  return isRecord(message) && !('method' in message) && ('result' in message || 'error' in message);
};
