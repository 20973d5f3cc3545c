/**
 * `npm run conformance`: the cases that other implementations' tests and specifications give, put to our modules.
 * Cases are read from test/fixtures/cases, or from the folder that WINDTUNNEL_CASES names. Exits with 1 when a case
 * fails, with 2 when there are no readable cases.
 */
import { fileURLToPath } from 'node:url';
import { ScenarioError } from '../../src/core/scenario-error.ts';
import { conform, conformanceLines } from './conform.ts';

const OWN_CASES = fileURLToPath(new URL('../fixtures/cases', import.meta.url));

const main = (): number => {
  try {
    const found = conform(process.env['WINDTUNNEL_CASES'] ?? OWN_CASES);
    for (const line of conformanceLines(found)) console.log(line);
    return found.failed > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    console.error(`${error.place?.file ?? ''}  ${error.message}`);
    return 2;
  }
};

process.exitCode = main();
