/**
 * The conformance cases: facts about how other products decide, as JSON that anyone may replace (same schema, other
 * rows). The files nest groups differently; here every case comes out with the name of its group.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

export interface ConformanceCase {
  /** The file without its extension. */
  readonly file: string;
  readonly group: string;
  readonly id: string;
  readonly row: Readonly<Record<string, unknown>>;
}

const row = z.record(z.string(), z.unknown());
const group = z.looseObject({
  group: z.string().optional(),
  function: z.string().optional(),
  cases: z.array(row),
});
/** What a file says of itself. */
const HEAD = ['title', 'schema', 'validation'];
const file = z.looseObject({ groups: z.array(group).optional(), cases: z.array(row).optional() });

/** All cases of all JSON files in `folder`, in the order of the files' names. */
export const readCases = (folder: string): ConformanceCase[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => casesOf(join(folder, name)));

const casesOf = (path: string): ConformanceCase[] => {
  const name = basename(path, '.json');
  const { groups = [], cases = [], ...rest } = file.parse(JSON.parse(readFileSync(path, 'utf8')));
  const named = (of: string, rows: readonly z.output<typeof row>[]) =>
    rows.map((facts, k) => ({ file: name, group: of, id: idOf(facts, k), row: facts }));
  return [
    ...groups.flatMap((one) => named(one.group ?? one.function ?? 'unnamed', one.cases)),
    ...named('cases', cases),
    ...Object.entries(rest)
      .filter(([key]) => !HEAD.includes(key))
      .flatMap(([key, value]) => named(key, topLevelRows(value))),
  ];
};

/** Further groups stand at the top of a file: with `cases`, with `steps` as one case, or as one record. */
const topLevelRows = (value: unknown): z.output<typeof row>[] => {
  const parsed = row.safeParse(value);
  if (!parsed.success) return [];
  const { cases } = parsed.data;
  if (Array.isArray(cases)) return z.array(row).parse(cases);
  return 'steps' in parsed.data || 'record' in parsed.data ? [parsed.data] : [];
};

const idOf = ({ id }: z.output<typeof row>, k: number): string =>
  typeof id === 'string' ? id : `${k + 1}`;
