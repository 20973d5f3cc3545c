/**
 * C3, adaptive replica selection (Suresh et al., NSDI 2015): the candidate of least rank R - S + q^3 S, with R the
 * response time, S the service time and q = 1 + calls in flight * clients + the server's own queue. The cube makes long
 * queues expensive, `clients` guesses at the calls that the other balancers have out. Averages take 0.3 of a new sample.
 * As in Elasticsearch @122855a node/ResponseCollectorService.java: queue and service time ride on the answers; a server
 * without history goes first; and after each pick the losers are told, as a sample, the point half-way to the winner, so
 * that a slow one is tried again. Failures are no samples. A server that reports nothing has no queue, and its S is its R.
 * Pathology: a new server gets all calls until its first answer, for ever if it only fails; the queue is as old as the last answer (Tars, PRS); forgetting goes by picks, so that in a large or busy
 * fleet all look alike after some twenty calls and calls in flight decide alone.
 */
import { z } from 'zod';
import type { LoadReport } from '../../core/load-report.ts';
import { isCompleted, type Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { zCount, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { NOBODY, type Balancer, type Candidates } from './balancer.ts';

const ALPHA = 0.3;

/** The lower the better; times in ms. */
export const c3Rank = (
  responseMs: Millis,
  serviceMs: Millis,
  queue: number,
  outstanding: number,
  clients: number,
): number => {
  const expected = 1 + outstanding * clients + queue;
  return responseMs - serviceMs + expected * expected * expected * serviceMs;
};

/** A server's books. */
interface Node {
  active: number;
  /** Has answered: before that it has no rank and goes first. */
  known: boolean;
  response: Millis;
  /** Has reported its work; until then service time is response time. */
  told: boolean;
  service: Millis;
  queue: number;
  /** Totals of the last report. */
  busyMs: Millis;
  finished: number;
}

export class C3 implements Balancer {
  readonly listens = true;
  readonly polls = false;
  readonly #clients: number;
  readonly #rng: Rng;
  /** By server id; kept for servers that have left, too. */
  readonly #nodes: Node[] = [];

  constructor(clients: number, rng: Rng) {
    this.#clients = clients;
    this.#rng = rng;
  }

  /** Equals are found from a random start on, so that no server is always the first. */
  pick(_now: Millis, _request: Request, candidates: Candidates): ServerId {
    const size = candidates.size;
    const start = this.#rng.below(size);
    let winner = candidates.at(start);
    let least = this.#rank(winner);
    for (let step = 1; step < size; step++) {
      const index = start + step;
      const server = candidates.at(index < size ? index : index - size);
      const rank = this.#rank(server);
      if (rank < least - NANOSECOND) {
        winner = server;
        least = rank;
      }
    }
    if (this.#nodes[winner]!.known) this.#forget(this.#nodes[winner]!, candidates);
    return winner;
  }

  sent(_now: Millis, server: ServerId): void {
    this.#nodes[server]!.active += 1;
  }

  settled(_now: Millis, server: ServerId, outcome: Outcome, tookMs: Millis): void {
    const node = this.#nodes[server]!;
    node.active -= 1;
    if (!isCompleted(outcome)) return;
    node.response = node.known ? averaged(node.response, tookMs) : tookMs;
    if (!node.told) node.service = node.response;
    node.known = true;
  }

  joined(_now: Millis, server: ServerId): void {
    while (this.#nodes.length <= server) this.#nodes.push(newNode());
  }

  left(): void {}

  reported(_now: Millis, server: ServerId, report: LoadReport): void {
    const node = this.#nodes[server];
    if (node === undefined) return;
    // A process that was restarted counts from 0 again.
    const restarted = report.finished < node.finished;
    const finished = report.finished - (restarted ? 0 : node.finished);
    const busyMs = report.busyMs - (restarted ? 0 : node.busyMs);
    node.finished = report.finished;
    node.busyMs = report.busyMs;
    node.queue = node.told ? averaged(node.queue, report.queued) : report.queued;
    if (finished <= 0 || busyMs < 0) return;
    node.service = node.told ? averaged(node.service, busyMs / finished) : busyMs / finished;
    node.told = true;
  }

  poll(): ServerId {
    return NOBODY;
  }

  #rank(server: ServerId): number {
    const { known, response, service, queue, active } = this.#nodes[server]!;
    // Unknown servers share the calls by their number in flight.
    return known ? c3Rank(response, service, queue, active, this.#clients) : active - UNKNOWN;
  }

  /** Moves every loser that has a history by a sample that lies half-way to the winner. */
  #forget(winner: Node, candidates: Candidates): void {
    const { response, service, queue } = winner;
    for (let index = 0; index < candidates.size; index++) {
      const node = this.#nodes[candidates.at(index)]!;
      if (node === winner || !node.known) continue;
      node.response += HALF_WAY * (response - node.response);
      node.service += HALF_WAY * (service - node.service);
      node.queue += HALF_WAY * (queue - node.queue);
    }
  }
}

const UNKNOWN = 2 ** 40;

/** Ranks this close are equal, or what is left of an average that never quite gets there would decide. */
const NANOSECOND = 1e-6;

const HALF_WAY = ALPHA / 2;

const averaged = (average: number, sample: number): number => average + ALPHA * (sample - average);

const newNode = (): Node => ({
  active: 0,
  known: false,
  response: 0,
  told: false,
  service: 0,
  queue: 0,
  busyMs: 0,
  finished: 0,
});

export const c3 = policy({
  summary:
    'The server of least expected wait by response time, service time and the cube of its queue.',
  options: z.strictObject({
    clients: zCount({ min: 1, max: 100_000 })
      .prefault(1)
      .describe('balancers that share the fleet, this one included'),
  }),
  facts: {
    rule: 'Least R - S + (1 + calls in flight * clients + queue)^3 S; R, S and queue are averages that take 0.3 of a new sample, queue and S from the reports that ride on answers. After each pick every loser gets a sample half-way to the winner. Servers without history first.',
    follows:
      'C3, Suresh et al., NSDI 2015; Elasticsearch @122855a adaptive replica selection, server/.../node/ResponseCollectorService.java and routing/IndexShardRoutingTable.java',
    good: 'a handful of replicas of unlike speed that several balancers share',
    bad: 'large fleets (a scan, and it forgets by picks); queues reported late; a new server gets every call until it answers one',
    cost: 'O(n): its definition is a scan',
  },
  make: ({ clients }, rng) => new C3(clients, rng),
});
