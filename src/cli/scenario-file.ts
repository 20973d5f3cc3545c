/** A scenario from disk, with what the command line changes of it. */
import { loadScenario, type Loaded } from '../scenario/load.ts';
import { withoutMachine } from './command-line.ts';
import { tell } from './console.ts';
import { readText, sizeOf } from './files.ts';
import type { ScenarioOptions } from './scenario-options.ts';

export type { ScenarioOptions } from './scenario-options.ts';

/** Reading more than this takes a moment that a person should understand. */
const LARGE_BYTES = 20e6;

export interface FromDisk extends Loaded {
  readonly source: { readonly file: string; readonly text: string };
}

/** Throws ScenarioError with all mistakes found. */
export const scenarioFromDisk = (file: string, options: ScenarioOptions): FromDisk => {
  const text = readText(file);
  const { set = [], only = [], seeds, quick, kubernetes = [], workload } = options;
  const loaded = loadScenario({
    file,
    text,
    readFile,
    set,
    only,
    kubernetes: kubernetes.map((manifest) => ({
      file: withoutMachine(manifest),
      text: readText(manifest),
    })),
    ...(workload === undefined ? {} : { workload }),
    ...(seeds === undefined ? {} : { seeds }),
    ...(quick === undefined ? {} : { quick }),
  });
  return { ...loaded, source: { file, text } };
};

const readFile = (path: string): string => {
  const bytes = sizeOf(path);
  if (bytes > LARGE_BYTES) tell(`reading ${path}, ${Math.round(bytes / 1e6)} MB`);
  return readText(path);
};
