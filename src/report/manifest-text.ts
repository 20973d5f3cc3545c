/** What was taken from Kubernetes manifests and what had to be assumed, as lines. */
import type { Results } from '../results/results.ts';
import { plain } from './terminal.ts';

type Scenario = Pick<Results['scenario'], 'manifests'>;
type Reading = NonNullable<Scenario['manifests']>[number];
type Remark = Reading['assumed'][number];

/** Empty when the scenario names no manifest. */
export const manifestLines = ({ manifests = [] }: Scenario): readonly string[] =>
  manifests.flatMap(readingLines);

const readingLines = (reading: Reading): readonly string[] => {
  const { files, contender, taken, assumed, overruled, skipped } = reading;
  const whose = contender === null ? '' : ` for "${contender}"`;
  return [
    plain(`From ${files.map(({ file }) => file).join(', ')}${whose}:`),
    ...taken.map(takenLine),
    ...section('Assumed:', assumed),
    ...section('Overruled:', overruled),
    ...section('Not looked at:', skipped),
  ];
};

const takenLine = ({ key, value, from, at }: Reading['taken'][number]): string => {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return `  ${plain(`${key}: ${shown}`)}  <- ${plain(`${from} (${at})`)}`;
};

const section = (title: string, remarks: readonly Remark[]): readonly string[] =>
  remarks.length === 0 ? [] : [title, ...remarks.map(remarkLine)];

const remarkLine = ({ text, at }: Remark): string =>
  `  ${plain(at === undefined ? text : `${text} (${at})`)}`;
