/**
 * `npm run theory`: the simulator, with the real fleet and balancers, against queueing theory. Prints a table per family
 * and exits 1 if anything disagrees. `--all` takes loads above 0.8 as well; `--only REGEX` the families whose name
 * matches; `--docs` writes what it found into docs/validation.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inDocument } from './document.ts';
import { openLaboratory, type Laboratory } from './laboratory.ts';
import { readReferences, referencesFile, type Entry } from './references.ts';
import { ALL, tryEntry, USUAL, type Case, type Scope } from './suite.ts';
import { familyTable, omissions } from './table.ts';
import { tally } from './wording.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/validation.md', import.meta.url));
/** Entries under way at a time: enough to keep every thread busy, few enough to see families end one by one. */
const AT_ONCE = 4;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      all: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  const scope = values.all ? ALL : USUAL;
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

/** Tries entries a few at a time, in order, and prints each family as soon as its last entry is done. */
const tryAll = async (
  laboratory: Laboratory,
  file: string,
  entries: readonly Entry[],
  wanted: readonly number[],
  scope: Scope,
): Promise<readonly Case[]> => {
  const order = familyByFamily(entries, wanted);
  const cases: Case[] = [];
  let next = 0;
  let printed = 0;
  const work = async (): Promise<void> => {
    while (next < order.length) {
      const place = next++;
      cases[place] = await tryEntry(laboratory, file, entries, order[place]!, scope);
      for (let end = endOfFamily(order, entries, printed); ;) {
        const family = cases.slice(printed, end);
        if (end === printed || family.length < end - printed || family.includes(undefined!)) break;
        const table = familyTable(family);
        if (table !== '') print(table);
        printed = end;
        end = endOfFamily(order, entries, printed);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return cases;
};

/** Families in the order of their first entry, each together. */
const familyByFamily = (entries: readonly Entry[], wanted: readonly number[]): number[] => {
  const names = [...new Set(wanted.map((k) => entries[k]!.name))];
  return names.flatMap((name) => wanted.filter((k) => entries[k]!.name === name));
};

/** Where the family that begins at `from` ends. */
const endOfFamily = (order: readonly number[], entries: readonly Entry[], from: number): number => {
  let end = from;
  while (end < order.length && entries[order[end]!]!.name === entries[order[from]!]!.name) end++;
  return end;
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
