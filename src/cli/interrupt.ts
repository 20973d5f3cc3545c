/**
 * Ctrl-C: the first ends the work cleanly, a second ends the process at once. Wrappers such as npm and tsx pass a signal on
 * that the terminal has already sent to everyone, so one key press may arrive several times: what follows within a moment
 * is the same press.
 */
import { tell } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';

const SAME_PRESS_MS = 300;

export interface Interrupt {
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Ctrl-C means what it meant before. */
  ignore(): void;
}

export const listenForInterrupt = (): Interrupt => {
  const controller = new AbortController();
  let pressedAt = 0;
  const onPress = (): void => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      pressedAt = now;
      tell('\nstopping; press Ctrl-C again to end at once');
      controller.abort();
    } else if (now - pressedAt > SAME_PRESS_MS) process.exit(EXIT.interrupted);
  };
  process.on('SIGINT', onPress);
  return {
    signal: controller.signal,
    ignore: () => void process.off('SIGINT', onPress),
  };
};

/**
 * Does the work of a verb that measures and reports. Before its runs and after them nobody listens for Ctrl-C; Node would
 * then end without a word, and leave open whether there is a report.
 */
export const interruptible = async (work: () => Promise<ExitCode>): Promise<ExitCode> => {
  const onPress = (): void => {
    if (process.listenerCount('SIGINT') > 1) return;
    tell('\nInterrupted: no report was written.');
    process.exit(EXIT.interrupted);
  };
  process.on('SIGINT', onPress);
  try {
    return await work();
  } finally {
    process.off('SIGINT', onPress);
  }
};
