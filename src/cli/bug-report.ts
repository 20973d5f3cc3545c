/** What a person sees when an invariant breaks or a run crashes: whose fault it is, where, and how to make it happen again. */
import type { Scenario } from '../scenario/scenario.ts';
import { runCommand, type Reproducible } from './command-line.ts';
import type { Breach } from './simulate.ts';

export const bugReport = (
  scenario: Scenario,
  file: string,
  options: Reproducible,
  { contender, seed, event, message, stack }: Breach,
): string => {
  const name = scenario.contenders[contender]?.name ?? '';
  return [
    'This is a bug in windtunnel, not a mistake in your scenario.',
    '',
    `  ${message.split('\n')[0] ?? ''}`,
    `  scenario ${scenario.name}, contender "${name}", seed ${seed}, event ${event}`,
    '',
    'This reproduces it; please report it with the scenario:',
    '',
    `  ${runCommand(file, options, name, seed)}`,
    '',
    ...stack.split('\n').filter((line) => /^\s+at /.test(line)),
  ].join('\n');
};
