/**
 * The way of a call through the simulated world: send -> (network) deliver -> a slot, maybe after the queue -> finish ->
 * (network) answer; and its ends before that: refused at the door, out of patience, given up, cancelled.
 */
import type { Outcome } from '../core/outcome.ts';
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import { PLACE, type JobId, type Jobs } from '../fake/jobs.ts';
import type { Call } from '../fleet/intentions.ts';
import { EVENT } from './events.ts';
import type { Network } from './network.ts';
import type { ServerRoom } from './server-room.ts';

const ANSWERS: readonly Outcome[] = [
  'ok',
  'tool-error',
  'refused',
  'reset',
  'overloaded',
  'deferred',
  'throttled',
  'http-5xx',
  'session-lost',
];
const ANSWER = Object.fromEntries(ANSWERS.map((outcome, code) => [outcome, code])) as Record<
  Outcome,
  number
>;

/** Marks a job whose cancellation overtook it on the network. */
const CANCELLED = -1;

export class Journeys {
  /** Of the answer that `arrive` has taken. */
  server: ServerId = 0;
  outcome: Outcome = 'ok';
  readonly #jobs: Jobs;
  readonly #network: Network;
  readonly #room: ServerRoom;
  /** By call slot. */
  readonly #jobOfCall: JobId[] = [];

  constructor(jobs: Jobs, network: Network, room: ServerRoom) {
    this.#jobs = jobs;
    this.#network = network;
    this.#room = room;
  }

  send(now: Millis, call: Call): void {
    const job = this.#jobs.take(call.request, call.attempt, call.id, call.server);
    this.#jobOfCall[call.id] = job;
    this.#network.send(now, EVENT.deliver, job, call.request, call.attempt);
  }

  abandon(now: Millis, call: Call): void {
    const job = this.#jobOfCall[call.id]!;
    const jobs = this.#jobs;
    jobs.call[job] = -1;
    if (jobs.place[job] === PLACE.silent) this.#dispose(now, job);
    else if (call.request.era === 'modern' && jobs.place[job] !== PLACE.replying) {
      jobs.cancel[job] = this.#network.send(now, EVENT.cancel, job, call.request, call.attempt);
    }
  }

  deliver(now: Millis, job: JobId): void {
    const jobs = this.#jobs;
    if (jobs.cancel[job] === CANCELLED) {
      jobs.free(job);
      return;
    }
    const server = this.#room.server(jobs.server[job]!);
    const admission = server.offer(now, job);
    if (admission === 'queued') this.#room.limitPatience(now, job);
    else if (admission === 'silent') {
      if (jobs.call[job]! < 0) this.#dispose(now, job);
    } else if (admission !== 'working') this.answer(now, job, admission);
  }

  finish(now: Millis, job: JobId): void {
    const jobs = this.#jobs;
    const server = this.#room.server(jobs.server[job]!);
    const request = jobs.request[job]!;
    if (request.kind === 'initialize' && jobs.call[job]! >= 0)
      this.#room.holdSession(request.session, server.id);
    if (server.finish(now, job)) this.answer(now, job, server.toolFails(job) ? 'tool-error' : 'ok');
    else if (jobs.call[job]! < 0) this.#dispose(now, job);
  }

  giveUp(now: Millis, job: JobId): void {
    this.#room.server(this.#jobs.server[job]!).withdraw(now, job);
    this.answer(now, job, 'overloaded');
  }

  cancel(now: Millis, job: JobId): void {
    const jobs = this.#jobs;
    const server = this.#room.server(jobs.server[job]!);
    if (server.condition.partitions > 0) return;
    if (jobs.place[job] === PLACE.travelling) jobs.cancel[job] = CANCELLED;
    else if (jobs.place[job] !== PLACE.replying) this.#dispose(now, job);
  }

  /** Sends the answer on its way back; without anyone waiting the job is over. */
  answer(now: Millis, job: JobId, outcome: Outcome): void {
    const jobs = this.#jobs;
    if (jobs.call[job]! < 0) {
      jobs.free(job);
      return;
    }
    jobs.place[job] = PLACE.replying;
    jobs.due[job] = 0;
    jobs.answer[job] = ANSWER[outcome];
    this.#network.send(now, EVENT.answer, job, jobs.request[job]!, jobs.attempt[job]!);
  }

  /** The answer has come back: its job is over. Gives the call that waits for it, -1 if none does any more. */
  arrive(job: JobId): number {
    const jobs = this.#jobs;
    const call = jobs.call[job]!;
    this.server = jobs.server[job]!;
    this.outcome = ANSWERS[jobs.answer[job]!]!;
    jobs.free(job);
    return call;
  }

  /** Takes a job nobody waits for off its server. */
  #dispose(now: Millis, job: JobId): void {
    this.#room.server(this.#jobs.server[job]!).withdraw(now, job);
    this.#jobs.free(job);
  }
}
