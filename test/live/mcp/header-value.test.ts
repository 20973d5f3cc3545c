import { expect, test } from 'vitest';
import { decodeHeaderValue, encodeHeaderValue } from '../../../src/live/mcp/header-value.ts';

test.each(['search', 'read file', 'größe', '=?base64?x?=', ' padded ', 'a\nb', ''])(
  'the tool name %j survives its way through a header',
  (name) => {
    const value = encodeHeaderValue(name);
    expect(value).toMatch(/^[\x20-\x7e]+$/);
    expect(decodeHeaderValue(value)).toBe(name);
  },
);
