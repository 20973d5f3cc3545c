/**
 * Where an inbound message goes: to the fleet as a request, past it to a given server, or nowhere. Legacy messages of a
 * session go to the server that created it; streams, which have no deadline, to the server with the fewest; `tasks/*` to
 * the server that made the task.
 */
import type { Inbound } from '../mcp/era.ts';
import type { LiveWorld } from './live-world.ts';
import type { Listed } from './roster.ts';
import type { Session } from './session-names.ts';

export type Route =
  | { readonly to: 'fleet' }
  | { readonly to: 'server'; readonly server: Listed; readonly stream: boolean }
  | { readonly to: 'nobody'; readonly because: 'no-server' | 'session-lost' | 'circuit-open' };

export type RouteAside = Exclude<Route, { readonly to: 'fleet' }>;

const FLEET: Route = { to: 'fleet' };

/** Where a POST goes. */
export const routeOf = (
  inbound: Inbound,
  session: Session | undefined,
  world: LiveWorld,
  affinity: 'none' | 'session' | 'key',
): Route => {
  const { era, what, method, name } = inbound;
  if (what === 'request' && method === 'subscriptions/listen' && era === 'modern')
    return orNobody(world.roster.forStream(), true);
  if (what === 'request' && method.startsWith('tasks/') && era === 'modern')
    return toHolder(name ?? '', world);
  const aside = what === 'notification' || what === 'response';
  return aside && inbound.session !== null ? toSession(session, world, affinity, false) : FLEET;
};

/** Where a GET (a stream) or a DELETE of a legacy client goes. */
export const routeBeside = (
  named: string | null,
  session: Session | undefined,
  world: LiveWorld,
  affinity: 'none' | 'session' | 'key',
  stream: boolean,
): RouteAside =>
  named === null
    ? orNobody(world.roster.forStream(), stream)
    : toSession(session, world, affinity, stream);

const toSession = (
  session: Session | undefined,
  { roster }: LiveWorld,
  affinity: 'none' | 'session' | 'key',
  stream: boolean,
): RouteAside => {
  if (affinity === 'none') return orNobody(roster.forStream(), stream);
  const server = session === undefined ? undefined : roster.all[session.server];
  return server === undefined || server.phase === 'gone' || server.upstream === null
    ? { to: 'nobody', because: 'session-lost' }
    : { to: 'server', server, stream };
};

/** No other server knows the task, so an open circuit is a refusal; who holds an unknown one is guessed. */
const toHolder = (task: string, { roster, tasks }: LiveWorld): Route => {
  const server = tasks.find(task);
  const holder = server === undefined ? undefined : roster.all[server];
  if (holder === undefined || holder.phase === 'gone') return orNobody(roster.forKey(task), false);
  return holder.breaker === 'open'
    ? { to: 'nobody', because: 'circuit-open' }
    : { to: 'server', server: holder, stream: false };
};

const orNobody = (server: Listed | undefined, stream: boolean): RouteAside =>
  server === undefined ? { to: 'nobody', because: 'no-server' } : { to: 'server', server, stream };
