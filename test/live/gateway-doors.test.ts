/** What comes in at the gateway's doors, its listening sockets and its headers, cannot take it down. */
import { Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { AdminServer } from '../../src/live/gateway/admin-server.ts';
import { SILENT } from '../../src/live/gateway/log.ts';
import { CODE, HEADER } from '../../src/live/mcp/names.ts';
import { modern, serveFake } from './fake-host.ts';
import { settings } from './fake-settings.ts';
import { call, gatewayOver, modernBody, modernHeaders, ok, reply, send } from './gateway-rig.ts';
import { Opened } from './trouble-rig.ts';

const opened = new Opened();
afterEach(() => opened.close());

/** The socket that listens at `port` in this process. */
const socketAt = (port: number): Server => {
  const handles = (
    process as unknown as { _getActiveHandles(): readonly object[] }
  )._getActiveHandles();
  const found = handles.find((handle): handle is Server => {
    const address = handle instanceof Server ? handle.address() : null;
    return typeof address === 'object' && address?.port === port;
  });
  if (found === undefined) throw new Error(`nobody listens at ${port}`);
  return found;
};

describe('an error of a listening socket', () => {
  test('is logged, and both doors stay open', async () => {
    const errors: string[] = [];
    const log = {
      info: () => {},
      warn: () => {},
      error: (_: object, text: string) => errors.push(text),
    };
    const rig = await gatewayOver([await opened.backend()], '', log);
    opened.keep(rig);
    const admin = opened.keep(new AdminServer(rig.served.pages, [], log));
    const doors = [rig.port, await admin.listen('127.0.0.1', 0)];
    for (const port of [...doors, ...doors])
      socketAt(port).emit('error', new Error('accept EMFILE'));
    expect(errors).toEqual(Array(4).fill('the listening socket: accept EMFILE'));
    for (const port of doors)
      expect((await send(port, { method: 'GET', path: '/status' })).status).toBe(200);
  });

  test('an address that is taken is a refusal', async () => {
    const { port } = await opened.gateway([await opened.backend()]);
    const admin = opened.keep(new AdminServer(new Map(), [], SILENT));
    await expect(admin.listen('127.0.0.1', port)).rejects.toThrow('EADDRINUSE');
  });
});

const ODD_NAMES = [
  ['JSON', '{"task": [1'],
  ['nothing', ''],
  ['Base64 that is none', '=?base64?!!!?='],
  ['Base64 of what is no UTF-8', '=?base64?/w==?='],
  ['a lone opening', '=?base64?'],
  ['bytes beyond ASCII', 'caf\u00e9 \u00ff'],
  ['the name of a property', '__proto__'],
  ['ten thousand letters', 'x'.repeat(10_000)],
] as const;

describe('a name header of tasks/get', () => {
  test.each(ODD_NAMES)('that holds %s goes to a server as it is', async (_, name) => {
    const one = await opened.backend();
    const { port } = await opened.gateway([one]);
    const body = modernBody('tasks/get', { taskId: name });
    const got = await send(port, { headers: modernHeaders('tasks/get', name), body });
    expect(got.status).toBe(200);
    expect(one.heard.at(-1)!.headers[HEADER.name]).toBe(name);
  });

  test('that cannot be read is refused by the server, with a JSON-RPC error', async () => {
    const { url } = await opened.gateway([{ url: (await serveFake(settings())).url.href }]);
    const got = await modern(
      { url: new URL(url) },
      {
        method: 'tasks/get',
        params: { taskId: 't1' },
        headers: { [HEADER.name]: '=?base64?!!!?=' },
      },
    );
    expect([got.status, got.json.error?.code]).toEqual([400, CODE.headerMismatch]);
  });
});

test('a reply whose task has a broken name is relayed, and teaches nothing', async () => {
  const broken = '{"jsonrpc":"2.0","id":1,"result":{"taskId":"\\q"}}';
  const one = await opened.backend((heard, response, incoming) => {
    const { name } = (heard.body.params ?? {}) as { name?: string };
    if (name === 'book') response.end(broken);
    else if (name === 'long') reply(response, 1, { taskId: 'long' });
    else ok(heard, response, incoming);
  });
  const { port, served } = await opened.gateway([one]);
  expect((await send(port, call('book'))).text).toBe(broken);
  expect((await send(port, call('long'))).status).toBe(200);
  expect(served.world.tasks.find('long')).toBe(0);
  expect((await send(port, call('search'))).status).toBe(200);
});
