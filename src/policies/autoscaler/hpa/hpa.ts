/**
 * The Kubernetes HorizontalPodAutoscaler, v2, as of Kubernetes 1.33 (pkg/controller/podautoscaler): every sync each
 * metric proposes a number of pods, the largest proposal is stabilised, rate limited and bounded. Its pathologies come
 * with it: it is slow by a scrape, a sync and a lag; a mean hides one hot pod; pods that start are counted as idle on
 * the way up; percentages are cut to whole ones; a new controller takes nothing away for a window.
 *
 * A change is remembered for the rate limits once it is seen to have been made: whoever raised it meanwhile (a
 * schedule, a forecast) made another one.
 */
import type { Millis } from '../../../core/units.ts';
import type { Autoscaler, Decision, Load } from '../autoscaler.ts';
import { behaviorOf, toleranceOf } from '../behavior-options.ts';
import type { ServerMetric } from '../server-load.ts';
import { metricsOf, opinionOf, type HpaMetric, type Opinion } from './metrics.ts';
import type { HpaOptions } from './options.ts';
import { PodWatch } from './pod-watch.ts';
import { Controller } from './controller.ts';
import { TotalWatch, type TotalMetric } from './total-watch.ts';
import { wording } from './wording.ts';

export class Hpa implements Autoscaler {
  readonly every: Millis;
  readonly scrape: Millis;
  readonly #options: HpaOptions;
  readonly #metrics: readonly HpaMetric[];
  readonly #watch: PodWatch;
  readonly #totals: TotalWatch;
  readonly #controller: Controller;

  constructor(options: HpaOptions) {
    const { min, max, behavior, stabilization } = options;
    this.every = options.every;
    this.scrape = options.scrape;
    this.#options = options;
    this.#metrics = metricsOf([options, ...options.metrics]);
    this.#watch = new PodWatch(options);
    this.#totals = new TotalWatch(options);
    this.#controller = new Controller({
      min,
      max,
      behavior: behavior === undefined ? null : behaviorOf(behavior, stabilization),
      stabilization,
    });
  }

  decide(now: Millis, load: Load): Decision {
    const opinions = this.#opinions(now, load);
    const verdict = this.#controller.reconcile(now, load.servers, opinions);
    return { desired: verdict.replicas, because: wording(verdict, opinions) };
  }

  #opinions(now: Millis, load: Load): Opinion[] {
    const { behavior, tolerance, cpuInitialization, readinessDelay } = this.#options;
    this.#totals.note(now, load);
    const scene = {
      current: load.servers,
      pods: this.#watch.pods(now, load.members),
      samplesOf: (metric: ServerMetric) => this.#watch.samples(now, metric),
      totalOf: (metric: TotalMetric) => this.#totals.value(now, metric),
      tolerance: toleranceOf(behavior, tolerance),
      readiness: { cpuInitialization, delay: readinessDelay },
    };
    return this.#metrics.map((metric) => opinionOf(now, metric, load, scene));
  }
}
