/** Entry of the driver's process. It ends with its parent: when the channel to it closes, or at SIGTERM. */
import { drive } from '../../live/driver/drive.ts';
import type { FromDriver, ToDriver } from '../../live/driver/messages.ts';

const tell = (message: FromDriver): void => void process.send?.(message);

process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
process.on('message', (message: ToDriver) => void drive(message.options, tell));
tell({ kind: 'ready' });
