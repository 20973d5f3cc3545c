/**
 * `npm run conformance`: the policies against the cases in test/fixtures/cases, or in the folder that WINDTUNNEL_CASES
 * names (same schema, other rows). Exits with 1 when a case fails.
 */
import { fileURLToPath } from 'node:url';
import { readCases } from './cases.ts';
import { linesOf, outcomeOf } from './conformance.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/cases', import.meta.url));

const outcomes = readCases(process.env.WINDTUNNEL_CASES ?? FIXTURES).map(outcomeOf);
console.log(linesOf(outcomes).join('\n'));
if (outcomes.length === 0 || outcomes.some(({ kind }) => kind === 'failed')) process.exitCode = 1;
