/**
 * The brief scope of `npm run theory` as part of the tests: one claim for each reference. What that scope leaves out, and
 * what the simulator does not model, is skipped with its reason in the name; `npm run theory` runs more, and CI with it.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { openLaboratory } from './laboratory.ts';
import { describeParams, readReferences, referencesFile } from './references.ts';
import { holds, tryEntry, BRIEF, type Case } from './suite.ts';
import { familyTable } from './table.ts';

const MINUTES = 60_000;

const file = referencesFile();
const entries = readReferences(file);
/** One thread: other tests run beside this one. */
const laboratory = openLaboratory(1);
afterAll(() => laboratory.close());

describe.concurrent('the simulator agrees with queueing theory', () => {
  entries.forEach((entry, index) => {
    it(
      `${entry.name}: ${describeParams(entry)}`,
      async (context) => {
        const tried = await tryEntry(laboratory, file, entries, index, BRIEF);
        if (tried.reason !== null) context.skip(`${tried.outcome}: ${tried.reason}`);
        expect(disagreements(tried), familyTable([tried])).toEqual([]);
      },
      20 * MINUTES,
    );
  });
});

const disagreements = ({ validations }: Case): string[] =>
  validations
    .filter((validation) => validation.leftOut === null && !holds(validation))
    .map(({ experiment }) => `${experiment.label} disagrees`);
