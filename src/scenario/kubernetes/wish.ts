/** How a scenario names its manifests: a file, several, or files and the name of the workload among them. */
import { z } from 'zod';
import { ScenarioError, type Place } from '../../core/scenario-error.ts';
import { gotButAllowed } from '../../core/units.ts';
import { check } from '../explain.ts';
import { placeOf, toPlain, type Tree } from '../tree.ts';

const zFiles = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
  error: (issue) => gotButAllowed(issue.input, 'a file, or a list of files'),
});

/** What may stand under `servers.kubernetes`. */
export const zKubernetes = z.union([
  zFiles,
  z.strictObject({
    file: zFiles.describe('manifests; relative to the scenario'),
    name: z.string().optional().describe('of the workload, where there are several'),
  }),
]);

/** A workload by its name, and where that was said. */
export interface NamedWorkload {
  readonly name: string;
  readonly place: Place;
}

export interface ManifestWish {
  readonly files: readonly string[];
  /** Null: there is only one. */
  readonly workload: NamedWorkload | null;
}

/** Throws ScenarioError. */
export const wishOf = (wish: Tree): ManifestWish => {
  const checked = check(zKubernetes, toPlain(wish));
  if (!checked.ok) {
    throw ScenarioError.of(
      checked.findings.map(({ path, message, what }) => ({
        message: `servers.kubernetes: ${message}`,
        place: placeOf(wish, path, what),
      })),
    );
  }
  const { value } = checked;
  const isLong = typeof value === 'object' && 'file' in value;
  const files = isLong ? value.file : value;
  const name = isLong ? value.name : undefined;
  return {
    files: typeof files === 'string' ? [files] : files,
    workload: name === undefined ? null : { name, place: placeOf(wish, ['name']) },
  };
};
