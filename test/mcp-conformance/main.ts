/**
 * `npm run mcp-conformance`: the official MCP suite against our fixture server, directly and through the gateway with two
 * replicas behind it. Everything is on the loopback. The last line is `N passed, N failed`; exits with 1 when a row does
 * not come out as it must, with 2 when the suite is not installed.
 */
import { startGateway } from './gateway.ts';
import { startReplicas } from './replicas.ts';
import { ROWS, type Row } from './rows.ts';
import { NotInstalled, runSuite } from './suite.ts';
import { passes, required, type Revision, type Verdict } from './verdict.ts';

const KEY = 'a key that all replicas of this fixture have in common';
/** Of a failure's message, characters. */
const MOST_SAID = 200;

const main = async (): Promise<number> => {
  const direct = new Map<Revision, Verdict>();
  let failed = 0;
  console.log('revision    scenarios  checks    row');
  for (const row of ROWS) {
    const verdict = await run(row);
    if (row.affinity === null) direct.set(row.revision, verdict);
    const objection = row.objection(verdict, direct.get(row.revision) ?? []);
    console.log(line(row, verdict));
    explain(verdict.filter(({ scenario }) => scenario === row.telling));
    if (objection === null) continue;
    failed++;
    console.log(`  FAILED: ${objection}`);
    explain(required(verdict));
  }
  console.log(`${ROWS.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
};

const run = async ({ revision, affinity, keys }: Row): Promise<Verdict> => {
  const key = keys === 'common' ? KEY : null;
  const replicas = await startReplicas(affinity === null ? [key] : [key, key]);
  try {
    if (affinity === null) return await runSuite(replicas.urls[0]!, revision);
    const gateway = await startGateway(replicas.urls, affinity);
    try {
      return await runSuite(gateway.url, revision);
    } finally {
      await gateway.stop();
    }
  } finally {
    await replicas.stop();
  }
};

/** Counts are of what the revision requires. */
const line = ({ revision, name }: Row, verdict: Verdict): string => {
  const counted = required(verdict);
  const good = counted.filter(passes).length;
  const passed = counted.reduce((sum, one) => sum + one.passed.length, 0);
  const failed = counted.reduce((sum, one) => sum + one.failed.length, 0);
  const scenarios = `${good}/${counted.length}`;
  return `${revision}  ${scenarios.padEnd(9)}  ${`${passed}/${passed + failed}`.padEnd(8)}  ${name}`;
};

const explain = (verdict: Verdict): void => {
  for (const { scenario, failed } of verdict) {
    for (const { check, message } of failed) {
      console.log(`  ${scenario} (${check}): ${message.slice(0, MOST_SAID)}`);
    }
  }
};

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof NotInstalled)) throw error;
  console.error(error.message);
  return 2;
});
