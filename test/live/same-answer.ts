/**
 * Runs the scenarios beside this file live and simulated, prints how well they agree, and exits with 1 when they do not.
 * `--docs` writes the table into docs/validation.md; `--seeds 1` and `--set path=value` as everywhere; other words are
 * names of scenarios, to run only those.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { executeLive } from '../../src/cli/live-execute.ts';
import { scenarioFromDisk } from '../../src/cli/scenario-file.ts';
import { simulatedTwin } from '../../src/cli/twin.ts';
import { summarise } from '../../src/results/summarise.ts';
import { scenarioHash } from '../../src/scenario/hash.ts';
import { policiesAsWritten } from '../../src/scenario/policies-as-written.ts';
import { agreementOf, type Agreement } from './same-answer/agreement.ts';
import { inDocument } from './same-answer/document.ts';

const FOLDER = fileURLToPath(new URL('./scenarios', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../docs/validation.md', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    docs: { type: 'boolean', default: false },
    seeds: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
  },
});

const compareWorlds = async (file: string): Promise<Agreement> => {
  const { set, seeds } = values;
  const { scenario, inputs, source } = scenarioFromDisk(file, { set, ...(seeds && { seeds }) });
  const { runs, environment } = await executeLive({
    scenario,
    inputs,
    pacing: 'hybrid',
    journal: undefined,
  });
  const shared = {
    scenario,
    independent: false,
    source,
    policies: scenario.contenders.map(({ setup }) => policiesAsWritten(setup)),
    scenarioHash: scenarioHash(scenario),
    command: 'npm run same-answer',
    environment,
  };
  const twin = runs.complete ? await simulatedTwin(inputs, shared) : null;
  if (twin === null) process.exit(130);
  const { records, complete, lags } = runs;
  const live = summarise({ ...shared, mode: 'live', records, complete, lags, twin });
  return agreementOf(live, twin);
};

const wanted = readdirSync(FOLDER).filter(
  (name) => positionals.length === 0 || positionals.includes(basename(name, '.yaml')),
);
const agreements: Agreement[] = [];
for (const name of wanted) agreements.push(await compareWorlds(join(FOLDER, name)));
const old = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '';
console.log(inDocument('', agreements));
if (values.docs) writeFileSync(DOCUMENT, inDocument(old, agreements));
process.exitCode = agreements.every(({ agrees }) => agrees) ? 0 : 1;
