/** What goes over the wire in this bench: one modern tools/call, and an answer of 200 bytes. */
import {
  HEADER,
  META_CAPABILITIES,
  META_VERSION,
  MODERN_VERSION,
} from '../../../src/live/mcp/names.ts';

const BODY = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'search',
    arguments: { text: 'wind' },
    _meta: { [META_VERSION]: MODERN_VERSION, [META_CAPABILITIES]: {} },
  },
});

export const REQUEST = Buffer.from(
  [
    'POST /mcp HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `${HEADER.version}: ${MODERN_VERSION}`,
    `${HEADER.method}: tools/call`,
    `${HEADER.name}: search`,
    `Content-Length: ${BODY.length}`,
    '',
    BODY,
  ].join('\r\n'),
);

const ANSWER_BYTES = 200;
const around = (text: string): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    result: { content: [{ type: 'text', text }], isError: false, resultType: 'complete' },
  });

export const ANSWER = Buffer.from(around('x'.repeat(ANSWER_BYTES - around('').length)));

export const LISTED = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  result: { tools: [{ name: 'search', annotations: { readOnlyHint: true } }] },
});
