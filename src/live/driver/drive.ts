/** The driver's process: told once what to drive, it tells samples in batches, and at last that it is done. */
import { startClock } from '../clock.ts';
import { Client } from './client.ts';
import type { DriverOptions, FromDriver } from './messages.ts';
import { OpenLoop } from './open-loop.ts';
import type { Sample } from './samples.ts';

/** Few messages, as each takes time from the sending of requests; and not so few that progress stands still. */
const BATCH_EVERY_MS = 500;

export const drive = async (
  { url, epoch, ...options }: DriverOptions,
  tell: (message: FromDriver) => void,
): Promise<void> => {
  let batch: Sample[] = [];
  const flush = (): void => {
    if (batch.length > 0) tell({ kind: 'samples', samples: batch });
    batch = [];
  };
  const client = new Client(new URL(url), options.traffic, options.seed);
  const loop = new OpenLoop({
    ...options,
    client,
    clock: startClock(epoch),
    report: (sample) => void batch.push(sample),
  });
  const timer = setInterval(flush, BATCH_EVERY_MS);
  await loop.run();
  clearInterval(timer);
  flush();
  tell({ kind: 'done', sessions: loop.sessions });
};
