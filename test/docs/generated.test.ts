import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED } from './generated.ts';

describe('generated files', () => {
  for (const [path, content] of Object.entries(GENERATED)) {
    it(`${path} is what the source says; else run \`npm run docs\``, async () => {
      expect(readFileSync(join(import.meta.dirname, '../..', path), 'utf8')).toBe(await content());
    });
  }
});
