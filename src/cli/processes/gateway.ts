/**
 * Entry of the gateway's process in a driven run. Its parent says over IPC what to run and when the load is over, and is
 * told what was seen. It ends, and its servers with it, on SIGTERM and when the parent is gone, however that came about.
 */
import type { FromGateway, ToGateway } from '../../live/gateway/messages.ts';
import type { RunRecord } from '../../results/results.ts';
import { DrivenRun } from '../driven-run.ts';

/** From source the entries are TypeScript, which tsx loads in processes as well; built, they are not. */
const SERVER = new URL(
  `./server${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
);

let run: DrivenRun | null = null;

const hear = async (message: ToGateway): Promise<void> => {
  if (message.kind === 'run') {
    run = new DrivenRun(message, SERVER);
    tell({ kind: 'ready', port: await run.open() });
  } else if (run !== null) tell({ kind: 'record', record: await run.finish() });
};

const tell = (message: FromGateway<RunRecord>): void => {
  // The parent may be gone at any moment; then this process goes as well.
  process.send?.(message, undefined, undefined, () => {});
};

const fail = (error: unknown): void => {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  tell({ kind: 'failed', message, stack });
};

process.on('message', (message) => void hear(message as ToGateway).catch(fail));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
// Ctrl-C in a terminal reaches every process: the parent decides what it means.
process.on('SIGINT', () => {});
