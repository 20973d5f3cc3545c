/**
 * Runs the official suite, `@modelcontextprotocol/conformance`, against a URL. It needs Node 22 (`fs.globSync`); where we
 * run on an older one, the binary comes from the npm package of this platform, installed beside the suite.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Revision, ScenarioVerdict, Verdict } from './verdict.ts';

/** The suite or its Node is not there. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled';
}

const CHECKS = z.array(
  z.object({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
);
const REQUIREMENTS = z.object({ server: z.array(z.string()) });
/** A folder of results is named `server-SCENARIO-TIME`. */
const FOLDER = /^server-(?<scenario>.+?)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/;
const OLDEST_NODE = 22;
/** It takes five seconds when the machine is idle. */
const LONGEST_MS = 120_000;

/** Throws NotInstalled, and an Error when the suite breaks down or takes too long. */
export const runSuite = async (url: string, revision: Revision): Promise<Verdict> => {
  const { node, suite } = tools();
  const results = await mkdtemp(join(tmpdir(), 'windtunnel-conformance-'));
  try {
    const asked = ['server', '--url', url, '--requirements', revision, '-o', results];
    const child = spawn(node, [join(suite, 'dist', 'index.js'), ...asked], {
      stdio: 'ignore',
      timeout: LONGEST_MS,
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0 && code !== 1) throw new Error(`the conformance suite broke down at ${url}`);
    return await read(results, join(suite, 'requirements', `${revision}.yaml`));
  } finally {
    await rm(results, { recursive: true });
  }
};

const tools = (): { readonly node: string; readonly suite: string } => {
  const { resolve } = createRequire(new URL('package.json', import.meta.url));
  const isNew = Number.parseInt(process.versions.node) >= OLDEST_NODE;
  try {
    return {
      node: isNew ? process.execPath : resolve(`node-${process.platform}-${process.arch}/bin/node`),
      suite: dirname(resolve('@modelcontextprotocol/conformance/package.json')),
    };
  } catch (error) {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    throw new NotInstalled(
      `the conformance suite, or a Node ${OLDEST_NODE} for it, is not installed: npm ci --prefix ${folder}`,
      { cause: error },
    );
  }
};

const read = async (results: string, requirements: string): Promise<Verdict> => {
  const { server: required } = REQUIREMENTS.parse(parse(await readFile(requirements, 'utf8')));
  const verdict: ScenarioVerdict[] = [];
  for (const folder of await readdir(results)) {
    const scenario = FOLDER.exec(folder)?.groups?.['scenario'];
    if (scenario === undefined) throw new Error(`not a folder of results: ${folder}`);
    const checks = CHECKS.parse(
      JSON.parse(await readFile(join(results, folder, 'checks.json'), 'utf8')),
    );
    verdict.push({
      scenario,
      required: required.includes(scenario),
      passed: checks.filter(({ status }) => status === 'SUCCESS').map(({ id }) => id),
      failed: checks
        .filter(({ status }) => status === 'FAILURE')
        .map(({ id, errorMessage = '' }) => ({ check: id, message: errorMessage })),
    });
  }
  const missing = required.filter((name) => !verdict.some(({ scenario }) => scenario === name));
  return [
    ...verdict,
    // A scenario that left no results has not passed.
    ...missing.map((scenario) => ({ scenario, required: true, passed: [], failed: [] })),
  ];
};
