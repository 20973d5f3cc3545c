/**
 * The judges: the official TypeScript clients, v1 (`@modelcontextprotocol/sdk`) and v2 (`@modelcontextprotocol/client`,
 * in each of its ways to choose an era), connect to the fake server, list, call and leave.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it } from 'vitest';
import type { Eras, ReplyForm } from '../../src/live/fake/messages.ts';
import { serveFake } from './fake-host.ts';
import { settings } from './fake-settings.ts';

const WHO = { name: 'judge', version: '1' };
const FORMS: readonly ReplyForm[] = ['json', 'sse', 'auto'];

/** What both clients can do, in the same words. */
interface Visitor {
  readonly session: string | undefined;
  tools(): Promise<readonly string[]>;
  call(name: string, args?: Record<string, unknown>): Promise<{ isError: boolean; text: string }>;
  leave(): Promise<void>;
}

const said = (called: { readonly [key: string]: unknown }) => {
  const [first] = called['content'] as readonly { readonly text: string }[];
  return { isError: called['isError'] === true, text: first?.text ?? '' };
};

const visitV1 = async (url: URL): Promise<Visitor> => {
  const client = new ClientV1(WHO);
  const transport = new TransportV1(url);
  await client.connect(transport);
  return {
    session: transport.sessionId,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}) => said(await client.callTool({ name, arguments: args })),
    leave: async () => {
      await transport.terminateSession();
      await client.close();
    },
  };
};

type Negotiation = 'legacy' | 'auto' | { pin: string };

const visitV2 = async (url: URL, mode: Negotiation): Promise<Visitor> => {
  const client = new ClientV2(WHO, { versionNegotiation: { mode } });
  const transport = new TransportV2(url);
  await client.connect(transport);
  return {
    session: transport.sessionId,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}) => said(await client.callTool({ name, arguments: args })),
    leave: async () => {
      if (transport.sessionId !== undefined) await transport.terminateSession();
      await client.close();
    },
  };
};

/** Name, era of the server, how to connect, and whether that makes a session. */
const VISITS: readonly (readonly [string, Eras, (url: URL) => Promise<Visitor>, boolean])[] = [
  ['v1, with a server of both eras', 'both', visitV1, true],
  ['v1, with a legacy server', 'legacy', visitV1, true],
  ['v2 legacy', 'both', (url) => visitV2(url, 'legacy'), true],
  ['v2 auto, with a server of both eras', 'both', (url) => visitV2(url, 'auto'), false],
  ['v2 auto, with a modern server', 'modern', (url) => visitV2(url, 'auto'), false],
  ['v2 auto, with a legacy server', 'legacy', (url) => visitV2(url, 'auto'), true],
  ['v2 pinned', 'both', (url) => visitV2(url, { pin: '2026-07-28' }), false],
  [
    'v2 pinned, with a modern server',
    'modern',
    (url) => visitV2(url, { pin: '2026-07-28' }),
    false,
  ],
];

describe.each(VISITS)('%s', (_name, eras, visit, makesSession) => {
  it.each(FORMS)('connects, lists, calls and leaves; replies are %s', async (reply) => {
    const served = await serveFake(settings({ eras, reply, work: 3 }));
    const visitor = await visit(served.url);
    expect(visitor.session !== undefined).toBe(makesSession);
    expect(await visitor.tools()).toEqual(['call', 'pay']);
    expect(await visitor.call('call')).toEqual({ isError: false, text: 'call was done by s1' });
    expect(await visitor.call('pay', { text: 'hello' })).toEqual({ isError: false, text: 'hello' });
    await visitor.leave();
    const { tally } = served.server.tally();
    expect(tally.finished).toBe(makesSession ? 3 : 2);
  });

  it('learns of tool errors, unknown tools, and a server that fails', async () => {
    const served = await serveFake(settings({ eras }));
    const visitor = await visit(served.url);
    served.server.setFault(0, true, { kind: 'toolErrors', share: 1 }, false);
    expect(await visitor.call('call')).toEqual({ isError: true, text: 'call failed on s1' });
    await expect(visitor.call('nope')).rejects.toThrow('Unknown tool: nope');
    served.server.setFault(1, true, { kind: 'errors', share: 1 }, false);
    await expect(visitor.call('call')).rejects.toThrow();
    served.server.setFault(1, false, { kind: 'errors', share: 1 }, false);
    await visitor.leave();
  });
});

describe('a v1 client', () => {
  it('calls many at once', async () => {
    const served = await serveFake(settings({ work: { kind: 'exponential', mean: 5 }, slots: 4 }));
    const visitor = await visitV1(served.url);
    const texts = Array.from({ length: 50 }, (_, k) => `number ${k}`);
    const answers = await Promise.all(texts.map((text) => visitor.call('call', { text })));
    expect(answers.map(({ text }) => text)).toEqual(texts);
    await visitor.leave();
  });

  it('that times out cancels its call', async () => {
    const served = await serveFake(settings({ work: 60_000 }));
    const client = new ClientV1(WHO);
    await client.connect(new TransportV1(served.url));
    const call = client.callTool({ name: 'call', arguments: {} }, undefined, { timeout: 50 });
    await expect(call).rejects.toThrow('timed out');
    while (served.server.busy > 0) await pause(5);
    expect(served.server.tally().tally.finished).toBe(1);
    await client.close();
  });

  it('whose session was ended on the server is told 404', async () => {
    const served = await serveFake(settings());
    const visitor = await visitV1(served.url);
    const headers = { 'mcp-session-id': String(visitor.session) };
    await fetch(served.url, { method: 'DELETE', headers });
    await expect(visitor.call('call')).rejects.toThrow('Session not found');
  });
});
