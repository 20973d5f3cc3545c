/**
 * The results file as text. A record a line where it fits, lists of numbers on one line: small enough to keep, and two of
 * them can be compared with `diff`. Reading checks that it is ours, whole, and shaped as reports expect.
 */
import { ScenarioError } from '../core/scenario-error.ts';
import { describeValue } from '../core/units.ts';
import { RESULTS_FORMAT, RESULTS_VERSION, type Results } from '../results/results.ts';
import { RESULTS_SHAPE } from './results-shape.ts';

const LINE = 120;

export const resultsText = (results: Results): string => `${write(results, '')}\n`;

/** Throws ScenarioError, its place the file. */
export const parseResults = (file: string, text: string): Results => {
  const refuse = (message: string): never => {
    throw new ScenarioError(message, { file });
  };
  const parsed =
    parseJson(text) ??
    refuse('this is not JSON, or not all of it; allowed: a results file of windtunnel');
  const { format, version } = asRecord(parsed);
  if (format !== RESULTS_FORMAT) {
    refuse(
      `not a results file of windtunnel: its format is ${describeValue(format)}; allowed: ${RESULTS_FORMAT}`,
    );
  }
  if (version !== RESULTS_VERSION) {
    refuse(
      `a results file of version ${describeValue(version)}; this windtunnel reads version ${RESULTS_VERSION}`,
    );
  }
  const checked = RESULTS_SHAPE.safeParse(parsed);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    refuse(
      `a damaged results file: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`,
    );
  }
  // The schema names what reports rely on; the rest is as `sim` wrote it.
  return parsed as Results;
};

/** Undefined when it is no JSON. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const write = (value: unknown, indent: string): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent} `;
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return JSON.stringify(value);
    return `[\n${value.map((item) => deeper + write(item, deeper)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  const isRecord = entries.every(([, part]) => isPlain(part));
  const line = isRecord ? JSON.stringify(value) : '';
  if (isRecord && line.length + indent.length <= LINE) return line;
  const lines = entries.map(
    ([key, part]) => `${deeper}${JSON.stringify(key)}: ${write(part, deeper)}`,
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
};

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;
