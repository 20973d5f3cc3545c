import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The test that takes longest begins first, or it would be left alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith('/theory.test.ts');
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
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
