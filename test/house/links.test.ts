/** What the pages tell a reader to run or to open is there. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

const PAGES = [
  'README.md',
  'scenarios/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const NAMED = /\bnpm run ([a-z][\w:-]*)/g;
/** Markdown's [text](target "title") and [label]: target, and the attributes of HTML. */
const TARGETS = [
  /\]\(\s*<?([^\s)>]+)>?[^)]*\)/g,
  /^\[[^\]]+\]:\s*<?([^\s>]+)/gm,
  /\b(?:src|href|srcset)="([^"]+)"/g,
];
const BEYOND = /^(?:[a-z][a-z+.-]*:|\/\/|#)/i;

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1]!);

/** Code shows what others write: it has no links. */
const prose = (page: string): string =>
  read(page)
    .replace(/^```[^]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '``');

const relativeTargets = (page: string): string[] =>
  TARGETS.flatMap((pattern) => matches(prose(page), pattern)).filter(
    (target) => !BEYOND.test(target),
  );

describe.each(PAGES)('%s', (page) => {
  it('names only scripts that package.json has', () => {
    expect(matches(read(page), NAMED).filter((name) => !(name in scripts))).toEqual([]);
  });

  it('links only to files that the repository has', () => {
    const lost = relativeTargets(page).filter((target) => {
      const path = decodeURIComponent(target.replace(/[?#].*$/, ''));
      return !existsSync(join(ROOT, dirname(page), path));
    });
    expect(lost).toEqual([]);
  });
});

it('finds scripts and links at all', () => {
  expect(PAGES.flatMap((page) => matches(read(page), NAMED)).length).toBeGreaterThan(10);
  expect(PAGES.flatMap(relativeTargets).length).toBeGreaterThan(10);
});
