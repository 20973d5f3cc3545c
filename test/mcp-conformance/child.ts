/** Child processes of the run: how they end, whatever happens, and how we hear that they are ready. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** From SIGTERM to SIGKILL. */
const GRACE_MS = 5000;

/** Ends `child`, nicely first. Resolves when it is gone. */
export const endChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(timer);
};

/** Rejects when `child` ends, with what it said last. */
export const untilDeath = async (name: string, child: ChildProcess): Promise<never> => {
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  throw new Error(`the ${name} ended (${signal ?? code}) ${lastWords}`.trim());
};
