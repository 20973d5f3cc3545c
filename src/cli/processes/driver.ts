/** Entry of the driver's process. It ends with its parent: when the channel to it closes, or at SIGTERM. */
import { drive } from '../../live/driver/drive.ts';
import type { FromDriver, ToDriver } from '../../live/driver/messages.ts';

const tell = (message: FromDriver): void => {
  // The parent may be gone at any moment; then this process goes as well.
  process.send?.(message, undefined, undefined, () => {});
};

process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
// Ctrl-C in a terminal reaches every process: the parent decides what it means.
process.on('SIGINT', () => {});
process.on('message', (message: ToDriver) => void drive(message.options, tell));
tell({ kind: 'ready' });
