/**
 * Server-sent events: writing them, and reading them out of chunks that may break anywhere. Follows the event stream
 * interpretation of the HTML standard (html.spec.whatwg.org, section 9.2.6): lines end with CR, LF or CRLF, a blank
 * line ends an event, a line that begins with a colon is a comment, an event without data is none.
 */
export const SSE_TYPE = 'text/event-stream';

/** What keeps idle streams alive on their way through balancers: a comment. */
export const SSE_KEEP_ALIVE = ': keep-alive\n\n';

/** Frames one message. */
export const sseEvent = (data: string): string =>
  data.includes('\n') || data.includes('\r')
    ? `event: message\n${data
        .split(/\r\n|\n|\r/)
        .map((line) => `data: ${line}\n`)
        .join('')}\n`
    : `event: message\ndata: ${data}\n\n`;

export interface SseEvent {
  /** `message` unless the stream says else. */
  readonly event: string;
  readonly data: string;
  /** Of this event or the last one that had it; empty if none had. */
  readonly lastId: string;
}

export class SseReader {
  /** The line that has begun. */
  #line = '';
  #data: string[] = [];
  #event = '';
  #lastId = '';
  /** Characters of data held for the event that has begun. */
  #held = 0;
  #afterReturn = false;
  #begun = false;

  /** Characters held back, waiting for the rest of their event: a reader of untrusted streams sets a limit to it. */
  get pending(): number {
    return this.#line.length + this.#held;
  }

  /** Takes decoded text and gives the events it completes. */
  push(chunk: string): SseEvent[] {
    const events: SseEvent[] = [];
    let from = 0;
    if (!this.#begun && chunk !== '') {
      this.#begun = true;
      if (chunk.startsWith('\ufeff')) from = 1;
    }
    if (this.#afterReturn && chunk !== '') {
      this.#afterReturn = false;
      if (chunk[from] === '\n') from++;
    }
    const ends = new LineEnds(chunk);
    for (let end = ends.after(from); end >= 0; end = ends.after(from)) {
      const event = this.#take(this.#line + chunk.slice(from, end));
      this.#line = '';
      if (event !== null) events.push(event);
      from = end + 1;
      if (chunk[end] === '\r') {
        if (from === chunk.length) this.#afterReturn = true;
        else if (chunk[from] === '\n') from++;
      }
    }
    this.#line += chunk.slice(from);
    return events;
  }

  #take(line: string): SseEvent | null {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') {
      this.#data.push(value);
      this.#held += value.length;
    } else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#lastId = value;
    return null;
  }

  #dispatch(): SseEvent | null {
    const event = this.#event === '' ? 'message' : this.#event;
    const data = this.#data;
    this.#data = [];
    this.#event = '';
    this.#held = 0;
    return data.length === 0 ? null : { event, data: data.join('\n'), lastId: this.#lastId };
  }
}

/** Finds the ends of lines one after the other, and looks at each character of the text once. */
class LineEnds {
  readonly #text: string;
  #feed = -1;
  #return = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Index of the first CR or LF at or after `from`, which never falls from call to call; -1 = none. */
  after(from: number): number {
    if (this.#feed < from) this.#feed = this.#find('\n', from);
    if (this.#return < from) this.#return = this.#find('\r', from);
    const next = Math.min(this.#feed, this.#return);
    return next === Infinity ? -1 : next;
  }

  #find(end: string, from: number): number {
    const at = this.#text.indexOf(end, from);
    return at < 0 ? Infinity : at;
  }
}
