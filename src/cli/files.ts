/**
 * Files of the user's: read with errors a person can act on, and written whole. A reader never sees half a file, and all
 * files of a report change together as nearly as a file system allows: everything is written beside its place first and
 * renamed then.
 */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, resolve, relative } from 'node:path';
import { ScenarioError } from '../core/scenario-error.ts';
import { tell } from './console.ts';

/** What the system says, in words; other codes speak for themselves. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'a part of this path is a file, not a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
};

/** UTF-8, without a byte order mark. Throws ScenarioError. */
export const readText = (file: string): string => {
  expectReadable(file);
  const bytes = attempt(file, () => readFileSync(file));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ScenarioError('this is not UTF-8 text', { file });
  }
};

/**
 * Throws ScenarioError for what has no end or no text: folders, devices, sockets. A pipe is read until its writer closes
 * it, so that `<(...)` and `/dev/stdin` work; as that may take for ever, it is told.
 */
export const expectReadable = (file: string): void => {
  const status = attempt(file, () => statSync(file));
  if (status.isFIFO()) tell(`reading ${file}, a pipe, until its writer closes it`);
  else expectRegular(file, status);
};

const expectRegular = (file: string, status: Stats): void => {
  if (status.isFile()) return;
  const what = status.isDirectory() ? 'folder' : status.isSocket() ? 'socket' : 'device';
  throw new ScenarioError(`this is a ${what}; allowed: a file`, { file });
};

/** Bytes of a file; 0 when there is none. */
export const sizeOf = (file: string): number => statusOf(file)?.size ?? 0;

export const isFolder = (path: string): boolean => statusOf(path)?.isDirectory() === true;

/**
 * Throws ScenarioError now if `file` could not be written later, after all the work. Permissions do not tell (root may
 * write to /proc, and yet cannot), so folder and file are made for a try; nothing of either stays.
 */
export const expectWritable = (file: string): void => {
  if (file.trim() === '') {
    throw new ScenarioError('got an empty path; allowed: the path of a file', {
      file: `'${file}'`,
    });
  }
  const status = statusOf(file);
  // What is renamed to its place would take the place of a device or a pipe.
  if (status !== undefined) expectRegular(file, status);
  const made: string[] = [];
  const draft = draftOf(file);
  try {
    makeFolder(dirname(file), file, (folder) => made.push(folder));
    attempt(file, () => writeFileSync(draft, ''), CANNOT_BE_MADE);
    rmSync(draft);
  } finally {
    for (const folder of made.toReversed()) rmdirSync(folder);
  }
};

/**
 * Makes `folder` and those above it, one by one and from the top: Node's own recursive way tries for ever where a file
 * system has the parent and refuses the child (/proc). `file`: what the folder is for. Throws ScenarioError.
 */
const makeFolder = (
  folder: string,
  file: string,
  onMade: (folder: string) => void = () => {},
): void => {
  const missing: string[] = [];
  let above = resolve(folder);
  for (; !existsSync(above) && above !== dirname(above); above = dirname(above))
    missing.push(above);
  if (!isFolder(above))
    throw new ScenarioError(`${asTyped(above)} is a file, not a folder`, { file });
  for (const next of missing.toReversed()) {
    attempt(file, () => mkdirSync(next), CANNOT_BE_MADE);
    onMade(next);
  }
};

/** What "no such file" means where one is to be made. */
const CANNOT_BE_MADE = { ENOENT: 'it cannot be made here' };

const draftOf = (file: string): string => `${file}.${process.pid}.tmp`;

export interface FileToWrite {
  readonly file: string;
  readonly text: string;
}

/** Writes them all or, if one cannot be written, none. Throws ScenarioError. */
export const writeWhole = (files: readonly FileToWrite[]): void => {
  const drafts = files.map(({ file, text }) => ({
    file,
    text,
    draft: draftOf(file),
  }));
  try {
    for (const { file, text, draft } of drafts) {
      attempt(file, () => {
        makeFolder(dirname(file), file);
        writeFileSync(draft, text);
      });
    }
    for (const { file, draft } of drafts) attempt(file, () => renameSync(draft, file));
  } finally {
    for (const { draft } of drafts) rmSync(draft, { force: true });
  }
};

/** Undefined when nothing is there, or nothing can be. */
const statusOf = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

const attempt = <T>(
  file: string,
  act: () => T,
  reasons: Readonly<Record<string, string>> = {},
): T => {
  try {
    return act();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new ScenarioError(reasons[code] ?? REASONS[code] ?? message, { file });
  }
};

/** Relative to the current folder where it lies below it. */
const asTyped = (path: string): string => {
  const below = relative('.', path);
  return below === '' || below.startsWith('..') ? path : below;
};
