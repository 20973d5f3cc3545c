/** Where replications are computed: on threads, as many as there are processors, unless told otherwise. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { Figures } from './figures.ts';
import type { Replication } from './replicate.ts';

export interface Laboratory {
  run(replication: Replication): Promise<Figures>;
  close(): Promise<void>;
}

export const openLaboratory = (threads = availableParallelism()): Laboratory => {
  const pool = new Piscina<Replication, Figures>({
    filename: new URL('./replicate.ts', import.meta.url).href,
    // Under vitest the process itself runs without tsx.
    execArgv: ['--import', 'tsx'],
    minThreads: threads,
    maxThreads: threads,
  });
  return { run: (replication) => pool.run(replication), close: () => pool.destroy() };
};
