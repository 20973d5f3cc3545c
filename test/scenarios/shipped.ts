/**
 * The scenarios that ship, loaded and run as `windtunnel sim` does it, but on one thread and with as few seeds and
 * contenders as a lesson needs to show.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { METRICS, type MetricName } from '../../src/core/metrics.ts';
import type { ContenderResults, Results, SeriesName } from '../../src/results/results.ts';
import { summarise } from '../../src/results/summarise.ts';
import { run } from '../../src/run.ts';
import { loadScenario, type Loaded, type LoadOptions } from '../../src/scenario/load.ts';
import { SimWorld } from '../../src/sim/sim-world.ts';

const FOLDER = new URL('../../scenarios/', import.meta.url).pathname;

/** Without their extension. */
export const SHIPPED: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

export const textOf = (name: string): string => readFileSync(`${FOLDER}${name}.yaml`, 'utf8');

type Changes = Pick<LoadOptions, 'seeds' | 'only' | 'set'>;

export const load = (name: string, changes: Changes = {}): Loaded =>
  loadScenario({
    file: `${FOLDER}${name}.yaml`,
    text: textOf(name),
    readFile: (path) => readFileSync(path, 'utf8'),
    ...changes,
  });

/** What a shipped scenario says. */
export class Lesson {
  readonly results: Results;

  constructor(name: string, changes: Changes) {
    const { scenario, inputs } = load(name, changes);
    const records = scenario.contenders.map((_, contender) =>
      scenario.seeds.map((seed) =>
        run(
          { scenario, inputs, contender, seed, independent: false },
          (options) => new SimWorld(options),
        ),
      ),
    );
    this.results = summarise({
      scenario,
      records,
      complete: true,
      independent: false,
      mode: 'sim',
      source: { file: `${name}.yaml`, text: '' },
      policies: [],
      scenarioHash: '',
      command: '',
      environment: {
        windtunnel: '',
        node: '',
        platform: '',
        workers: 1,
        startedAt: '',
        tookMs: 0,
      },
    });
  }

  contender(name: string): ContenderResults {
    const found = this.results.contenders.find((contender) => contender.name === name);
    if (found === undefined) throw new Error(`no contender "${name}"`);
    return found;
  }

  /** Mean over seeds; NaN, which fails every comparison, when no run has the metric. */
  mean(name: string, metric: MetricName): number {
    return this.contender(name).metrics[metric]?.mean ?? NaN;
  }

  /** Is a contender better than the first one in every run, worse in every run, or neither? */
  inEveryRun(name: string, metric: MetricName): 'better' | 'worse' | 'mixed' {
    const [first] = this.results.contenders;
    const sign = METRICS[metric].better === 'lower' ? -1 : 1;
    const gains = this.contender(name).runs.map(
      ({ metrics }, k) =>
        sign * ((metrics[metric] ?? NaN) - (first!.runs[k]!.metrics[metric] ?? NaN)),
    );
    if (gains.every((gain) => gain > 0)) return 'better';
    return gains.every((gain) => gain < 0) ? 'worse' : 'mixed';
  }

  /** Mean of a series over the time from `fromMs` to `toMs`. */
  meanBetween(name: string, series: SeriesName, fromMs: number, toMs: number): number {
    const { at, bands } = this.contender(name).series;
    const values = bands[series]?.mean.filter((_, k) => at[k]! >= fromMs && at[k]! < toMs) ?? [];
    return values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
  }
}
