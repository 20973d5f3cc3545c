/**
 * Ctrl-C, and SIGTERM, by which schedulers and CI ask for the same: the first ends the work cleanly, a second ends the
 * process at once. Wrappers such as npm and tsx pass a signal on that the terminal has already sent to everyone, so one key
 * press may arrive several times: what follows within a moment is the same press.
 */
import { tell } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** Within so long after a press it is the same. */
const SAME_PRESS_MS = 300;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
type Signal = (typeof SIGNALS)[number];

export interface Interrupt {
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Both mean what they meant before. */
  ignore(): void;
}

export const listenForInterrupt = (): Interrupt => {
  const controller = new AbortController();
  const ignore = hear((signal) => {
    const again = signal === 'SIGINT' ? 'press Ctrl-C again' : 'send it again';
    tell(`\nstopping; ${again} to end at once`);
    controller.abort();
  });
  return { signal: controller.signal, ignore };
};

/** For a verb that serves: aborted by the first Ctrl-C or SIGTERM, whose name is the reason. */
export const listenForEnd = (): AbortSignal => {
  const controller = new AbortController();
  hear((signal) => controller.abort(signal));
  return controller.signal;
};

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Tells `first` of the first press alone; the next one ends the process. The function returned hears no more. */
const hear = (first: (signal: Signal) => void): (() => void) => {
  let pressedAt: number | null = null;
  return on((signal) => {
    const now = performance.now();
    if (pressedAt === null) {
      pressedAt = now;
      first(signal);
    } else if (now - pressedAt > SAME_PRESS_MS) process.exit(EXIT.interrupted);
  });
};

/**
 * Does the work of a verb that measures and reports. Before its runs and after them nobody listens for Ctrl-C; Node would
 * then end without a word, and leave open whether there is a report.
 */
export const interruptible = async (work: () => Promise<ExitCode>): Promise<ExitCode> => {
  const ignore = on((signal) => {
    if (process.listenerCount(signal) > 1) return;
    tell('\nInterrupted: no report was written.');
    process.exit(EXIT.interrupted);
  });
  try {
    return await work();
  } finally {
    ignore();
  }
};

/** Calls `act` for every press, until the function returned is called. */
const on = (act: (signal: Signal) => void): (() => void) => {
  const ears = SIGNALS.map((signal) => [signal, () => act(signal)] as const);
  for (const [signal, ear] of ears) process.on(signal, ear);
  return () => {
    for (const [signal, ear] of ears) process.off(signal, ear);
  };
};
