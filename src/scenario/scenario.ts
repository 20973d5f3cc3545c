/**
 * A scenario as the rest of the house sees it: resolved, validated, defaults filled, durations in ms, rates a second,
 * shares 0..1, "none" as null. Plain data: it crosses worker threads and is written into the results file as it is.
 */
import type { MetricName } from '../core/metrics.ts';
import type { Distribution } from '../core/distributions.ts';
import type { Era } from '../core/request.ts';
import type { Affinity } from '../policies/guards/affinity.ts';
import type { CoDelOptions } from '../policies/guards/codel.ts';
import type { Hedging } from '../policies/guards/hedging.ts';
import type { Rebalance } from '../policies/guards/rebalance.ts';
import type { SlowStart } from '../policies/guards/slow-start.ts';
import type { Victims } from '../policies/guards/victims.ts';
import type { Millis } from '../core/units.ts';
import type { ManifestReading } from './kubernetes/reading.ts';

export interface Scenario {
  /** The file's name without folder and extension. */
  readonly name: string;
  readonly question: string;
  readonly duration: Millis;
  readonly warmup: Millis;
  /** Distinct whole numbers, each one replication. */
  readonly seeds: readonly number[];
  /** What answer and verdicts rest on. */
  readonly judge: readonly MetricName[];
  /** Practical significance as a share of the baseline. */
  readonly margin: number;
  /** What all contenders start from, and what the scenario's hash is taken over. */
  readonly base: Setup;
  /** At least one; the first is the baseline. */
  readonly contenders: readonly Contender[];
  /** The axes when contenders come from a `matrix`, in the file's order. */
  readonly matrix: readonly MatrixAxis[] | null;
  /** What was read from Kubernetes manifests; absent when none is named. */
  readonly manifests?: readonly ManifestReading[];
}

export interface MatrixAxis {
  /** Dotted path, e.g. `breaker.counter.failures`. */
  readonly path: string;
  /** As written, in order; a contender's `cell` indexes them. */
  readonly values: readonly string[];
}

export interface Contender {
  readonly name: string;
  /** What it changes of the scenario's base, as written: dotted path or key -> value. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** Index of its value on each matrix axis; null without a matrix. */
  readonly cell: readonly number[] | null;
  readonly setup: Setup;
}

/** All that one run needs besides its seed. */
export interface Setup {
  readonly traffic: Traffic;
  readonly servers: Servers;
  /** One-way delay between gateway and server, ms. */
  readonly network: Distribution;
  readonly faults: readonly Fault[];
  readonly balancer: PolicyChoice;
  readonly affinity: Affinity;
  /** When long affinities end; null = never. */
  readonly rebalance: Rebalance | null;
  readonly health: PolicyChoice;
  readonly ejection: PolicyChoice;
  /** Fewer fit servers than this share of the ready ones: all ready ones are used; 0 = never. */
  readonly panic: number;
  readonly breaker: PolicyChoice;
  readonly slowStart: SlowStart | null;
  readonly limit: PolicyChoice;
  readonly backlog: Backlog | null;
  readonly autoscaler: PolicyChoice;
  /** Whom a scale-in takes first. */
  readonly victims: Victims;
  /** How long a draining server keeps its calls and sessions; 0 stops it at once. */
  readonly drain: Millis;
  readonly slo: readonly SloLimit[];
}

/** Where calls wait at the balancer that no server may take. */
export interface Backlog {
  readonly places: number;
  readonly wait: Millis;
  /** Drops calls while waits stand above `target` for `interval`; null = never. */
  readonly codel: CoDelOptions | null;
}

export interface PolicyChoice {
  /** A key of the family's registry. */
  readonly name: string;
  /** As the entry's schema resolved them. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface SloLimit {
  readonly metric: MetricName;
  /** Met when the mean over runs is at most this (for a metric where higher is better: at least). */
  readonly limit: number;
}

export interface Traffic {
  readonly arrivals: Arrivals;
  /** Era of single requests. */
  readonly era: Era;
  /** Deadline of one attempt; null = none. */
  readonly timeout: Millis | null;
  readonly retries: Retries;
  /** Bounds what all retries and hedges together may add; null = nothing does. */
  readonly budget: PolicyChoice | null;
  /** A second attempt of a safe call while the first is under way; null = none. */
  readonly hedging: Hedging | null;
  readonly sessions: Sessions | null;
  /** Whom requests come from; null = they have no keys. */
  readonly keys: Keys | null;
  /** At least one; shares sum to 1. */
  readonly calls: readonly Tool[];
}

export interface Retries {
  /** Attempts in all, at least 1; null = unlimited. */
  readonly attempts: number | null;
  readonly backoff: Distribution;
  /** Is a refusal (503, 429) taken to mean that nothing was done? Yes, unless given: true of our servers, not of all. */
  readonly trustsRefusals?: boolean;
}

export interface Sessions {
  readonly era: Era;
  /** Tool calls in a session. */
  readonly calls: Distribution;
  /** Pause between a reply and the next call, ms. */
  readonly think: Distribution;
  /** Share of arrivals that start a session; the rest are single requests. */
  readonly share: number;
  /** Initialise anew when the session is lost. */
  readonly recover: boolean;
}

/** Clients or tenants, 1..count; the k-th most frequent sends in proportion to k^-skew (Zipf). */
export interface Keys {
  readonly count: number;
  readonly skew: number;
}

export interface Tool {
  readonly name: string;
  readonly share: number;
  /** Time in a slot at speed 1, ms. */
  readonly work: Distribution;
  readonly safe: boolean;
}

export type Arrivals =
  | { readonly kind: 'constant' | 'poisson'; readonly rate: number }
  | { readonly kind: 'gamma'; readonly rate: number; readonly cv: number }
  | { readonly kind: 'ramp'; readonly from: number; readonly to: number; readonly over: Millis }
  | {
      readonly kind: 'steps';
      readonly steps: readonly { readonly at: Millis; readonly rate: number }[];
    }
  | {
      readonly kind: 'sine';
      readonly mean: number;
      readonly amplitude: number;
      readonly period: Millis;
      readonly phase: number;
    }
  | {
      readonly kind: 'bursts';
      readonly states: readonly { readonly rate: number; readonly mean: Millis }[];
    }
  | {
      readonly kind: 'trace';
      readonly file: string;
      readonly sha256: string;
      readonly counts: Millis | null;
      readonly scale: number;
    };

export interface Servers {
  /** Servers at time 0: the sum of the groups' counts. */
  readonly count: number;
  /** Groups in order; without groups in the file one, named `servers`. Servers started later are of the last group. */
  readonly groups: readonly ServerGroup[];
  readonly startup: Millis;
  readonly discipline: 'fifo' | 'processor-sharing';
  /** What a full server does with a modern call: 503, or a result that asks its client to come again. */
  readonly overload: 'reject' | 'defer';
}

export interface ServerGroup {
  readonly name: string;
  readonly count: number;
  /** Work done per unit of time: work / speed is the time in a slot. */
  readonly speed: number;
  readonly weight: number;
  readonly slots: number;
  /** Waiting places beyond the slots; null = no limit. */
  readonly queue: number | null;
  /** Longest wait in the queue, a duration or a distribution drawn for each attempt; null = no limit. */
  readonly patience: Distribution | null;
}

/** What goes wrong, on which servers, when. Repeats and flaps are spelled out by faults.ts. */
export interface Fault {
  readonly at: Millis;
  /** null = to the end of the run. */
  readonly for: Millis | null;
  /** Repeat every so often; null = once. */
  readonly every: Millis | null;
  readonly servers: FaultTargets;
  /** GET /health answers ok all the same: a grey failure. */
  readonly healthOk: boolean;
  readonly effect: FaultEffect;
  /** As written, for legends: `errors 50% on s1, s2`. */
  readonly label: string;
}

/** Ids of servers from 0, or every server there is while the fault lasts. */
export type FaultTargets = readonly number[] | 'all';

export type FaultEffect =
  | { readonly kind: 'errors'; readonly share: number }
  | { readonly kind: 'toolErrors'; readonly share: number }
  | { readonly kind: 'throttled'; readonly share: number }
  | { readonly kind: 'metrics'; readonly shows: 'nothing' | 'zero' | 'stale' }
  | { readonly kind: 'slow'; readonly factor: number }
  | { readonly kind: 'crash' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'partition' }
  | { readonly kind: 'flap'; readonly up: Millis; readonly down: Millis }
  | { readonly kind: 'leak'; readonly slower: number; readonly over: Millis };

/**
 * The numbers a scenario reads from files, by the file's path as written: sorted timestamps in ms from 0, or counts
 * per interval, for traces; samples for empirical distributions.
 */
export type Inputs = Readonly<Record<string, Float64Array>>;
