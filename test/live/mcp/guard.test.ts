/** Who may come in: by Host and Origin, for a door on the loopback and for one beyond it. */
import { expect, test } from 'vitest';
import { guardAt } from '../../../src/live/mcp/guard.ts';

const HOST = 'Forbidden: Host not allowed';
const ORIGIN = 'Forbidden: Origin not allowed';

test.each([
  // On the loopback: its names alone.
  ['127.0.0.1', [], '127.0.0.1:8080', undefined, null],
  ['127.0.0.1', [], 'localhost', 'http://localhost:3000', null],
  ['127.0.0.1', [], 'evil.com', undefined, HOST],
  ['127.0.0.1', [], undefined, undefined, HOST],
  ['127.0.0.1', [], 'localhost', 'http://evil.com', ORIGIN],
  ['127.0.0.1', ['mcp.test'], 'mcp.test:8080', undefined, null],
  // Beyond it: any name, as nobody said by which it is called, but no page of somebody else's.
  ['0.0.0.0', [], 'mcp.prod.svc:8080', undefined, null],
  ['0.0.0.0', [], 'evil.com', 'http://evil.com', ORIGIN],
  ['0.0.0.0', [], '10.0.0.7', 'http://10.0.0.7', null],
  ['0.0.0.0', [], 'mcp.test', 'null', ORIGIN],
  // And with names: those, and addresses.
  ['0.0.0.0', ['MCP.test'], 'mcp.test', 'https://mcp.test', null],
  ['0.0.0.0', ['mcp.test'], '10.0.0.7:8080', undefined, null],
  ['0.0.0.0', ['mcp.test'], 'evil.com', undefined, HOST],
])('listening at %s, known as %j: Host %s, Origin %s', (at, names, host, origin, refusal) => {
  expect(guardAt(at, names).refusal(host, origin)).toBe(refusal);
});
