/**
 * The rules of the house hold against someone who tries to get round them. What a file says is ESLint's matter, line by
 * line; what it imports is dependency-cruiser's, on a small tree of its own under the house's table.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The rules that look at single lines; types are not their matter, so the text need not belong to a project. */
const linter = new ESLint({
  cwd: ROOT,
  overrideConfig: { files: ['**/*.ts'], ...(tseslint.configs.disableTypeChecked as object) },
});

/** Which of `lines`, as one file at `path`, are refused. */
const refused = async (path: string, lines: readonly string[]): Promise<string[]> => {
  const [result] = await linter.lintText(lines.join('\n'), { filePath: join(ROOT, path) });
  const ours = result!.messages.filter(({ ruleId }) => /^house\/|^no-restricted-/.test(ruleId!));
  const numbers = new Set(ours.map(({ line }) => line));
  return lines.filter((_, index) => numbers.has(index + 1));
};

const ANYWHERE_PURE = [
  'globalThis.performance.now();',
  'globalThis.setTimeout(() => 0, 1);',
  'new globalThis.Date();',
  'setTimeout(() => 0, 1);',
  'setInterval(() => 0, 1);',
  'setImmediate(() => 0);',
  'queueMicrotask(() => 0);',
  'performance.now();',
  'Date();',
  'Date.now();',
  'new Date();',
  'const Clock = Date;',
  'process.hrtime();',
  "process.getBuiltinModule('fs');",
  'crypto.getRandomValues(new Uint8Array(1));',
  'crypto.randomUUID();',
  "void fetch('http://127.0.0.1');",
  "new WebSocket('ws://127.0.0.1');",
  "require('fs');",
  "console.log('so far');",
  "eval('0');",
  "new Function('return 0');",
  "[].at.constructor('return 0')();",
  "[].at['constructor']('return 0')();",
  'Math.random();',
  "Math['random']();",
  "Math['ran' + 'dom']();",
  'const { random } = Math;',
  'declare const clock: () => number;',
  'import.meta.dirname;',
  'seedrandom()();',
  'seedrandom.alea()();',
  'const unseeded = seedrandom;',
  "import { alea } from 'seedrandom';",
  "import dice from 'seedrandom';",
  "import { randomBytes } from 'node:crypto';",
  "import * as everything from 'crypto';",
  "void import('node:' + name);",
];
const ASYNCHRONOUS = [
  'Promise.resolve();',
  '[].at.then(() => 0);',
  "[].at['then'](() => 0);",
  'new Promise(() => 0);',
  'const later = async () => 0;',
  'function* some() {}',
  'void Array.fromAsync([]);',
  "void import('node:fs');",
];
const INNOCENT = [
  "import seedrandom from 'seedrandom';",
  "import { createHash } from 'node:crypto';",
  "const dice = seedrandom.alea('name/1');",
  'const { floor } = { floor: Math.floor };',
  'export const spread = (of: ReadonlyMap<string, number>): number =>',
  '  Math.sqrt(of.size) * Number.EPSILON + new Float64Array(3).length + floor(dice());',
  "export const digest = createHash('sha256');",
  'const own = (setTimeout: number): number => setTimeout;',
  'export const timers = { setTimeout: own(1), process: 2, then: 3 };',
];

describe('what a file may say', () => {
  it('in a policy: no clock, chance, I/O or promise, by whatever name', async () => {
    const lines = [...ANYWHERE_PURE, ...ASYNCHRONOUS];
    expect(await refused('src/policies/balancer/trial.ts', lines)).toEqual(lines);
  });

  it('in the report: promises and the lazy import of a literal name, but no clock, chance or I/O', async () => {
    const lines = [...ANYWHERE_PURE, ...ASYNCHRONOUS];
    expect(await refused('src/report/trial.ts', lines)).toEqual(ANYWHERE_PURE);
  });

  it.each(['core', 'policies', 'fleet', 'scenario', 'fake', 'sim', 'results', 'report'])(
    'in src/%s: no clock, and pure code freely',
    async (folder) => {
      const lines = ['performance.now();', ...INNOCENT];
      expect(await refused(`src/${folder}/trial.ts`, lines)).toEqual(['performance.now();']);
    },
  );

  it('a comment cannot switch the rules off', async () => {
    const lines = ['// eslint-disable-next-line', 'performance.now();'];
    expect(await refused('src/sim/trial.ts', lines)).toContain('performance.now();');
  });

  it('in cli and live: clocks, timers and sockets', async () => {
    const lines = ['performance.now();', 'setTimeout(() => 0, Date.now());'];
    expect(await refused('src/cli/trial.ts', lines)).toEqual([]);
    expect(await refused('src/live/trial.ts', lines)).toEqual([]);
  });
});

/** Files of the tree, each with what it imports; the value is the rule that must refuse it, null if none. */
const IMPORTS: readonly (readonly [file: string, imports: string, rule: string | null])[] = [
  ['src/policies/a/one.ts', "import 'node:dgram';", 'policies-uses'],
  ['src/policies/a/two.ts', "import 'node:dns';", 'policies-uses'],
  ['src/policies/a/three.ts', "import 'undici';", 'policies-uses'],
  ['src/policies/a/four.ts', "import 'node:crypto';", 'policies-uses'],
  ['src/policies/a/five.ts', "void import('node:fs');", 'policies-uses'],
  ['src/policies/a/six.ts', "import 'fs';", 'policies-uses'],
  ['src/policies/a/seven.ts', "import 'seedrandom';", 'policies-uses'],
  ['src/policies/a/eight.ts', "import '../b/nine.ts';", 'policy-families-are-strangers'],
  ['src/policies/b/nine.ts', "import 'zod'; import '../../core/ten.ts';", null],
  ['src/core/ten.ts', "import 'zod'; import 'seedrandom';", null],
  ['src/core/eleven.ts', "import '../policies/b/nine.ts';", 'core-imports'],
  ['src/fleet/twelve.ts', "import 'zod';", 'fleet-uses'],
  ['src/fleet/passing.ts', '', null],
  ['src/sim/thirteen.ts', "import 'node:timers';", 'sim-uses'],
  ['src/sim/fourteen.ts', "import '../live/fifteen.ts';", 'sim-imports'],
  ['src/live/fifteen.ts', "import 'undici'; import 'node:http';", null],
  ['src/live/sixteen.ts', "import '../policies/b/nine.ts';", 'live-imports'],
  ['src/live/library/seventeen.ts', "import '../../policies/b/nine.ts';", null],
  ['src/fake/eighteen.ts', "import 'node:crypto';", 'fake-uses'],
  ['src/scenario/nineteen.ts', "import 'zod'; import 'yaml'; import 'node:crypto';", null],
  ['src/scenario/twenty.ts', "import 'node:fs/promises';", 'scenario-uses'],
  ['src/results/twenty-one.ts', "import '../fleet/twelve.ts';", 'results-imports'],
  ['src/results/twenty-two.ts', "import '../fleet/passing.ts';", null],
  ['src/results/twenty-three.ts', "import type { A } from '../fleet/twelve.ts';", null],
  ['src/results/twenty-four.ts', "import 'node:perf_hooks';", 'results-uses'],
  ['src/report/twenty-five.ts', "void import('vega'); import 'node:crypto';", null],
  ['src/report/twenty-six.ts', "import 'node:http';", 'report-uses'],
  ['src/cli/twenty-seven.ts', "import 'node:fs'; import '../sim/thirteen.ts';", null],
  ['src/sim/twenty-eight.ts', "import '../cli/twenty-seven.ts';", 'nothing-imports-cli'],
];

interface Cruised {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { name: string } }[];
  };
}

describe('what a file may import', () => {
  let house = '';
  let violations: Cruised['summary']['violations'] = [];

  beforeAll(async () => {
    house = await mkdtemp(join(tmpdir(), 'house-'));
    await symlink(join(ROOT, 'node_modules'), join(house, 'node_modules'));
    await writeFile(join(house, 'package.json'), '{ "type": "module" }');
    await writeFile(
      join(house, 'tsconfig.json'),
      '{ "compilerOptions": { "module": "NodeNext" } }',
    );
    for (const [file, imports] of IMPORTS) {
      await mkdir(join(house, dirname(file)), { recursive: true });
      await writeFile(join(house, file), `${imports}\nexport type A = number;\n`);
    }
    violations = (await cruised(house)).summary.violations;
  });

  afterAll(() => rm(house, { recursive: true, force: true }));

  it.each(IMPORTS)('%s, with %s: %s', (file, _imports, rule) => {
    const broken = violations.filter(({ from }) => from === file).map((broke) => broke.rule.name);
    if (rule === null) expect(broken).toEqual([]);
    else expect(broken).toContain(rule);
  });
});

/** The command is run as `npm run layers` runs it; it exits with the number of violations. */
const cruised = (cwd: string): Promise<Cruised> => {
  const command = join(ROOT, 'node_modules/.bin/depcruise');
  const config = join(ROOT, '.dependency-cruiser.cjs');
  return new Promise((resolve, reject) => {
    execFile(
      command,
      ['src', '--config', config, '--output-type', 'json'],
      { cwd, maxBuffer: 1 << 26 },
      (_error, stdout, stderr) => {
        if (stdout === '') reject(new Error(stderr));
        else resolve(JSON.parse(stdout) as Cruised);
      },
    );
  });
};
