import { expect, test } from 'vitest';
import { outcomeOf } from '../../../src/live/driver/verdict.ts';
import { GATEWAY_CODE } from '../../../src/live/mcp/names.ts';

const single = { era: 'modern', inSession: false, isRequest: true } as const;
const reply = (status: number, message: object, type = 'application/json') => ({
  status,
  headers: { 'content-type': type },
  body: Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, ...message })),
});
const ofGateway = (status: number, code: number, reason: string) =>
  reply(status, { error: { code, message: 'no', data: { reason } } });

test('a result is a success, and a result that is an error a tool error, at the same status', () => {
  expect(outcomeOf(reply(200, { result: { content: [] } }), single)).toBe('ok');
  expect(outcomeOf(reply(200, { result: { isError: true } }), single)).toBe('tool-error');
  expect(outcomeOf(reply(200, { error: { code: -32602, message: 'no such tool' } }), single)).toBe(
    'tool-error',
  );
});

test.each([
  [503, GATEWAY_CODE.noServer, 'no-server'],
  [503, GATEWAY_CODE.circuitOpen, 'circuit-open'],
  [504, GATEWAY_CODE.timeout, 'timeout'],
  [502, GATEWAY_CODE.upstream, 'refused'],
  [502, GATEWAY_CODE.upstream, 'reset'],
  [503, GATEWAY_CODE.upstream, 'overloaded'],
])('status %i with code %i of the gateway is what its reason says: %s', (status, code, reason) => {
  expect(outcomeOf(ofGateway(status, code, reason), single)).toBe(reason);
});

test('an answer to another request is none', () => {
  const answer = reply(200, { result: { content: [] } });
  expect(outcomeOf(answer, { ...single, id: '1' })).toBe('ok');
  expect(outcomeOf(answer, { ...single, id: '2' })).toBe('reset');
});

test.each([
  ['of somebody else', 200, '{"message":"please log in"}'],
  ['cut off', 200, '{"jsonrpc":"2.0","id":1,"resu'],
  ['cut off later', 200, '{"jsonrpc":"2.0","id":1,"result":{"content":['],
  ['empty', 200, ''],
  ['that only accepts', 202, ''],
])('an answer %s is none', (_, status, text) => {
  const got = { status, headers: {}, body: Buffer.from(text) };
  expect(outcomeOf(got, { ...single, id: '1' })).toBe('http-5xx');
});

test('a notification is accepted, and not answered', () => {
  const accepted = { status: 202, headers: {}, body: Buffer.from('') };
  expect(outcomeOf(accepted, { ...single, isRequest: false })).toBe('ok');
});

test('a reason that is no outcome is not believed', () => {
  expect(outcomeOf(ofGateway(503, 1, '__proto__'), single)).toBe('overloaded');
});

test('a server may answer 500 with anything', () => {
  const html = { status: 500, headers: {}, body: Buffer.from('<html>oops</html>') };
  expect(outcomeOf(html, single)).toBe('http-5xx');
});

test('an answer that comes as an event is read out of its stream', () => {
  const body = Buffer.from(
    ': hello\n\nevent: message\ndata: {"jsonrpc":"2.0","id":1,"result":{"isError":true}}\n\n',
  );
  const stream = { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
  expect(outcomeOf(stream, single)).toBe('tool-error');
});

test('without a reply it was refused when nobody listened, and reset otherwise', () => {
  expect(outcomeOf({ error: 'ECONNREFUSED' }, single)).toBe('refused');
  expect(outcomeOf({ error: 'UND_ERR_SOCKET' }, single)).toBe('reset');
});
