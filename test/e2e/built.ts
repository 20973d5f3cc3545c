/**
 * The program as a user has it: compiled, where from source every process of every test would translate it anew. Each file
 * by itself and without a look at types, for which there is `npm run typecheck`; once for each state of the sources.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'src');
/** Ignored by git; modules are found from here as from the sources. */
const CACHE = join(ROOT, '.cache');

interface Source {
  /** Below `src`. */
  readonly path: string;
  readonly text: string;
}

/** The file to call with Node. */
export const builtProgram = (): string => {
  const sources = read();
  const hash = createHash('sha256');
  for (const { path, text } of sources) hash.update(path).update(text);
  const name = `built-${hash.digest('hex').slice(0, 12)}`;
  const folder = join(CACHE, name);
  if (!existsSync(folder)) {
    build(sources, folder);
    removeOthers(name);
  }
  return join(folder, 'dist/cli/main.js');
};

const read = (): Source[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(SOURCES, path), 'utf8') }));

/** Whole or not at all: several workers may come here at once. */
const build = (sources: readonly Source[], folder: string): void => {
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'building-'));
  for (const { path, text } of sources) {
    const file = join(draft, 'dist', path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, compiled(path, text));
  }
  copyFileSync(join(ROOT, 'package.json'), join(draft, 'package.json'));
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true });
  }
};

/** Of earlier states of the sources. */
const removeOthers = (name: string): void => {
  for (const entry of readdirSync(CACHE))
    if (/^built-/.test(entry) && entry !== name) rmSync(join(CACHE, entry), { recursive: true });
};

const compiled = (fileName: string, text: string): string =>
  ts.transpileModule(text, {
    fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  }).outputText;
