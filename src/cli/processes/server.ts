/**
 * Entry of a fake server's process. Its parent says over IPC what it is to be and what goes wrong with it; there is no
 * other way to control it. It ends at once on SIGTERM, and when the parent is gone, however that came about.
 */
import { invariant } from '../../core/invariant.ts';
import { startClock } from '../../live/clock.ts';
import { FakeMcpServer } from '../../live/fake/fake-mcp-server.ts';
import type { FakeProcessOptions, FromServer, ToServer } from '../../live/fake/messages.ts';

/** What a process exits with whose memory a leak has eaten. */
const LEAKED_OUT = 1;

let server: FakeMcpServer | null = null;

const hear = async (message: ToServer): Promise<void> => {
  switch (message.kind) {
    case 'configure':
      await configure(message.options);
      break;
    case 'fault':
      running().setFault(message.fault, message.on, message.effect, message.healthOk);
      break;
    case 'tally':
      tell({ kind: 'tally', ...running().tally() });
      break;
  }
};

const configure = async (options: FakeProcessOptions): Promise<void> => {
  invariant(server === null, 'server process: configured twice');
  const leakedOut = (): void => process.exit(LEAKED_OUT);
  server = new FakeMcpServer(options, startClock(options.epoch), { leakedOut });
  tell({ kind: 'listening', port: await server.listen(options.port) });
};

const running = (): FakeMcpServer => {
  invariant(server !== null, 'server process: not yet configured');
  return server;
};

const tell = (message: FromServer): void => {
  // The parent may be gone at any moment; then this process goes as well.
  process.send?.(message, undefined, undefined, () => {});
};

process.on('message', (message) => void hear(message as ToServer));
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
// Ctrl-C in a terminal reaches every process: the parent decides what it means.
process.on('SIGINT', () => {});
