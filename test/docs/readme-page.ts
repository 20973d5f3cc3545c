/** README.md with its list of scenarios made anew from the files. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const LIST = /<!-- scenarios -->.*<!-- \/scenarios -->/s;

export const readmePage = async (): Promise<string> => {
  const files = readdirSync(join(root, 'scenarios')).filter((name) => name.endsWith('.yaml'));
  const rows = files.map(
    (name) => `| [${name.replace('.yaml', '')}](scenarios/${name}) | ${questionOf(name)} |`,
  );
  const table = ['| scenario | question |', '| --- | --- |', ...rows].join('\n');
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const whole = readme.replace(LIST, () => `<!-- scenarios -->\n\n${table}\n\n<!-- /scenarios -->`);
  const path = join(root, 'README.md');
  return format(whole, { ...(await resolveConfig(path)), filepath: path });
};

const questionOf = (name: string): string =>
  (parse(readFileSync(join(root, 'scenarios', name), 'utf8')) as { question: string }).question;
