/**
 * The clients of a soak, in endless loops until they are told to stop: some call and read, some open sessions and
 * forget to end them, some go away in the middle, some hold streams. What a client gets is counted and not judged, but for
 * answers that are somebody else's.
 */
import { request, Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  HEADER,
  META_CAPABILITIES,
  META_VERSION,
  MODERN_VERSION,
} from '../../src/live/mcp/names.ts';
import { legacyPost, modernHeaders, type Sent } from '../live/gateway-rig.ts';

export interface Counts {
  good: number;
  bad: number;
  /** Answers with another request's id: must never be. */
  mixedUp: number;
}

interface Reply {
  readonly status: number;
  readonly session: string | undefined;
  readonly text: string;
}

/** How many of each kind there are. */
const CROWD = { callers: 12, sessions: 6, quitters: 4, listeners: 6 };
const STREAM_MS = 3000;
const QUIT_MS = 15;
const LARGE = 'x'.repeat(300_000);

export const crowd = (port: number, counts: Counts, signal: AbortSignal): Promise<unknown> => {
  const agent = new Agent({ keepAlive: true });
  const loops = [
    ...times(CROWD.callers, (k) => () => callOnce(port, agent, counts, k)),
    ...times(CROWD.sessions, (k) => () => sessionOnce(port, agent, counts, k)),
    ...times(CROWD.quitters, () => () => quitOnce(port)),
    ...times(CROWD.listeners, () => () => listenOnce(port, signal)),
  ];
  const untilStopped = async (act: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) await act().catch(() => void counts.bad++);
  };
  return Promise.all(loops.map(untilStopped)).finally(() => agent.destroy());
};

const times = <T>(count: number, make: (k: number) => T): T[] =>
  Array.from({ length: count }, (_, k) => make(k));

let ids = 0;

/** Now and then with a large argument, which the fake server says back. */
const callOnce = async (port: number, agent: Agent, counts: Counts, k: number): Promise<void> => {
  const id = ++ids;
  const text = id % 50 === 0 ? LARGE : `for ${id}`;
  const body = modernBody('tools/call', { name: 'call', arguments: { text } }, id);
  const reply = await exchange(port, agent, { headers: modernHeaders('tools/call', 'call'), body });
  tally(reply, id, text, counts);
  await pause(k);
};

const modernBody = (method: string, params: object, id = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: META } });

const META = { [META_VERSION]: MODERN_VERSION, [META_CAPABILITIES]: {} };

const tally = ({ status, text }: Reply, id: number, said: string, counts: Counts): void => {
  if (status !== 200) counts.bad++;
  else if (text.includes(`"id":${id},`) && text.includes(said)) counts.good++;
  else counts.mixedUp++;
};

const sessionOnce = async (
  port: number,
  agent: Agent,
  counts: Counts,
  k: number,
): Promise<void> => {
  const { session } = await exchange(port, agent, withVersion(legacyPost('initialize')));
  if (session === undefined) {
    counts.bad++;
    return;
  }
  for (let call = 0; call < 4; call++) {
    const { status } = await exchange(port, agent, legacyPost('ping', session));
    if (status === 200) counts.good++;
    else counts.bad++;
    await pause(20);
  }
  // As in the wild: many never say goodbye.
  if (k % 2 === 0)
    await exchange(port, agent, { method: 'DELETE', headers: { [HEADER.session]: session } });
};

const withVersion = (sent: Sent): Sent => {
  const message = JSON.parse(sent.body!) as { params: object };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT };
  return { ...sent, body: JSON.stringify({ ...message, params }) };
};

const CLIENT = { name: 'soak', version: '1' };

const quitOnce = async (port: number): Promise<void> => {
  const headers = modernHeaders('tools/call', 'call');
  const body = modernBody('tools/call', { name: 'call', arguments: {} });
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/mcp', headers });
  outgoing.on('error', () => {}).on('response', (response) => response.on('error', () => {}));
  outgoing.setHeader('content-type', 'application/json');
  outgoing.end(body);
  await pause(QUIT_MS * Math.random());
  outgoing.destroy();
};

const listenOnce = async (port: number, signal: AbortSignal): Promise<void> => {
  const headers = {
    ...modernHeaders('subscriptions/listen'),
    'content-type': 'application/json',
  };
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/mcp', headers });
  outgoing.on('error', () => {});
  outgoing.on('response', (response) => response.resume().on('error', () => {}));
  outgoing.end(modernBody('subscriptions/listen', { notifications: { toolsListChanged: true } }));
  await pause(STREAM_MS * Math.random(), undefined, { signal }).catch(() => {});
  outgoing.destroy();
};

const exchange = (
  port: number,
  agent: Agent,
  { method = 'POST', headers = {}, body }: Sent,
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', ...headers };
    const outgoing = request(
      { host: '127.0.0.1', port, agent, method, path: '/mcp', headers: all },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          const session = response.headers[HEADER.session];
          resolve({
            status: response.statusCode ?? 0,
            session: typeof session === 'string' ? session : undefined,
            text,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
