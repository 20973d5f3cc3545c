#!/usr/bin/env node
/**
 * The command line: which verbs there are and what they take. Each verb is a function from file and options to an exit
 * code; mistakes of the user's are told without a stack, anything unforeseen is a bug and says so.
 */
import { CommanderError } from 'commander';
import { formatMistake, ScenarioError } from '../core/scenario-error.ts';
import { tell, tolerateClosedPipes } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { makeProgram } from './program.ts';

const main = async (argv: readonly string[]): Promise<ExitCode> => {
  let code: ExitCode = EXIT.done;
  try {
    await makeProgram((result) => (code = result)).parseAsync(argv);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.mistake;
    if (error instanceof ScenarioError) {
      tell(error.mistakes.map(formatMistake).join('\n'));
      return EXIT.mistake;
    }
    tell('This is a bug in windtunnel; please report it with the command you typed.\n');
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return EXIT.bug;
  }
};

tolerateClosedPipes();
process.exitCode = await main(process.argv);
