/**
 * `server`: one fake MCP server by itself, until it is told to end. The first Ctrl-C or SIGTERM lets it finish the work
 * it has, for a while; a second ends it at once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { startClock } from '../live/clock.ts';
import { FakeMcpServer } from '../live/fake/fake-mcp-server.ts';
import { isLoopbackName } from '../live/mcp/guard.ts';
import { tell, warn } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { aborted, listenForEnd } from './interrupt.ts';
import { listening } from './listening.ts';
import { serverPlan, type ServerOptions } from './server-settings.ts';

/** For the work it has when it is told to end. */
const DRAIN_MS = 10_000;

/** Throws ScenarioError for bad options, and for an address that cannot be listened on. */
export const serve = async (options: ServerOptions): Promise<ExitCode> => {
  const { settings, port, startup, faults } = serverPlan(options);
  const { host } = options;
  const told = listenForEnd();
  await pause(startup, undefined, { signal: told }).catch(() => {});
  if (told.aborted) return EXIT.done;
  const server = new FakeMcpServer(settings, startClock(), {
    hosts: [host],
    addresses: !isLoopbackName(host),
    leakedOut: () => process.exit(EXIT.bug),
  });
  faults.forEach((effect, fault) => server.setFault(fault, true, effect, false));
  const bound = await listening(
    () => server.listen(port, host),
    { host, port },
    { file: `--port ${port} --host ${host}` },
  );
  if (!isLoopbackName(host)) warn(`${host} is reachable from beyond this machine`);
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  tell(`MCP at ${origin}/mcp, health at ${origin}/health; Ctrl-C ends it`);
  await aborted(told);
  tell('finishing what is in flight; once more ends it at once');
  await server.close(DRAIN_MS);
  return EXIT.done;
};
