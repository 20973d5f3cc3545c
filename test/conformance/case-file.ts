/**
 * Files of conformance cases, told apart by shape and not by name: either a list of named `groups`, or (the Knative
 * file) one top-level key a group. A group is a name and its cases as they stand; what a case means, the group's rule
 * says. Whatever cannot be read as cases is the user's mistake.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { ScenarioError } from '../../src/core/scenario-error.ts';

export interface CaseGroup {
  /** File without extension, and the group's name in it: `hpa/classifyPod`. */
  readonly name: string;
  readonly cases: readonly unknown[];
}

const GROUPED = z.object({
  groups: z
    .array(
      z.object({
        group: z.string().optional(),
        function: z.string().optional(),
        cases: z.array(z.unknown()),
      }),
    )
    .min(1),
});
const WITH_CASES = z.object({ cases: z.array(z.unknown()) });
const ABOUT = ['title', 'schema', 'validation'];

/** The groups of every JSON file in `folder`. Throws ScenarioError. */
export const readCases = (folder: string): CaseGroup[] => {
  const files = jsonFiles(folder);
  if (files.length === 0) throw new ScenarioError('no JSON file in this folder', { file: folder });
  return files.flatMap((file) => groupsOf(join(folder, file)));
};

const jsonFiles = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .sort();
  } catch (error) {
    throw new ScenarioError(`cannot read this folder: ${String(error)}`, { file: folder });
  }
};

const groupsOf = (file: string): CaseGroup[] => {
  const name = basename(file, '.json');
  const document = parse(file);
  const grouped = GROUPED.safeParse(document);
  const groups = grouped.success
    ? grouped.data.groups.map(({ group, function: of, cases }) => ({
        name: group ?? of ?? 'unnamed',
        cases,
      }))
    : keyedGroups(document);
  if (groups.every(({ cases }) => cases.length === 0))
    throw new ScenarioError('no cases in this file', { file });
  return groups.map(({ name: group, cases }) => ({ name: `${name}/${group}`, cases }));
};

const parse = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ScenarioError(`cannot read this as JSON: ${String(error)}`, { file });
  }
};

/** A key's value is a list of cases, or holds one, or is a single case of many steps. */
const keyedGroups = (document: unknown): CaseGroup[] => {
  const keyed = z.record(z.string(), z.unknown()).safeParse(document);
  if (!keyed.success || 'groups' in keyed.data) return [];
  return Object.entries(keyed.data)
    .filter(([key, value]) => !ABOUT.includes(key) && typeof value === 'object' && value !== null)
    .map(([name, value]) => ({ name, cases: casesIn(value) }));
};

const casesIn = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  const holder = WITH_CASES.safeParse(value);
  return holder.success ? holder.data.cases : [value];
};
