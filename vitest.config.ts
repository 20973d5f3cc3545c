import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes long begins first, or it would be left alone at the end. */
const LONG = [
  'theory/theory',
  'statistics/self-test',
  'e2e/package',
  'live/load',
  'e2e/sim',
  'scenarios/scalers',
  'scenarios/fleet',
  'scenarios/guards',
  'scenarios/retries',
  'report/browser',
  'metamorphic/laws',
  'live/live',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const turn = ({ moduleId }: TestSpecification): number => {
      const place = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place < 0 ? LONG.length : place;
    };
    return sorted.toSorted((a, b) => turn(a) - turn(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // One for the theory, which computes all the time, and two for the others, many of which wait.
    maxWorkers: 3,
    // What a file sets up, it takes down: the modules that all of them share are loaded once a worker.
    isolate: false,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    passWithNoTests: false,
  },
});
