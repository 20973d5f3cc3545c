/**
 * Accounts of requests: counts by outcome and the latency of completed ones, in all and per tool. Only requests that
 * arrived after the warm-up are measured; the world lets none arrive after the duration.
 */
import { Histogram } from '../core/histogram.ts';
import type { Metrics } from '../core/metrics.ts';
import { FAILURES, isCompleted, isFailure, type Failure, type Outcome } from '../core/outcome.ts';
import type { Request } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Call } from '../fleet/intentions.ts';
import type { Traffic } from '../scenario/scenario.ts';
import type { ToolRow } from './results.ts';

/** Mantissa bits of the histograms per tool: 1.6 % at most off. */
const COARSE = 5;

class ToolTally {
  completed = 0;
  failed = 0;
  toolErrors = 0;
  latencyMs = 0;
  readonly latency = new Histogram(COARSE);
}

export class RequestLedger {
  readonly latency = new Histogram();
  readonly #warmup: Millis;
  readonly #names: readonly string[];
  /** Row 0 is `initialize`, row k + 1 tool k. */
  readonly #tools: readonly ToolTally[];
  readonly #failures = new Map<Outcome, number>(FAILURES.map((failure) => [failure, 0]));
  #arrived = 0;
  #completed = 0;
  #failed = 0;
  #toolErrors = 0;
  #latencyMs = 0;
  #latencyMax = 0;
  #attempts = 0;
  #retries = 0;
  #timeouts = 0;
  #rejected = 0;
  #deferrals = 0;

  constructor(traffic: Traffic, warmup: Millis) {
    this.#warmup = warmup;
    this.#names = ['initialize', ...traffic.calls.map((tool) => tool.name)];
    this.#tools = this.#names.map(() => new ToolTally());
  }

  arrived(request: Request): void {
    if (request.at >= this.#warmup) this.#arrived++;
  }

  /** Returns whether the call's request is measured. */
  sent(call: Call): boolean {
    if (call.request.at < this.#warmup) return false;
    this.#attempts++;
    if (call.attempt > 0) this.#retries++;
    return true;
  }

  callEnded(outcome: Outcome): void {
    if (outcome === 'timeout') this.#timeouts++;
    else if (outcome === 'overloaded') this.#rejected++;
  }

  withheld(request: Request): void {
    if (request.at >= this.#warmup) this.#rejected++;
  }

  replied(now: Millis, request: Request, outcome: Outcome): void {
    if (request.at < this.#warmup) return;
    if (outcome === 'deferred') {
      // Its client comes again, and is then counted again.
      this.#arrived--;
      this.#deferrals++;
      return;
    }
    const tool = this.#tools[request.tool + 1]!;
    if (isCompleted(outcome)) {
      const latencyMs = now - request.at;
      this.#completed++;
      this.#latencyMs += latencyMs;
      if (latencyMs > this.#latencyMax) this.#latencyMax = latencyMs;
      this.latency.record(latencyMs);
      tool.completed++;
      tool.latencyMs += latencyMs;
      tool.latency.record(latencyMs);
      if (outcome === 'tool-error') {
        this.#toolErrors++;
        tool.toolErrors++;
      }
    } else if (isFailure(outcome)) {
      this.#failed++;
      tool.failed++;
      this.#failures.set(outcome, this.#failures.get(outcome)! + 1);
    }
  }

  /** `measuredMs`: the time from the warm-up's end to the duration's. */
  metrics(measuredMs: Millis): Metrics {
    const requests = this.#completed + this.#failed;
    return {
      arrived: this.#arrived,
      requests,
      completed: this.#completed,
      failed: this.#failed,
      ...(requests > 0 && {
        errorRate: this.#failed / requests,
        toolErrorRate: this.#toolErrors / requests,
      }),
      goodputRps: ((this.#completed - this.#toolErrors) * 1000) / measuredMs,
      ...(this.#completed > 0 && this.#latencies()),
      attempts: this.#attempts,
      retries: this.#retries,
      timeouts: this.#timeouts,
      rejected: this.#rejected,
      ...(this.#deferrals > 0 && { deferrals: this.#deferrals }),
    };
  }

  /** How failed requests failed, most frequent first; reasons that did not occur are left out. */
  failures(): Partial<Record<Failure, number>> {
    return Object.fromEntries(
      [...this.#failures].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]),
    );
  }

  tools(): ToolRow[] {
    const rows = this.#tools.map((tool, k) => toolRow(this.#names[k]!, tool));
    return rows.filter((row, k) => k > 0 || row.requests > 0);
  }

  #latencies(): Metrics {
    const at = (q: number) => Math.min(this.latency.quantile(q), this.#latencyMax);
    return {
      latencyMsMean: this.#latencyMs / this.#completed,
      latencyMsP50: at(0.5),
      latencyMsP90: at(0.9),
      latencyMsP95: at(0.95),
      latencyMsP99: at(0.99),
      latencyMsP999: at(0.999),
      latencyMsMax: this.#latencyMax,
    };
  }
}

const toolRow = (name: string, tool: ToolTally): ToolRow => {
  const requests = tool.completed + tool.failed;
  const completed = tool.completed > 0;
  return {
    name,
    requests,
    errorRate: requests === 0 ? 0 : tool.failed / requests,
    toolErrorRate: requests === 0 ? 0 : tool.toolErrors / requests,
    latencyMsMean: completed ? tool.latencyMs / tool.completed : null,
    latencyMsP50: completed ? tool.latency.quantile(0.5) : null,
    latencyMsP99: completed ? tool.latency.quantile(0.99) : null,
  };
};
