/**
 * `server`: one fake MCP server by itself, until it is told to end. The first Ctrl-C or SIGTERM lets it finish the work
 * it has, for a while; a second ends it at once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ScenarioError } from '../core/scenario-error.ts';
import { startClock } from '../live/clock.ts';
import { FakeMcpServer } from '../live/fake/fake-mcp-server.ts';
import { isLoopbackName } from '../live/mcp/guard.ts';
import { tell, warn } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { serverPlan, type ServerOptions } from './server-settings.ts';

/** For the work it has when it is told to end. */
const DRAIN_MS = 10_000;
const SAME_PRESS_MS = 300;

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
  const bound = await listen(server, port, host);
  if (!isLoopbackName(host)) warn(`${host} is reachable from beyond this machine`);
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  tell(`MCP at ${origin}/mcp, health at ${origin}/health; Ctrl-C ends it`);
  await aborted(told);
  tell('finishing what is in flight; once more ends it at once');
  await server.close(DRAIN_MS);
  return EXIT.done;
};

/** Aborted by the first signal. A key press may arrive several times, through npm and tsx: it still is one. */
const listenForEnd = (): AbortSignal => {
  const controller = new AbortController();
  let toldAt = 0;
  const end = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - toldAt > SAME_PRESS_MS) process.exit(EXIT.interrupted);
      return;
    }
    toldAt = performance.now();
    controller.abort();
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  return controller.signal;
};

const listen = async (server: FakeMcpServer, port: number, host: string): Promise<number> => {
  try {
    return await server.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = WHY[code ?? ''];
    if (why === undefined) throw error;
    throw new ScenarioError(`cannot listen on ${host}, port ${port}: ${why}`, {
      file: `--port ${port} --host ${host}`,
    });
  }
};

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'not allowed to this user',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
