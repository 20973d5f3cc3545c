/**
 * Servers that are processes of ours, on loopback ports, and the trouble that is made for them: a crash is SIGKILL, and the
 * server comes back at the same port, mostly after its start-up; what else goes wrong is told to the process. A process that dies
 * of itself (a leak) is started anew, as a supervisor would. Totals of a server add up over its lives.
 *
 * A process takes a second or so before it can listen, which no scenario speaks of. So one is forked ahead where it is
 * known that it will be needed: for a server that has just crashed, and for the next one that an autoscaler might want.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { FakeProcessOptions, ToServer } from '../fake/messages.ts';
import type { ServerHost } from './host.ts';
import { ServerProcess } from './server-process.ts';
import { Totals } from './totals.ts';

export interface ProcessHostOptions {
  /** The program of a server's process. */
  readonly entry: URL;
  /** What server `id` is; `port` is filled in here. */
  readonly optionsOf: (id: ServerId) => Omit<FakeProcessOptions, 'port'>;
  /** Servers below this number are there from the beginning: they need no start-up. */
  readonly initial: number;
  /** From the wish for a server to its listening. */
  readonly startup: Millis;
  /** More servers may be wanted later. */
  readonly scales: boolean;
  /** A server is back after a crash. */
  readonly onBack: (id: ServerId, url: URL) => void;
}

interface Place {
  process: ServerProcess | null;
  port: number;
  readonly totals: Totals;
  /** Faults that hold, by number: each new life has to hear of them. */
  readonly faults: Map<number, Extract<ToServer, { readonly kind: 'fault' }>>;
  /** Crashes that hold: it stays down. */
  crashes: number;
  /** When its start-up is over, by `performance.now()`. */
  startedUpAt: Millis;
  /** It is not to come back. */
  stopped: boolean;
}

/** A server that is about to be killed is given so long to say what it has done. */
const LAST_TALLY_MS = 50;
const TALLY_MS = 1000;

export class ProcessHost implements ServerHost {
  readonly #options: ProcessHostOptions;
  readonly #places: Place[] = [];
  /** Forked ahead, and nothing yet. */
  readonly #spares: ServerProcess[] = [];
  #closing = false;

  constructor(options: ProcessHostOptions) {
    this.#options = options;
    process.once('exit', () => this.#killAll());
  }

  start(id: ServerId): Promise<URL> {
    const place: Place = {
      process: null,
      port: 0,
      totals: new Totals(),
      faults: new Map(),
      crashes: 0,
      startedUpAt: 0,
      stopped: false,
    };
    this.#places[id] = place;
    if (id >= this.#options.initial) this.#startUp(place);
    return this.#live(id, place);
  }

  async stop(id: ServerId): Promise<void> {
    const place = this.#places[id]!;
    place.stopped = true;
    const { process } = place;
    if (process === null) return;
    place.process = null;
    await this.#lastTally(place, process);
    await process.stop();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#all().map((process) => process.stop()));
  }

  /** Kills a server's process. It stays down until as many `recover` as `crash` were called. */
  async crash(id: ServerId): Promise<void> {
    const place = this.#places[id]!;
    place.crashes++;
    const { process } = place;
    if (process === null) return;
    place.process = null;
    await this.#lastTally(place, process);
    process.kill();
    this.#spare();
  }

  /** `anew`: with a start-up from now on. Else it is back at once, unless it was still starting. */
  recover(id: ServerId, anew: boolean): void {
    const place = this.#places[id]!;
    place.crashes--;
    if (anew) this.#startUp(place);
    if (place.crashes === 0 && !place.stopped) this.#revive(id, place);
  }

  /** Begins or ends a fault that the server itself acts out. */
  fault(id: ServerId, fault: Extract<ToServer, { readonly kind: 'fault' }>): void {
    const place = this.#places[id]!;
    if (fault.on) place.faults.set(fault.fault, fault);
    else place.faults.delete(fault.fault);
    place.process?.tell(fault);
  }

  /** Totals of a server over all its lives, up to now if it can say so. */
  async totals(id: ServerId): Promise<Totals> {
    const place = this.#places[id]!;
    const tally = (await place.process?.tally(TALLY_MS)) ?? null;
    return tally === null ? place.totals.copy() : place.totals.plus(tally);
  }

  #startUp(place: Place): void {
    place.startedUpAt = performance.now() + this.#options.startup;
  }

  async #live(id: ServerId, place: Place): Promise<URL> {
    const life = this.#take();
    place.process = life;
    if (this.#options.scales && id >= this.#options.initial - 1) this.#spare();
    void life.gone.then(() => this.#died(id, place, life));
    const startup = place.startedUpAt - performance.now();
    if (startup > 0) await sleep(startup);
    if (place.process !== life) throw new Error('it was stopped while it started');
    const options = { ...this.#options.optionsOf(id), port: place.port };
    place.port = await life.configure(options);
    for (const fault of place.faults.values()) life.tell(fault);
    return new URL(`http://127.0.0.1:${place.port}/mcp`);
  }

  #take(): ServerProcess {
    let spare = this.#spares.shift();
    while (spare !== undefined && !spare.alive) spare = this.#spares.shift();
    return spare ?? new ServerProcess(this.#options.entry);
  }

  #spare(): void {
    if (!this.#closing) this.#spares.push(new ServerProcess(this.#options.entry));
  }

  #all(): readonly ServerProcess[] {
    const lives = this.#places.flatMap(({ process }) => (process === null ? [] : [process]));
    return [...lives, ...this.#spares].filter(({ alive }) => alive);
  }

  /** It was not us: whatever ended it, it is started anew. */
  #died(id: ServerId, place: Place, life: ServerProcess): void {
    if (place.process !== life) return;
    place.process = null;
    if (place.crashes > 0 || place.stopped || this.#closing) return;
    this.#startUp(place);
    this.#revive(id, place);
  }

  #revive(id: ServerId, place: Place): void {
    this.#live(id, place).then(
      (url) => this.#options.onBack(id, url),
      () => {
        // Its death, and so the next attempt, is seen by `#died`.
      },
    );
  }

  async #lastTally(place: Place, process: ServerProcess): Promise<void> {
    const tally = await process.tally(LAST_TALLY_MS);
    if (tally !== null) place.totals.add(tally);
  }

  #killAll(): void {
    for (const process of this.#all()) process.kill();
  }
}
