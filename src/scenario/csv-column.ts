/**
 * One column of a CSV (RFC 4180 quoting, fields on one line) or of a text with one value a line, with the line each
 * value came from. A first line whose value does not even look like a number or a date is a header: a first value that is
 * mistyped must be told, and not be taken for a name.
 */
import { ScenarioError, type Place } from '../core/scenario-error.ts';
import { unknownName } from './suggest.ts';
import { looksLikeDate } from './timestamp.ts';

export interface Cell {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/**
 * The cells of a column, given by its header name or its number from 1. Throws ScenarioError for a column that is not
 * there (at `wish`, where the scenario asks for it) and for lines that are too short.
 */
export const readColumn = (
  file: string,
  text: string,
  column: string | number | undefined,
  wish: Place,
): readonly Cell[] => {
  const rows = rowsOf(text);
  const [first] = rows;
  if (first === undefined) throw new ScenarioError('the file has no values', { file, line: 1 });
  const index = typeof column === 'string' ? columnNamed(column, first, wish) : (column ?? 1) - 1;
  const header = typeof column === 'string' || !looksLikeValue(first.fields[index] ?? '');
  if (index >= first.fields.length) {
    const message = `column ${index + 1} of ${file}; allowed: 1 to ${first.fields.length}`;
    throw new ScenarioError(message, wish);
  }
  const cells = rows.slice(header ? 1 : 0).map(({ fields, line }) => {
    const cell = fields[index];
    if (cell === undefined) {
      throw new ScenarioError(`no column ${index + 1} in this line`, { file, line });
    }
    return { text: cell.trim(), line };
  });
  // A lone line that is no value is a mistyped value rather than a header of nothing.
  if (cells.length === 0) throw new ScenarioError('the file has no values', { file, line: 1 });
  return cells;
};

interface Row {
  readonly fields: readonly string[];
  readonly line: number;
}

const rowsOf = (text: string): readonly Row[] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((row, index) =>
      row.trim() === '' ? [] : [{ fields: fieldsOf(row), line: index + 1 }],
    );

const fieldsOf = (row: string): readonly string[] => {
  if (!row.includes('"')) return row.split(',');
  const fields = row.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?=,|$)/g);
  return [...fields].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '');
};

const columnNamed = (name: string, header: Row, wish: Place): number => {
  const names = header.fields.map((field) => field.trim());
  const index = names.indexOf(name);
  if (index < 0) throw new ScenarioError(unknownName('column', name, names), wish);
  return index;
};

/** Digits with what stands in numbers, dates and times, `1e400` and `-inf` too; `2xx` is a name. */
const looksLikeValue = (field: string): boolean => {
  const text = field.trim();
  return (
    /^[-+]?\.?\d[\d\s.:/'_+-]*(?:e[-+]?\d*)?$/i.test(text) ||
    /^(?:nan|[-+]?inf(?:inity)?)$/i.test(text) ||
    (text !== '' && Number.isFinite(Number(text))) ||
    looksLikeDate(text)
  );
};
