/**
 * `replay JOURNAL`: feeds the facts of a recorded run to a fresh fleet and reports the first intention that differs. The
 * same fleet must do the same again; another answer is a bug, or the journal is of another version of the policies.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ScenarioError } from '../core/scenario-error.ts';
import { formatNumber } from '../core/format.ts';
import { Fleet } from '../fleet/fleet.ts';
import { parseHead } from '../live/journal.ts';
import { BadJournal, Replay, type Difference } from '../live/replay.ts';
import { fleetOptions } from '../run.ts';
import { print, warn } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { expectReadable } from './files.ts';

/** Exit code: done when identical, `bug` when not. Throws ScenarioError for a file that is no journal. */
export const replay = async (file: string): Promise<ExitCode> => {
  expectReadable(file);
  let fresh: Replay | null = null;
  let bad: BadJournal | null = null;
  const input = createReadStream(file);
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      // Only the last line may be cut off, where the process died.
      if (bad !== null) throw bad;
      if (fresh === null) {
        fresh = begin(file, line);
        continue;
      }
      const difference = take(fresh, line);
      if (difference instanceof BadJournal) bad = difference;
      else if (difference !== null) return differs(fresh, difference);
    }
  } catch (error) {
    if (!(error instanceof BadJournal)) throw error;
    throw new ScenarioError(error.message, { file, line: error.line });
  } finally {
    input.destroy();
  }
  if (fresh === null) throw new ScenarioError('nothing is in it; allowed: a journal', { file });
  if (!fresh.whole) warn('the journal has no end: its process died, or still runs');
  print(`identical: ${told(fresh)}`);
  return EXIT.done;
};

const begin = (file: string, line: string): Replay => {
  const head = parseHead(line);
  if (head === null) {
    throw new ScenarioError('this is no journal, or one of another version', { file, line: 1 });
  }
  const options = fleetOptions(head.setup, head.inputs, head.seed);
  return new Replay((out) => new Fleet(options, out));
};

const take = (fresh: Replay, line: string): Difference | BadJournal | null => {
  try {
    return fresh.take(line);
  } catch (error) {
    if (error instanceof BadJournal) return error;
    throw error;
  }
};

const differs = (fresh: Replay, { line, recorded, replayed }: Difference): ExitCode => {
  print(`different at line ${line}, after ${told(fresh)}`);
  print(`  recorded: ${recorded ?? 'nothing more'}`);
  print(`  replayed: ${replayed ?? 'nothing more'}`);
  return EXIT.bug;
};

const told = ({ facts, intentions }: Replay): string =>
  `${formatNumber(facts)} facts, ${formatNumber(intentions)} intentions`;
