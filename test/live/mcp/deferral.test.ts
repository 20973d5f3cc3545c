/** A result that only sheds load is told apart from one that asks its client something. */
import { expect, it } from 'vitest';
import { deferral, deferralsIn, deferredState } from '../../../src/live/mcp/deferral.ts';
import { ReplyJudge } from '../../../src/live/mcp/reply.ts';

const verdictOf = (result: object) => {
  const judge = new ReplyJudge({ era: 'modern', inSession: false, isRequest: true }, 200, {
    'content-type': 'application/json',
  });
  judge.read(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result })));
  return judge.verdict();
};

it('defers with a state that counts, and reads its own state again', () => {
  const result = JSON.parse(deferral(2)) as { requestState: string };
  expect(deferredState(result)).toBe(result.requestState);
  expect(deferralsIn(result.requestState)).toBe(2);
  expect([deferralsIn(undefined), deferralsIn('signed.by.another'), deferralsIn(7)]).toEqual([
    0, 0, 0,
  ]);
});

it('judges a state without a question as deferred, and a question as an answer', () => {
  const asked = { resultType: 'input_required', requestState: 'x' };
  expect(verdictOf(asked)).toBe('deferred');
  expect(verdictOf({ ...asked, inputRequests: {} })).toBe('deferred');
  expect(verdictOf({ ...asked, inputRequests: { name: { method: 'elicitation/create' } } })).toBe(
    'ok',
  );
  expect(verdictOf({ resultType: 'complete', content: [] })).toBe('ok');
});
