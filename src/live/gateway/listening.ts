/** Opens the door of a server of ours, and stays with it. */
import type { AddressInfo, Server } from 'node:net';
import type { Log } from './log.ts';

const BACKLOG = 1024;

/**
 * Resolves with the port; rejects when the address is taken or not ours. An error that the socket has later (no further
 * file may be opened, say) is logged and costs the connection it is about: heard by nobody it would end the process.
 */
export const listening = (server: Server, host: string, port: number, log: Log): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host.replace(/^\[|\]$/g, ''), BACKLOG, () => {
      const { port: bound } = server.address() as AddressInfo;
      server.off('error', reject);
      server.on('error', ({ message }) =>
        log.error({ port: bound }, `the listening socket: ${message}`),
      );
      resolve(bound);
    });
  });
