/**
 * `npm run theory`: the simulator, with the real fleet and balancers, against queueing theory. Prints a table per family
 * and exits 1 if anything disagrees. `--all` takes loads above 0.8 as well; `--only REGEX` the families whose name
 * matches; `--brief` those that cost little, as `npm test` does; `--docs` writes what it found into docs/validation.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inDocument } from './document.ts';
import { openLaboratory, type Laboratory } from './laboratory.ts';
import { readReferences, referencesFile, type Entry } from './references.ts';
import { ALL, BRIEF, tryEntry, USUAL, type Case, type Scope } from './suite.ts';
import { familyTable, omissions } from './table.ts';
import { turns } from './turns.ts';
import { tally } from './wording.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/validation.md', import.meta.url));
/** Entries under way at a time: enough to keep every thread busy, few enough to see families end one by one. */
const AT_ONCE = 4;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      all: { type: 'boolean', default: false },
      brief: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  const scope = values.all ? ALL : values.brief ? BRIEF : USUAL;
  const file = referencesFile();
  const entries = readReferences(file);
  const wanted = [...entries.keys()].filter((k) => new RegExp(values.only).test(entries[k]!.name));
  const laboratory = openLaboratory();
  const startedAt = performance.now();
  try {
    const cases = await tryAll(laboratory, file, entries, wanted, scope);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    if (values.docs) writeFileSync(DOCUMENT, inDocument(existing(DOCUMENT), cases, scope));
    const left = omissions(cases);
    if (left !== '') print(`Not tried\n${left}\n`);
    print(`${seconds} s${values.docs ? `, written to ${DOCUMENT}` : ''}`);
    print(tally(cases));
    return cases.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
  } finally {
    await laboratory.close();
  }
};

/** Tries entries a few at a time, and prints each family when its last entry is done. */
const tryAll = async (
  laboratory: Laboratory,
  file: string,
  entries: readonly Entry[],
  wanted: readonly number[],
  scope: Scope,
): Promise<readonly Case[]> => {
  const turn = turns(AT_ONCE);
  const families = byFamily(entries, wanted).map((family) =>
    Promise.all(
      family.map((index) => turn(() => tryEntry(laboratory, file, entries, index, scope))),
    ),
  );
  const all = Promise.all(families);
  const printing = (async () => {
    for (const family of families) {
      const table = familyTable(await family);
      if (table !== '') print(table);
    }
  })();
  const [cases] = await Promise.all([all, printing]);
  return cases.flat();
};

/** Indices of the wanted entries, family by family in the order of their first entry. */
const byFamily = (entries: readonly Entry[], wanted: readonly number[]): number[][] => {
  const names = [...new Set(wanted.map((index) => entries[index]!.name))];
  return names.map((name) => wanted.filter((index) => entries[index]!.name === name));
};

const existing = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

process.exitCode = await main();
