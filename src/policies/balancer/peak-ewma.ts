/**
 * Peak EWMA over two choices: of two distinct candidates the one with the lower cost, latency times (calls in flight + 1).
 * Latency is an average that jumps up with a slow answer and comes down over `decay`. Three kinds are in use:
 * - `finagle` (@4feb34c, loadbalancer/PeakEwma.scala): a server never heard from costs nothing while idle and a fortune
 *   while its first call is out, so that it gets one call until it is measured;
 * - `linkerd` (linkerd2-proxy @29637b6 over tower, load/peak_ewma.rs): starts at `rtt`, which decays as a sample would;
 * - `envoy` (contrib/peak_ewma @56af06f): a plain average, without the jump and without decay while nothing comes.
 * Not exactly Finagle's: there each look at a cost counts as a sample of 0, so the average comes down the sooner the more
 * often its server is looked at. Here a look changes nothing, as no read does in this house, and a peak is remembered
 * longer: 20 s after one of 1 s, among answers of 60 and 140 ms, 222 ms are left, there 179 with one look a call and 143
 * with ten.
 * Pathology: an answer that fails fast is a fast answer (sinkhole); with `envoy` a server that was slow once may never
 * be asked again, as its average only moves when it answers.
 */
import { z } from 'zod';
import { Ewma } from '../../core/ewma.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { orNone, zDuration, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Balancer, Candidates } from './balancer.ts';
import { Unreported } from './unreported.ts';
import { secondDraw } from './second-draw.ts';

export interface PeakEwmaOptions {
  readonly variant: 'finagle' | 'linkerd' | 'envoy';
  readonly decay: Millis;
  /** Null: the variant's own. */
  readonly rtt: Millis | null;
}

interface Kind {
  readonly rtt: Millis;
  /** Cost of a server that has calls out and no history. */
  readonly penalty: number;
  /** The average starts at `rtt`, instead of with the first sample. */
  readonly starts: boolean;
  /** It jumps up with a slow answer, and decays while nothing comes. */
  readonly peaks: boolean;
}

const KINDS: Readonly<Record<PeakEwmaOptions['variant'], Kind>> = {
  // Long.MaxValue >> 16 nanoseconds, about 39 hours.
  finagle: { rtt: 0, penalty: 2 ** 47 / 1e6, starts: false, peaks: true },
  linkerd: { rtt: 30, penalty: 0, starts: true, peaks: true },
  envoy: { rtt: 10, penalty: 1e6, starts: false, peaks: false },
};

/** Cost of one more call: `rtt` ms (0 = unmeasured), `active` calls in flight. */
export const peakEwmaCost = (
  rtt: Millis,
  active: number,
  unmeasuredRtt: Millis,
  penalty: number,
): number => {
  if (rtt > 0) return rtt * (active + 1);
  return active > 0 ? penalty + active : unmeasuredRtt;
};

export class PeakEwma extends Unreported implements Balancer {
  readonly #kind: Kind;
  readonly #rtt: Millis;
  readonly #decay: Millis;
  readonly #rng: Rng;
  /** By server id; kept for servers that have left, too. */
  readonly #active: number[] = [];
  readonly #latency: Ewma[] = [];

  constructor({ variant, decay, rtt }: PeakEwmaOptions, rng: Rng) {
    super();
    this.#kind = KINDS[variant];
    this.#rtt = rtt ?? this.#kind.rtt;
    this.#decay = decay;
    this.#rng = rng;
  }

  pick(now: Millis, _request: Request, candidates: Candidates): ServerId {
    const size = candidates.size;
    if (size === 1) return candidates.at(0);
    const index = this.#rng.below(size);
    const first = candidates.at(index);
    const second = candidates.at(secondDraw(this.#rng, size, index));
    return this.cost(now, first) <= this.cost(now, second) ? first : second;
  }

  /** What one more call costs on `server`. */
  cost(now: Millis, server: ServerId): number {
    const latency = this.#latency[server]!;
    const { peaks, penalty } = this.#kind;
    const rtt = peaks ? latency.at(now) : latency.value;
    return peakEwmaCost(rtt, this.#active[server]!, this.#rtt, penalty);
  }

  sent(_now: Millis, server: ServerId): void {
    this.#active[server]! += 1;
  }

  settled(now: Millis, server: ServerId, _outcome: Outcome, tookMs: Millis): void {
    this.#active[server]! -= 1;
    if (this.#kind.peaks) this.#latency[server]!.addPeak(now, tookMs);
    else this.#latency[server]!.add(now, tookMs);
  }

  joined(now: Millis, server: ServerId): void {
    if (this.#latency[server] !== undefined) return;
    const { starts } = this.#kind;
    this.#active[server] = 0;
    this.#latency[server] = new Ewma(this.#decay, starts ? this.#rtt : NaN, now);
  }

  left(): void {}
}

export const peakEwma = policy({
  summary:
    'The better of two servers drawn at random by latency times calls in flight; a slow answer counts at once.',
  options: z.strictObject({
    variant: z
      .enum(['finagle', 'linkerd', 'envoy'])
      .default('finagle')
      .describe('whose rule for servers without history, and whose average'),
    decay: zDuration({ positive: true })
      .prefault('10s')
      .describe('after this long a latency counts for 1/e'),
    rtt: orNone(zDuration({ positive: true }))
      .prefault('none')
      .describe(
        "latency assumed of a server without history; none: the variant's own, 30ms for linkerd, 10ms for envoy",
      ),
  }),
  facts: {
    rule: 'Draw two distinct candidates, take the lower latency * (calls in flight + 1). A latency above the average replaces it, a lower one is averaged in by e^(-dt/decay). No history: free while idle, a prohibitive cost with a call out (finagle); `rtt`, decaying (linkerd); `rtt` while idle, 1e6 + calls with calls out, no jump (envoy).',
    follows:
      'Finagle @4feb34c loadbalancer/PeakEwma.scala and p2c/P2CPick.scala, but a look at a cost is no sample (there it counts as one of 0, so that a peak is forgotten the sooner the more often its server is looked at); linkerd2-proxy @29637b6 linkerd/pool/p2c and tower load/peak_ewma.rs; Envoy @56af06f contrib/peak_ewma',
    good: 'servers of unlike or changing speed, several balancers, large fleets',
    bad: 'fast failures look like fast answers (sinkhole): needs a breaker or ejection; heavy-tailed work makes a server look slow for what the request was',
    cost: 'O(1)',
  },
  make: (options, rng) => new PeakEwma(options, rng),
});
