/**
 * Servers under a scenario's faults: the same timeline as the simulator's, by the run's clock. A crash, as each fall of a
 * flap, is the killing of a process; everything else the server is told and acts out itself. A fault on `all` strikes
 * servers started later as well.
 */
import type { ServerId } from '../../core/request.ts';
import { NEVER, type Millis } from '../../core/units.ts';
import { faultTimeline, type FaultChange } from '../../scenario/faults.ts';
import type { Fault } from '../../scenario/scenario.ts';
import type { Clock } from '../clock.ts';
import { Alarm } from './alarm.ts';
import type { ServerHost } from './host.ts';
import type { ProcessHost } from './process-host.ts';

/** A fault has begun (`on`) or ended on a server. */
export type FaultTold = (at: Millis, fault: number, server: ServerId, on: boolean) => void;

/** When a server was wished for, and when it was told to go; NEVER while it is there. */
export interface Stay {
  readonly startedAt: Millis;
  exitedAt: Millis;
}

export class TroubledHost implements ServerHost {
  /** By server id. */
  readonly stays: Stay[] = [];
  readonly #host: ProcessHost;
  readonly #faults: readonly Fault[];
  readonly #clock: Clock;
  readonly #told: FaultTold;
  readonly #timeline: readonly FaultChange[];
  readonly #alarm: Alarm;
  /** By fault that holds: the servers it has struck. */
  readonly #struck = new Map<number, Set<ServerId>>();
  #next = 0;

  constructor(
    host: ProcessHost,
    faults: readonly Fault[],
    duration: Millis,
    clock: Clock,
    told: FaultTold,
  ) {
    this.#host = host;
    this.#faults = faults;
    this.#clock = clock;
    this.#told = told;
    this.#timeline = faultTimeline(faults, duration);
    this.#alarm = new Alarm(clock, () => this.#change());
  }

  /** The run begins: trouble comes by the clock from now on. */
  begin(): void {
    this.#alarm.set(this.#timeline[this.#next]?.at ?? NEVER);
  }

  start(id: ServerId): Promise<URL> {
    const now = Math.max(0, this.#clock.now());
    this.stays[id] = { startedAt: now, exitedAt: NEVER };
    const url = this.#host.start(id);
    for (const [fault, servers] of this.#struck) {
      if (this.#faults[fault]!.servers === 'all') this.#strike(now, fault, servers, id);
    }
    return url;
  }

  stop(id: ServerId): Promise<void> {
    const now = this.#clock.now();
    this.stays[id]!.exitedAt = now;
    for (const [fault, servers] of this.#struck) {
      if (servers.delete(id)) this.#told(now, fault, id, false);
    }
    return this.#host.stop(id);
  }

  close(): Promise<void> {
    this.#alarm.set(NEVER);
    return this.#host.close();
  }

  #change(): void {
    const { at, fault, on } = this.#timeline[this.#next++]!;
    if (on) this.#begin(at, fault);
    else this.#end(at, fault);
    this.#alarm.set(this.#timeline[this.#next]?.at ?? NEVER);
  }

  #begin(at: Millis, fault: number): void {
    const { servers: targets } = this.#faults[fault]!;
    const servers = new Set<ServerId>();
    this.#struck.set(fault, servers);
    this.stays.forEach(({ exitedAt }, id) => {
      if (exitedAt === NEVER && (targets === 'all' || targets.includes(id)))
        this.#strike(at, fault, servers, id);
    });
  }

  #strike(at: Millis, fault: number, servers: Set<ServerId>, id: ServerId): void {
    const { effect, healthOk } = this.#faults[fault]!;
    servers.add(id);
    this.#told(at, fault, id, true);
    if (effect.kind === 'crash' || effect.kind === 'flap') void this.#host.crash(id);
    else this.#host.fault(id, { kind: 'fault', fault, on: true, effect, healthOk });
  }

  #end(at: Millis, fault: number): void {
    const { effect, healthOk } = this.#faults[fault]!;
    for (const id of this.#struck.get(fault) ?? []) {
      this.#told(at, fault, id, false);
      if (effect.kind === 'crash') this.#host.recover(id, true);
      else if (effect.kind === 'flap') this.#host.recover(id, false);
      else this.#host.fault(id, { kind: 'fault', fault, on: false, effect, healthOk });
    }
    this.#struck.delete(fault);
  }
}
