/** What was taken from Kubernetes manifests and what had to be assumed, as lines to print. */
import type { ManifestReading, Remark, Taken } from '../scenario/kubernetes/reading.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { plain } from '../report/terminal.ts';
import { tell } from './console.ts';

/** On stderr, as everything about the work. */
export const tellManifests = (scenario: Scenario): void => manifestLines(scenario).forEach(tell);

export const manifestLines = ({ manifests = [] }: Scenario): readonly string[] =>
  manifests.flatMap(readingLines);

const readingLines = (reading: ManifestReading): readonly string[] => {
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

const takenLine = ({ key, value, from, at }: Taken): string => {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return `  ${plain(`${key}: ${shown}`)}  <- ${plain(`${from} (${at})`)}`;
};

const remarkLine = ({ text, at }: Remark): string =>
  `  ${plain(at === undefined ? text : `${text} (${at})`)}`;

const section = (title: string, remarks: readonly Remark[]): readonly string[] =>
  remarks.length === 0 ? [] : [title, ...remarks.map(remarkLine)];
