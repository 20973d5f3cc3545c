/**
 * The fixture server as official clients see it, in one process: replicas are functions here, and `nextOf` is a balancer
 * that knows nothing. What the conformance run shows at length stands here in small.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { InMemoryServerEventBus } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import { makeEndpoint, type Endpoint } from './fixture/endpoint.ts';

const KEY = 'k'.repeat(32);
const OTHER_KEY = 'o'.repeat(32);
const URL_OF_NOBODY = new URL('http://127.0.0.1:1/mcp');

const replica = (key: string): Endpoint => makeEndpoint(key, new InMemoryServerEventBus());

/** Each request to the next endpoint in turn. */
const nextOf = (endpoints: readonly Endpoint[]): Endpoint => {
  let turn = 0;
  return (request) => endpoints[turn++ % endpoints.length]!(request);
};

type Mode = 'legacy' | { readonly pin: '2026-07-28' };
const MODERN: Mode = { pin: '2026-07-28' };

const connected = async (endpoint: Endpoint, mode: Mode): Promise<Client> => {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode }, capabilities: { elicitation: {} } },
  );
  client.setRequestHandler('elicitation/create', () => ({
    action: 'accept',
    content: { ok: true, name: 'Alice', color: 'blue', username: 'alice', email: 'a@b.example' },
  }));
  const fetch = (url: URL | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    request.headers.set('host', '127.0.0.1:1');
    return endpoint(request);
  };
  await client.connect(new StreamableHTTPClientTransport(URL_OF_NOBODY, { fetch }));
  return client;
};

const MULTI_ROUND = { name: 'test_input_required_result_multi_round', arguments: {} };

describe('a legacy client', () => {
  it('finds its session in the replica that created it', async () => {
    const client = await connected(replica(KEY), 'legacy');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('test_simple_text');
  });

  it('does not get as far as being connected when requests alternate between replicas', async () => {
    const alternating = nextOf([replica(KEY), replica(KEY)]);
    await expect(connected(alternating, 'legacy')).rejects.toThrow('Session not found');
  });

  it('is asked on the stream of its call', async () => {
    const client = await connected(replica(KEY), 'legacy');
    const { content } = await client.callTool({
      name: 'test_elicitation',
      arguments: { message: 'Who?' },
    });
    expect(JSON.stringify(content)).toContain('alice');
  });
});

describe('a modern client', () => {
  it('is served by whichever replica comes next', async () => {
    const client = await connected(nextOf([replica(KEY), replica(KEY)]), MODERN);
    for (let call = 0; call < 4; call++) {
      const { content } = await client.callTool({ name: 'test_simple_text', arguments: {} });
      expect(content).toEqual([
        { type: 'text', text: 'This is a simple text response for testing.' },
      ]);
    }
  });

  it('brings its state from replica to replica when they have a key in common', async () => {
    const client = await connected(nextOf([replica(KEY), replica(KEY)]), MODERN);
    const { content } = await client.callTool(MULTI_ROUND);
    expect(content).toEqual([{ type: 'text', text: 'state-ok' }]);
  });

  it('has its state refused by a replica with another key', async () => {
    const client = await connected(nextOf([replica(KEY), replica(OTHER_KEY)]), MODERN);
    await expect(client.callTool(MULTI_ROUND)).rejects.toThrow('requestState');
  });
});

describe('the endpoint', () => {
  const status = async (headers: Record<string, string>): Promise<number> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const request = new Request(URL_OF_NOBODY, { method: 'POST', body });
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    return (await replica(KEY)(request)).status;
  };

  it('turns away a Host that is not of this machine', async () => {
    expect(await status({ host: 'evil.example' })).toBe(403);
  });

  it('turns away an Origin that is not of this machine', async () => {
    expect(await status({ host: 'localhost', origin: 'http://evil.example' })).toBe(403);
  });

  it('answers 404 to a session that it does not know', async () => {
    const headers = { host: 'localhost', 'content-type': 'application/json' };
    expect(await status({ ...headers, 'mcp-session-id': 'of-another-replica' })).toBe(404);
  });
});
