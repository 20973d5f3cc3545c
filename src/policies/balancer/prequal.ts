/**
 * Prequal: each call has a few servers drawn at random asked for their load, without waiting for the answers; they go
 * into a small pool, and the call goes where the pool's best probe says (rule in probe-pool.ts). Probes age out, wear out
 * with use, and one leaves with each call, in turns the oldest and the worst. With fewer than two probes a random server.
 * Paper: Wydrowski et al., NSDI 2024 (YouTube); arithmetic as in prequal-rs @57887a4, which takes a quantile of 0.6
 * because 0.84 herded there at high load. Its budget of uses is max(1, 1 + delta / ((1 - pool/servers) probes - removes)),
 * rounded at random; the paper may add delta to the numerator instead.
 * As there a failed call drops what its server has told, since one that fails fast looks idle.
 * Pathology: such a server still draws traffic with each new probe (sinkhole), so pair it with ejection, which prequal-rs
 * has built in and a fleet here has beside it; when answers to probes stop it is random.
 */
import { z } from 'zod';
import type { LoadReport } from '../../core/load-report.ts';
import { isFailure, type Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { zCount, zDuration, zNumber, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { NOBODY, type Balancer, type Candidates } from './balancer.ts';
import { ProbePool } from './probe-pool.ts';
import { RecentQuantile } from './recent-quantile.ts';

export interface PrequalOptions {
  readonly pool: number;
  readonly age: Millis;
  readonly probes: number;
  readonly removes: number;
  readonly delta: number;
  readonly reuse: number;
  readonly hot: number;
  readonly history: number;
}

export class Prequal implements Balancer {
  readonly listens = false;
  readonly polls = true;
  readonly #options: PrequalOptions;
  readonly #rng: Rng;
  readonly #pool: ProbePool;
  readonly #rifs: RecentQuantile;
  /** Whom to ask next, and fractions of probes and removals carried over from call to call. */
  readonly #targets: ServerId[] = [];
  #probesDue = 0;
  #removesDue = 0;
  #oldestNext = true;
  /** How many servers there were at the last pick. */
  #servers = 1;

  constructor(options: PrequalOptions, rng: Rng) {
    this.#options = options;
    this.#rng = rng;
    this.#pool = new ProbePool(options.pool);
    this.#rifs = new RecentQuantile(options.history);
  }

  pick(now: Millis, _request: Request, candidates: Candidates): ServerId {
    this.#servers = candidates.size;
    this.#draw(candidates);
    this.#pool.expire(now, this.#options.age);
    const threshold = this.#rifs.at(this.#options.hot);
    const server = this.#choose(threshold, candidates);
    for (this.#removesDue += this.#options.removes; this.#removesDue >= 1; this.#removesDue--) {
      if (this.#oldestNext) this.#pool.removeOldest();
      else this.#pool.removeWorst(threshold);
      this.#oldestNext = !this.#oldestNext;
    }
    return server;
  }

  sent(): void {}

  settled(_now: Millis, server: ServerId, outcome: Outcome): void {
    if (isFailure(outcome)) this.#pool.forget(server);
  }

  joined(): void {}
  left(): void {}

  reported(now: Millis, server: ServerId, report: LoadReport): void {
    const rif = report.busy + report.queued;
    this.#rifs.add(rif);
    this.#pool.add({ server, at: now, latencyMs: report.latencyMs, rif, uses: this.#budget() });
  }

  poll(): ServerId {
    return this.#targets.pop() ?? NOBODY;
  }

  #choose(threshold: number, candidates: Candidates): ServerId {
    if (this.#pool.size >= 2) {
      const probe = this.#pool.best(threshold, candidates);
      if (probe !== null) {
        this.#pool.use(probe);
        return probe.server;
      }
    }
    return candidates.at(this.#rng.below(candidates.size));
  }

  /** Distinct servers to ask: as many as are due, or all there are. */
  #draw(candidates: Candidates): void {
    const targets = this.#targets;
    targets.length = 0;
    this.#probesDue += this.#options.probes;
    const due = Math.floor(this.#probesDue);
    this.#probesDue -= due;
    const wanted = Math.min(due, candidates.size);
    // Bentley and Floyd's random permutation of a sample (CACM 30, 1987): a draw that repeats an earlier one becomes the
    // greatest index so far, and stands behind it.
    for (let top = candidates.size - wanted; top < candidates.size; top++) {
      const drawn = candidates.at(this.#rng.below(top + 1));
      const earlier = targets.indexOf(drawn);
      if (earlier < 0) targets.unshift(drawn);
      else targets.splice(earlier + 1, 0, candidates.at(top));
    }
  }

  /** How many calls a probe may send. */
  #budget(): number {
    const { pool, probes, removes, delta, reuse } = this.#options;
    const surplus = (1 - pool / this.#servers) * probes - removes;
    const budget = surplus > 0 ? Math.min(Math.max(1, 1 + delta / surplus), reuse) : reuse;
    return Math.floor(budget + this.#rng.next());
  }
}

export const prequal = policy({
  summary:
    'Asks a few random servers for their load with each call, and sends to the best answer of late: low latency, not among the busiest.',
  options: z.strictObject({
    pool: zCount({ min: 1, max: 1000 }).prefault(16).describe('probe answers kept'),
    age: zDuration({ positive: true }).prefault('1s').describe('older answers are dropped'),
    probes: zNumber({ max: 100 }).prefault(3).describe('servers asked with each call, on average'),
    removes: zNumber({ max: 100 })
      .prefault(1)
      .describe('answers dropped with each call, in turns the oldest and the worst'),
    delta: zNumber().prefault(1).describe('adds to how often an answer may be used'),
    reuse: zCount({ min: 1 }).prefault(16).describe('most calls that one answer may send'),
    hot: zShare()
      .prefault('84%')
      .describe('a server is hot above this quantile of requests in flight; prequal-rs: 60%'),
    history: zCount({ min: 1, max: 10_000 })
      .prefault(64)
      .describe('answers that the quantile is taken over'),
  }),
  facts: {
    rule: 'Of the pooled probes the cold one (requests in flight at most the `hot` quantile of the last `history` probes) of least latency, else the one with fewest in flight; each use adds one to its requests in flight. Fewer than two probes: random. A failed call drops the probe of its server.',
    follows:
      'Wydrowski et al., NSDI 2024 (arXiv 2312.10172); prequal-rs @57887a4 prequal-core, its ejection left to the key `ejection`',
    good: 'unlike or disturbed servers and several balancers: load is asked for, not guessed',
    bad: 'servers that cannot be asked (random then); fast failures (sinkhole) without ejection',
    cost: 'O(pool)',
  },
  make: (options, rng) => new Prequal(options, rng),
});
