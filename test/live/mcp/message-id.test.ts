/** The id of a message is the same whether it was read off an edge of the text or parsed; and answers are told apart by it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idText } from '../../../src/live/mcp/message-id.ts';
import { ReplyJudge } from '../../../src/live/mcp/reply.ts';

describe('the id of a message', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":7,"method":"ping"}', '7'],
    ['{"method":"ping","jsonrpc":"2.0","id":7}', '7'],
    ['{"method":"ping","jsonrpc":"2.0","id":"7"}\n', '7'],
    [' { "id" : "a b" , "method" : "ping" } ', 'a b'],
    ['{"jsonrpc":"2.0","method":"ping","id":-3,"params":{}}', '-3'],
    // One that stands deeper is another's.
    ['{"id":7,"result":{"id":1}}', '7'],
    ['{"jsonrpc":"2.0","result":{"row":{"n":1,"id":5}}}', null],
    ['{"jsonrpc":"2.0","id":7,"result":{"text":"\\"id\\":5}"}}', '7'],
    // Parsed, the last one counts, however its key is written.
    ['{"jsonrpc":"2.0","id":1,"method":"ping","id":2}', '2'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","\\u0069d":2}', '2'],
    // What is one number need not be one text.
    ['{"jsonrpc":"2.0","id":1e2,"method":"ping"}', '100'],
    ['{"jsonrpc":"2.0","id":12345678901234567890,"method":"ping"}', '12345678901234567000'],
    ['{"jsonrpc":"2.0","id":-0,"method":"ping"}', '0'],
    ['{"jsonrpc":"2.0","id":"\\u00e9","method":"ping"}', 'é'],
    ['{"jsonrpc":"2.0","id":"é","method":"ping"}', 'é'],
    ['{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"?"}}', null],
    ['[{"jsonrpc":"2.0","id":7,"method":"ping"}]', null],
    ['{"jsonrpc":"2.0","id":7', null],
    ['', null],
  ])('%s', (text, id) => {
    expect(idText(Buffer.from(text))).toBe(id);
  });

  it('is the one that parsing finds, in any message', () => {
    const ids = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null));
    const messages = fc
      .tuple(ids, fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), fc.boolean())
      .map(([id, more, first, versioned]) => {
        const rest: Record<string, unknown> = { ...more, ...(versioned && { jsonrpc: '2.0' }) };
        delete rest['id'];
        return JSON.stringify(first ? { id, ...rest } : { ...rest, id });
      });
    fc.assert(
      fc.property(messages, (text) => {
        const { id } = JSON.parse(text) as { id: unknown };
        const expected = typeof id === 'string' || typeof id === 'number' ? String(id) : null;
        expect(idText(Buffer.from(text))).toBe(expected);
      }),
    );
  });
});

describe('a reply to request 7', () => {
  const JSON_TYPE = 'application/json';
  const answer = (id: unknown, more: object = {}): string =>
    JSON.stringify({ jsonrpc: '2.0', id, result: { rows: [{ n: 1, id: 5 }, { id: 7 }] }, ...more });

  /** What is passed on of a body that is cut at these places, up to where it is refused. */
  const passOn = (
    text: string,
    cuts: readonly number[],
    type: string,
    said: boolean,
  ): { readonly passed: string; readonly refused: boolean } => {
    const body = Buffer.from(text);
    const headers = {
      'content-type': type,
      ...(said && { 'content-length': String(body.length) }),
    };
    const judge = new ReplyJudge(
      { era: 'modern', inSession: false, isRequest: true, id: '7' },
      200,
      headers,
    );
    const ends = [...cuts.map((cut) => cut % body.length), body.length].sort((a, b) => a - b);
    const passed: Buffer[] = [];
    const tell = (): string => Buffer.concat(passed).toString();
    let from = 0;
    for (const end of ends) {
      const bytes = judge.read(body.subarray(from, (from = end)));
      if (bytes === null) return { passed: tell(), refused: true };
      passed.push(bytes);
    }
    const rest = judge.rest();
    if (rest !== null) passed.push(rest);
    return { passed: tell(), refused: rest === null };
  };
  const places = fc.array(fc.nat(), { maxLength: 4 });

  it.each([
    ['JSON of known length', JSON_TYPE, true, answer(7)],
    ['JSON of unknown length', JSON_TYPE, false, answer(7)],
    ['with its id as text', JSON_TYPE, true, answer('7')],
    ['an error that belongs to no request', JSON_TYPE, true, answer(null)],
    ['a batch', JSON_TYPE, true, `[${answer(7)}]`],
    ['with a mark in front', JSON_TYPE, true, `\ufeff${answer(7)}`],
    ['one of more than a megabyte', JSON_TYPE, false, answer(7, { _pad: 'x'.repeat(1_100_000) })],
    ['a stream', 'text/event-stream', false, `event: message\ndata: ${answer(7)}\n\n`],
    ['a stream with returns', 'text/event-stream', false, `: hi\r\n\r\ndata: ${answer(7)}\r\n\r\n`],
    ['a stream that is cut off', 'text/event-stream', false, `data: ${answer(7)}\n`],
    [
      'a stream on which the server asks something itself',
      'text/event-stream',
      false,
      `data: {"jsonrpc":"2.0","id":1,"method":"elicit","params":{"result":""}}\n\ndata: ${answer(7)}\n\n`,
    ],
  ])('is let through, however it comes in pieces: %s', (_, type, said, text) => {
    fc.assert(
      fc.property(places, (cuts) => {
        expect(passOn(text, cuts, type, said)).toEqual({ passed: text, refused: false });
      }),
      { numRuns: text.length > 1e6 ? 10 : 100 },
    );
  });

  const secret = { result: { text: 'SECRET' } };
  const note = 'data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n';

  it.each([
    ['JSON of known length', JSON_TYPE, true, answer(8, secret)],
    ['JSON of unknown length', JSON_TYPE, false, answer(8, secret)],
    ['a batch', JSON_TYPE, false, `[${answer(8, secret)}]`],
    ['with a mark in front', JSON_TYPE, true, `\ufeff${answer(8, secret)}`],
    [
      'one of more than a megabyte that says it first',
      JSON_TYPE,
      true,
      JSON.stringify({ id: 8, ...secret, _pad: 'x'.repeat(1_100_000) }),
    ],
    ['a stream', 'text/event-stream', false, `data: ${answer(8, secret)}\n\n`],
    ['a stream, after a note', 'text/event-stream', false, `${note}data: ${answer(8, secret)}\n\n`],
    ['a stream that is cut off', 'text/event-stream', false, `data: ${answer(8, secret)}\n`],
  ])(
    'is refused when it answers another, and nothing of it is passed on: %s',
    (_, type, said, text) => {
      fc.assert(
        fc.property(places, (cuts) => {
          const { passed, refused } = passOn(text, cuts, type, said);
          expect(refused).toBe(true);
          expect(passed === '' || passed === note).toBe(true);
        }),
        { numRuns: text.length > 1e6 ? 10 : 100 },
      );
    },
  );

  it('leaves event by event, before the next has come whole', () => {
    const second = `data: ${answer(7)}\n\n`;
    fc.assert(
      fc.property(fc.nat(note.length + second.length - 3), (cut) => {
        const judge = new ReplyJudge(
          { era: 'modern', inSession: false, isRequest: true, id: '7' },
          200,
          { 'content-type': 'text/event-stream' },
        );
        const passed = judge.read(Buffer.from((note + second).slice(0, cut + 1)))!.toString();
        expect(passed).toBe(cut + 1 >= note.length ? note : '');
      }),
    );
  });
});
