import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeaderValue } from '../../../src/live/mcp/header-value.ts';
import { errorBody } from '../../../src/live/mcp/errors.ts';
import { SSE_KEEP_ALIVE, sseEvent, SseReader } from '../../../src/live/mcp/sse.ts';

const read = (...chunks: string[]): string[] => {
  const reader = new SseReader();
  return chunks.flatMap((chunk) => reader.push(chunk)).map(({ data }) => data);
};

describe('a stream of events', () => {
  it('is read as it was written, wherever its chunks break', () => {
    const line = fc.string().map((text) => text.replaceAll('\r', ''));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(200)), (messages, cuts) => {
        const stream = messages.map((message) => sseEvent(message) + SSE_KEEP_ALIVE).join('');
        const places = cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b);
        const chunks = [...places, stream.length].map((end, k) =>
          stream.slice(k === 0 ? 0 : places[k - 1], end),
        );
        expect(read(...chunks)).toEqual(messages);
      }),
    );
  });

  it.each([
    ['data: a\r\ndata: b\r\n\r\n', ['a\nb']],
    ['data: a\rdata: b\r\r', ['a\nb']],
    ['data:a\n\ndata: b\n\n', ['a', 'b']],
    ['data\n\n', ['']],
    ['event: ping\n\ndata: a\n\n', ['a']],
    [': comment\n\n', []],
    ['data: begun', []],
    ['\ufeffdata: a\n\n', ['a']],
  ])('%j holds %j', (stream, data) => {
    expect(read(stream)).toEqual(data);
    expect(read(...stream)).toEqual(data);
  });

  it('tells the kind and the last id of an event', () => {
    const [first, second] = new SseReader().push('id: 7\nevent: error\ndata: a\n\ndata: b\n\n');
    expect(first).toEqual({ event: 'error', data: 'a', lastId: '7' });
    expect(second).toEqual({ event: 'message', data: 'b', lastId: '7' });
  });

  it('says how much of it waits for the rest', () => {
    const reader = new SseReader();
    reader.push('data: 12345\ndata: 67');
    expect(reader.pending).toBe(5 + 'data: 67'.length);
    reader.push('\n\n');
    expect(reader.pending).toBe(0);
  });
});

describe('a mirrored header', () => {
  it.each([
    ['search', 'search'],
    ['=?base64?c3VjaGU=?=', 'suche'],
    ['=?base64?5pel5pys?=', '日本'],
    ['=?base64?=', '=?base64?='],
    ['=?base64?c3VjaGU?=', null],
    ['=?base64?c3Vj aGU=?=', null],
    ['=?base64?/w==?=', null],
  ])('%j says %j', (value, says) => expect(decodeHeaderValue(value)).toBe(says));
});

it('an error body has an id, a code and a message, and data only when there is some', () => {
  expect(JSON.parse(errorBody(null, -32700, 'no'))).toEqual({
    jsonrpc: '2.0',
    id: null,
    error: { code: -32700, message: 'no' },
  });
});
