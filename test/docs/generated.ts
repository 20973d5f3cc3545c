/** The files that are made from the source, by path from the root. */
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts';
import { policiesPage } from './policies-page.ts';
import { readmePage } from './readme-page.ts';

export const GENERATED: Readonly<Record<string, () => string | Promise<string>>> = {
  'README.md': readmePage,
  'docs/policies.md': policiesPage,
  'scenario.schema.json': () => `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`,
};
