/** The simulated twin of a live experiment: the same scenario and seeds, hence the same demand request by request. */
import type { Results } from '../results/results.ts';
import { summarise, type RunsToSummarise } from '../results/summarise.ts';
import type { Inputs } from '../scenario/scenario.ts';
import { tell } from './console.ts';
import { execute } from './execute.ts';

/** What it shares with the live experiment. */
type Shared = Omit<RunsToSummarise, 'records' | 'complete' | 'mode' | 'lags' | 'twin'>;

/** Null when it was interrupted. Throws when a bug of ours ended it. */
export const simulatedTwin = async (inputs: Inputs, shared: Shared): Promise<Results | null> => {
  const { scenario } = shared;
  tell('and the same in the simulator:');
  const { runs } = await execute({ scenario, inputs, independent: false, workers: null });
  if (runs.breach !== null) throw new Error(`the simulated twin: ${runs.breach.message}`);
  if (!runs.complete) return null;
  return summarise({ ...shared, mode: 'sim', records: runs.records, complete: true });
};
