/** What may be called, whom it may be put on, and what is kept quiet about it. */
import { describe, expect, test } from 'vitest';
import { bearerHeader, parseHeaderFile, Secrets } from '../../src/live/load/secrets.ts';
import { isLoopback, parseUrl, shownUrl } from '../../src/live/load/target.ts';
import { namedTool, safeTool } from '../../src/live/load/tools.ts';

describe('the choice of a tool', () => {
  const unhinted = { name: 'write' };
  const destructive = { name: 'drop', annotations: { readOnlyHint: true, destructiveHint: true } };
  const riddle = {
    name: 'riddle',
    annotations: { readOnlyHint: true },
    inputSchema: { properties: { a: { type: 'string', pattern: '^x{9}y$' } }, required: ['a'] },
  };
  const look = { name: 'look', annotations: { readOnlyHint: true } };

  test('passes over tools that are not declared read-only, or call themselves destructive', () => {
    expect(safeTool([unhinted, destructive, look]).name).toBe('look');
  });
  test('passes over tools whose arguments cannot be made up', () => {
    expect(safeTool([riddle, look]).name).toBe('look');
  });
  test('names the tools there are when it may choose none', () => {
    expect(() => safeTool([unhinted, destructive])).toThrow(
      /no tool is declared read-only.*write, drop/,
    );
  });
  test('says of which property no argument can be made up, and why', () => {
    expect(() => safeTool([unhinted, riddle])).toThrow(
      /declared read-only: of riddle for `a`: nothing was found that matches the pattern \^x\{9\}y\$; name a tool .*write, riddle/,
    );
    const riddles = ['b', 'c', 'd', 'e'].map((name) => ({ ...riddle, name }));
    expect(() => safeTool(riddles)).toThrow(/of d for `a`.*; and 1 more; name a tool/);
  });
  test('calls any tool that is named', () => {
    expect(namedTool([unhinted], 'write', { a: 1 })).toEqual({
      name: 'write',
      arguments: { a: 1 },
      synthesised: false,
    });
  });
  test('asks back when a named tool does not exist', () => {
    expect(() => namedTool([look], 'lock', undefined)).toThrow('did you mean `look`');
  });
  test('asks for arguments that it cannot make up', () => {
    expect(() => namedTool([riddle], 'riddle', undefined)).toThrow(/for `a`.*--arguments/);
  });
});

test.each([
  ['http://127.0.0.1:1/mcp', true],
  ['http://127.9.9.9/mcp', true],
  ['http://localhost/mcp', true],
  ['http://[::1]:80/mcp', true],
  ['http://0.0.0.0/mcp', false],
  ['http://127.0.0.1.example.com/mcp', false],
  ['https://mcp.example.com/mcp', false],
  ['http://10.0.0.1/mcp', false],
])('%s is this machine: %s', (url, expected) => {
  expect(isLoopback(parseUrl(url))).toBe(expected);
});

test('an address with credentials is refused, and they are not repeated', () => {
  let told = '';
  try {
    parseUrl('http://ann:hunter22@127.0.0.1/mcp');
  } catch (error) {
    told = String(error);
  }
  expect(told).toContain('carries credentials');
  expect(told).not.toContain('hunter22');
});

test('a query is not shown, for it may hold a key', () => {
  expect(shownUrl(parseUrl('http://127.0.0.1:1/mcp?key=hunter22'))).toBe(
    'http://127.0.0.1:1/mcp?...',
  );
});

describe('headers', () => {
  test('are read a line each, with comments and empty lines skipped', () => {
    const text = '# mine\n\nX-Api-Key: abc: d\r\nCookie:  a=b \n';
    expect(parseHeaderFile('h', text)).toEqual({ 'x-api-key': 'abc: d', cookie: 'a=b' });
  });
  test.each([
    ['no colon in hunter22', 'not a header'],
    ['X Y: hunter22', 'not a header'],
    ['X: hunter22\nx: hunter22', 'is given twice'],
    ['Content-Type: hunter22', 'is set by windtunnel itself'],
    ['X: hunter22\u0001', 'not plain ASCII'],
    ['X:', 'is empty'],
  ])('that cannot be sent are refused without their value: %j', (text, why) => {
    let told = '';
    try {
      parseHeaderFile('h', text);
    } catch (error) {
      told = String(error);
    }
    expect(told).toContain(why);
    expect(told).not.toContain('hunter22');
  });
  test('of a bearer token need a variable that is set', () => {
    expect(() => bearerHeader('TOKEN', undefined)).toThrow('empty or not set');
    expect(bearerHeader('TOKEN', ' abc\n')).toEqual({ authorization: 'Bearer abc' });
  });
  test('are concealed with their parts', () => {
    const secrets = new Secrets({ authorization: 'Bearer hunter22' });
    expect(secrets.conceal('you sent Bearer hunter22, or hunter22')).toBe('you sent ***, or ***');
  });
});
