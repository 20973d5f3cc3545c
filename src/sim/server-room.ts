/**
 * The simulated servers: when they start, rise, fall and exit, which faults hold on whom, and how health checks find
 * them. Servers started later are of the last group; a fault on `all` holds for them too.
 */
import { durationSampler, type Sampler } from '../core/distributions.ts';
import { invariant } from '../core/invariant.ts';
import type { ServerId } from '../core/request.ts';
import { Draws } from '../core/rng.ts';
import { NEVER, type Millis } from '../core/units.ts';
import { FakeServer } from '../fake/fake-server.ts';
import type { Floor } from '../fake/floor.ts';
import type { JobId } from '../fake/jobs.ts';
import { siteOf, type Host, type Site } from '../fake/site.ts';
import type { Facts } from '../fleet/facts.ts';
import type { Observer, ServerTotals } from '../fleet/world.ts';
import { faultTimeline, type FaultChange } from '../scenario/faults.ts';
import type { Fault, Inputs, ServerGroup, Setup } from '../scenario/scenario.ts';
import type { Demand } from '../scenario/traffic.ts';
import type { EventQueue } from './event-queue.ts';
import { EVENT } from './events.ts';

interface Place {
  readonly fake: FakeServer;
  readonly group: ServerGroup;
  readonly patience: Sampler | null;
  readonly startedAt: Millis;
  exitedAt: Millis;
  /** Sequence of the event that will make it rise; an event with another number is stale. */
  riseDue: number;
  /** When its latest start-up is over. */
  startedUpAt: Millis;
  /** The fleet knows that it is up. */
  told: boolean;
  probes: number;
  probedAt: Millis;
  probeTimeout: Millis;
}

export class ServerRoom {
  readonly #setup: Setup;
  readonly #inputs: Inputs;
  readonly #queue: EventQueue;
  readonly #floor: Floor;
  readonly #site: Site;
  readonly #demand: Demand;
  readonly #places: Place[] = [];
  /** The same servers, without their surroundings: what the hot path reads. */
  readonly #fakes: FakeServer[] = [];
  readonly #probeDraws: Draws;
  readonly #patienceDraws: Draws;
  readonly #timeline: readonly FaultChange[];
  #nextChange = 0;
  readonly #holding = new Set<number>();
  readonly #holders = new Map<number, ServerId>();
  #observer!: Observer;
  #facts!: Facts;

  constructor(
    setup: Setup,
    inputs: Inputs,
    seed: number,
    duration: Millis,
    queue: EventQueue,
    floor: Floor,
    host: Host,
    demand: Demand,
  ) {
    this.#setup = setup;
    this.#inputs = inputs;
    this.#queue = queue;
    this.#floor = floor;
    this.#site = siteOf(floor, setup.servers.discipline, host, seed);
    this.#demand = demand;
    this.#probeDraws = new Draws(seed, 'probe');
    this.#patienceDraws = new Draws(seed, 'patience');
    this.#timeline = faultTimeline(setup.faults, duration);
    for (const group of setup.servers.groups) {
      for (let k = 0; k < group.count; k++) this.#add(0, group);
    }
  }

  /** The doors open: the first servers are up, and the fleet knows it. */
  open(observer: Observer, facts: Facts): void {
    this.#observer = observer;
    this.#facts = facts;
    for (const place of this.#places) {
      place.told = true;
      place.fake.rise(0);
    }
    this.#awaitChange();
  }

  server(id: ServerId): FakeServer {
    return this.#fakes[id]!;
  }

  start(now: Millis, id: ServerId): void {
    invariant(
      id === this.#places.length,
      'simulator: servers are numbered in the order of their start',
    );
    const place = this.#add(now, this.#setup.servers.groups.at(-1)!);
    for (const fault of this.#holding) {
      if (this.#setup.faults[fault]!.servers === 'all') this.#beginFault(now, fault, place);
    }
    this.#riseAfterStartup(now, place);
  }

  stop(now: Millis, id: ServerId): void {
    const place = this.#places[id]!;
    place.exitedAt = now;
    place.riseDue = 0;
    for (const fault of this.#holding) {
      if (place.fake.condition.holds(fault)) this.#observer.fault(now, fault, id, false);
    }
    if (place.fake.up) this.#fall(now, place);
    this.#queue.schedule(now, EVENT.exited, id);
  }

  rise(now: Millis, id: ServerId, sequence: number): void {
    const place = this.#places[id]!;
    if (place.riseDue !== sequence || place.fake.condition.downs > 0) return;
    place.fake.rise(now);
    this.#awaitLeaks(now, place);
    if (!place.told) {
      place.told = true;
      this.#facts.started(now, id);
    }
  }

  /** A leak has eaten all there was: the process dies and is restarted. */
  leaked(now: Millis, id: ServerId): void {
    const place = this.#places[id]!;
    if (!place.fake.up || !place.fake.condition.leaksOut(now)) return;
    this.#fall(now, place);
    this.#riseAfterStartup(now, place);
  }

  /** The pending change of the fault timeline is due. */
  changeFaults(now: Millis): void {
    const { fault, on } = this.#timeline[this.#nextChange++]!;
    const { servers } = this.#setup.faults[fault]!;
    if (on) this.#holding.add(fault);
    else this.#holding.delete(fault);
    for (const place of this.#places) {
      if (place.exitedAt < NEVER || (servers !== 'all' && !servers.includes(place.fake.id)))
        continue;
      if (on) this.#beginFault(now, fault, place);
      else if (place.fake.condition.holds(fault)) this.#endFault(now, fault, place);
    }
    this.#awaitChange();
  }

  probe(now: Millis, id: ServerId, timeout: Millis, leg: Millis): void {
    const place = this.#places[id]!;
    place.probedAt = now;
    place.probeTimeout = timeout;
    this.#queue.schedule(now + leg, EVENT.probe, id);
  }

  /** The check reaches the server: its answer goes back, or its time runs out. */
  probeArrives(now: Millis, id: ServerId, leg: Millis): void {
    const place = this.#places[id]!;
    const result = place.fake.healthCheck(this.#probeDraws.uniform(id, place.probes++));
    const outOfTime = place.probedAt + place.probeTimeout;
    const answerAt = now + leg;
    if (result === 'silent' || answerAt > outOfTime)
      this.#queue.schedule(Math.max(outOfTime, now), EVENT.probedBad, id);
    else this.#queue.schedule(answerAt, result === 'ok' ? EVENT.probedOk : EVENT.probedBad, id);
  }

  /** A job has been queued: its wait there is limited. */
  limitPatience(now: Millis, job: JobId): void {
    const { patience } = this.#places[this.#floor.jobs.server[job]!]!;
    if (patience === null) return;
    const request = this.#floor.jobs.request[job]!;
    const draw = this.#patienceDraws.uniform(
      request.arrival,
      request.call,
      this.#floor.jobs.attempt[job],
    );
    this.#floor.jobs.due[job] = this.#queue.schedule(now + patience(draw), EVENT.patience, job);
  }

  holdSession(session: number, id: ServerId): void {
    this.#holders.set(session, id);
  }

  closeSession(session: number): void {
    const holder = this.#holders.get(session);
    if (holder === undefined) return;
    this.#holders.delete(session);
    this.#places[holder]!.fake.closeSession(session);
  }

  /** Calls waiting in all queues. */
  queued(): number {
    return this.#floor.queued.total;
  }

  totals(now: Millis): ServerTotals[] {
    return this.#places.map(({ fake, group, startedAt, exitedAt }) => ({
      id: fake.id,
      group: group.name,
      startedAt,
      exitedAt,
      ...fake.tally(now),
    }));
  }

  #add(now: Millis, group: ServerGroup): Place {
    const id = this.#places.length;
    const fake = new FakeServer(
      id,
      { ...group, defers: this.#setup.servers.overload === 'defer' },
      this.#site,
    );
    this.#fakes.push(fake);
    const patience = group.patience && durationSampler(group.patience, this.#inputs);
    const place: Place = {
      fake,
      group,
      patience,
      startedAt: now,
      exitedAt: NEVER,
      riseDue: 0,
      startedUpAt: now,
      told: false,
      probes: 0,
      probedAt: 0,
      probeTimeout: 0,
    };
    this.#places.push(place);
    return place;
  }

  #riseAfterStartup(now: Millis, place: Place): void {
    place.startedUpAt = now + this.#setup.servers.startup;
    place.riseDue = this.#queue.schedule(place.startedUpAt, EVENT.rise, place.fake.id);
  }

  #beginFault(now: Millis, fault: number, place: Place): void {
    const { effect, healthOk } = this.#setup.faults[fault]!;
    const { fake } = place;
    this.#observer.fault(now, fault, fake.id, true);
    fake.faultBegins(now, fault, effect, healthOk);
    if (fake.condition.downs > 0 && fake.up) this.#fall(now, place);
    if (effect.kind === 'leak') this.#awaitLeaks(now, place);
  }

  /** A crashed server needs its start-up to come back; one that flaps is back at once, unless it was still starting. */
  #endFault(now: Millis, fault: number, place: Place): void {
    const { fake } = place;
    this.#observer.fault(now, fault, fake.id, false);
    fake.faultEnds(now, fault);
    if (fake.up) return;
    const { kind } = this.#setup.faults[fault]!.effect;
    if (kind === 'crash') place.startedUpAt = now + this.#setup.servers.startup;
    if (fake.condition.downs > 0 || (kind !== 'crash' && kind !== 'flap')) return;
    const riseAt = Math.max(now, place.startedUpAt);
    place.riseDue = this.#queue.schedule(riseAt, EVENT.rise, fake.id);
  }

  #fall(now: Millis, place: Place): void {
    for (const session of place.fake.fall(now)) this.#demand.holderDied(session);
  }

  #awaitLeaks(now: Millis, place: Place): void {
    for (const fault of this.#holding) {
      const { effect }: Fault = this.#setup.faults[fault]!;
      if (effect.kind === 'leak' && place.fake.condition.holds(fault)) {
        this.#queue.schedule(now + effect.over, EVENT.leaked, place.fake.id);
      }
    }
  }

  #awaitChange(): void {
    this.#queue.set(EVENT.fault, this.#timeline[this.#nextChange]?.at ?? NEVER);
  }
}
