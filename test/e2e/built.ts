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
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'src');

interface Source {
  /** Below `src`. */
  readonly path: string;
  readonly text: string;
}

/** The file to call with Node. */
export const builtProgram = (): string => {
  const sources = read();
  const hash = createHash('sha256').update(ROOT);
  for (const { path, text } of sources) hash.update(path).update(text);
  const folder = join(tmpdir(), `windtunnel-built-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) build(sources, folder);
  return join(folder, 'dist/cli/main.js');
};

const read = (): Source[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(SOURCES, path), 'utf8') }));

/** Whole or not at all: several workers may come here at once. */
const build = (sources: readonly Source[], folder: string): void => {
  const draft = mkdtempSync(join(tmpdir(), 'windtunnel-building-'));
  for (const { path, text } of sources) {
    const file = join(draft, 'dist', path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, compiled(path, text));
  }
  copyFileSync(join(ROOT, 'package.json'), join(draft, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(draft, 'node_modules'));
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true });
  }
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
