/**
 * nginx's least_time last_byte (1.29.x of 2026-04, src/http/modules/ngx_http_upstream_least_time_module.c): the least
 * rt * (1 + calls) / weight, with rt the response time, smoothed (19 parts old, 1 part new), in steps of 20 ms, at most 5 s;
 * ties take smooth weighted turns. A server not picked for `failTimeout` has its rt halved, and again for each further one,
 * so that a slow server is tried again. `inflight` lets calls that have waited longer than rt count for it: a server that hangs is noticed
 * before its calls time out. Only answers count as response times, also a 500: nothing is measured of a call that got none.
 * Pathology: a server that answers errors fast is the favourite; a new one counts as 0 ms and meets the herd.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import { zDuration, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Balancer, Candidates } from './balancer.ts';
import { isUnreached } from './unreached.ts';
import { Unreported } from './unreported.ts';

const STEP = 20;
const CAP = 5000;

export interface LeastTimeOptions {
  readonly inflight: boolean;
  readonly failTimeout: Millis;
}

class Peer {
  weight = 1;
  order = 0;
  /** Of smooth weighted round robin. */
  current = 0;
  calls = 0;
  /** Response time, whole ms; 0: none yet. */
  responseMs = 0;
  /** Second of the pick or failure that `failTimeout` runs from. */
  checked = 0;
  /** Mean age of the calls in flight, smoothed over picks, ms. */
  inflightMs = 0;
  /** Their summed age at `changedAt`, ms. */
  agesMs = 0;
  changedAt: Millis = 0;
  /** Scratch of the pick that is being made. */
  eta = 0;
}

export class LeastTime extends Unreported implements Balancer {
  readonly #inflight: boolean;
  readonly #failTimeout: number;
  readonly #peers: Peer[] = [];
  #joined = 0;

  constructor(options: LeastTimeOptions) {
    super();
    this.#inflight = options.inflight;
    this.#failTimeout = options.failTimeout / 1000;
  }

  pick(now: Millis, _request: Request, candidates: Candidates): ServerId {
    const { size } = candidates;
    let best = Infinity;
    let ties = 0;
    let picked = -1;
    for (let k = 0; k < size; k++) {
      const server = candidates.at(k);
      const peer = this.#peers[server]!;
      if (this.#inflight && peer.calls > 0 && size > 1) this.#observe(now, peer);
      peer.eta = this.#eta(now, peer) / peer.weight;
      if (peer.eta < best) {
        best = peer.eta;
        ties = 1;
        picked = server;
      } else if (peer.eta === best) ties++;
    }
    return ties === 1 ? picked : this.#turn(candidates, best);
  }

  sent(now: Millis, server: ServerId): void {
    const peer = this.#peers[server]!;
    const second = Math.floor(now / 1000);
    if (second - peer.checked > this.#failTimeout) peer.checked = second;
    peer.agesMs += (now - peer.changedAt) * peer.calls;
    peer.changedAt = now;
    peer.calls++;
  }

  settled(now: Millis, server: ServerId, outcome: Outcome, tookMs: Millis): void {
    const peer = this.#peers[server]!;
    peer.agesMs += (now - peer.changedAt) * peer.calls - tookMs;
    peer.changedAt = now;
    if (--peer.calls === 0) peer.agesMs = 0;
    if (isUnreached(outcome)) peer.checked = Math.floor(now / 1000);
    else if (outcome !== 'cancelled') peer.responseMs = smoothed(peer.responseMs, tookMs);
  }

  joined(_now: number, server: ServerId, weight: number): void {
    let peer = this.#peers[server];
    if (peer === undefined) {
      peer = new Peer();
      peer.order = this.#joined++;
      this.#peers[server] = peer;
    }
    peer.weight = weight;
  }

  left(): void {}

  /** Estimated ms until a further call would be answered. */
  #eta(now: Millis, peer: Peer): Millis {
    let rt = peer.responseMs;
    const idle = Math.floor(now / 1000) - peer.checked;
    if (idle > this.#failTimeout)
      rt = Math.floor(rt / 2 ** Math.floor(idle / (this.#failTimeout + 1)));
    if (this.#inflight && peer.calls > 0) rt = Math.max(rt, peer.inflightMs);
    return (rt > CAP ? CAP : rt + STEP - (rt % STEP)) * (1 + peer.calls);
  }

  /** Takes the ages of a server's calls into its mean. */
  #observe(now: Millis, peer: Peer): void {
    const age = peer.agesMs / peer.calls + (now - peer.changedAt);
    peer.inflightMs = smoothed(peer.inflightMs, age);
  }

  /** Smooth weighted round robin among those whose estimate is the least. */
  #turn(candidates: Candidates, eta: number): ServerId {
    let total = 0;
    let picked = -1;
    let best: Peer | null = null;
    for (let k = 0; k < candidates.size; k++) {
      const peer = this.#peers[candidates.at(k)]!;
      if (peer.eta !== eta) continue;
      peer.current += peer.weight;
      total += peer.weight;
      const ahead =
        best === null ||
        peer.current > best.current ||
        (peer.current === best.current && peer.order < best.order);
      if (!ahead) continue;
      best = peer;
      picked = candidates.at(k);
    }
    if (best !== null) best.current -= total;
    return picked;
  }
}

/** nginx's moving average of whole milliseconds; the first sample stands as it is. */
const smoothed = (average: number, sample: number): number =>
  average === 0 ? Math.trunc(sample) : Math.floor(0.5 + 0.05 * Math.trunc(sample) + 0.95 * average);

export const leastTime = policy({
  summary: 'The server whose answer is expected first, by response time and calls in flight.',
  options: z.strictObject({
    inflight: z
      .boolean()
      .default(false)
      .describe('calls that wait longer than the response time count for it'),
    failTimeout: zDuration({ positive: true })
      .prefault('10s')
      .describe('a server not picked for so long has its response time halved'),
  }),
  facts: {
    rule: 'Least response time * (1 + calls in flight) / weight, the time smoothed (0.95 old, 0.05 new), in steps of 20 ms, capped at 5 s and halved for each `failTimeout` without a pick; ties take smooth weighted turns.',
    follows:
      'nginx least_time last_byte, open source since 1.29 (src/http/modules/ngx_http_upstream_least_time_module.c)',
    good: 'servers of unlike and unknown speed',
    bad: 'fast errors (an answer is an answer), servers that have just joined (herd), answers of a few ms (all within one step)',
    cost: 'O(n): its definition is a scan',
  },
  make: (options) => new LeastTime(options),
});
