/** `npm run docs`: writes the generated pages and the scenario's JSON Schema. A test fails when they are stale. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED } from './generated.ts';

const root = join(import.meta.dirname, '../..');
for (const [path, content] of Object.entries(GENERATED)) {
  writeFileSync(join(root, path), await content());
  console.log(path);
}
