/**
 * The gateway's side of one live run: the contender's fleet behind a real gateway, fake servers as processes, the
 * scenario's faults, and a recorder at the door. What only servers know (how busy they were, how long calls waited) is
 * asked of them when the warm-up ends and when the duration ends.
 */
import type { ServerId } from '../core/request.ts';
import { ticksOf } from '../core/ticks.ts';
import { NEVER, type Millis } from '../core/units.ts';
import { Fleet } from '../fleet/fleet.ts';
import { wantsReports, type FleetOptions } from '../fleet/options.ts';
import type { ServerTotals } from '../fleet/world.ts';
import { startClock, type Clock } from '../live/clock.ts';
import { Alarm } from '../live/gateway/alarm.ts';
import { Distance } from '../live/gateway/distance.ts';
import { SILENT } from '../live/gateway/log.ts';
import type { ToGateway } from '../live/gateway/messages.ts';
import { ProcessHost } from '../live/gateway/process-host.ts';
import { Served } from '../live/gateway/serve.ts';
import type { Totals } from '../live/gateway/totals.ts';
import { TroubledHost } from '../live/gateway/troubled-host.ts';
import { Journal } from '../live/journal.ts';
import { fleetOptions } from '../run.ts';
import { Recorder } from '../results/recorder.ts';
import type { RunRecord } from '../results/results.ts';
import { NetworkDelays } from '../scenario/network.ts';
import type { ServerGroup, Setup } from '../scenario/scenario.ts';
import { openJournal, type JournalFile } from './journal-file.ts';

export type RunMessage = Extract<ToGateway, { readonly kind: 'run' }>;

export class DrivenRun {
  readonly #duration: Millis;
  readonly #warmup: Millis;
  readonly #setup: Setup;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #processes: ProcessHost;
  readonly #host: TroubledHost;
  readonly #served: Served;
  readonly #journal: JournalFile | null;
  /** Ticks to come, last first. */
  readonly #ticks: Millis[];
  readonly #alarm: Alarm;
  readonly #settled: Promise<void>;
  #settle: () => void = () => {};
  #before: readonly Totals[] = [];

  /** `entry`: the program of a server's process. */
  constructor(message: RunMessage, entry: URL) {
    const { scenario, inputs, contender, seed, epoch, journal } = message;
    const { setup, name } = scenario.contenders[contender]!;
    const { duration, warmup } = scenario;
    const made = fleetOptions(setup, inputs, seed);
    this.#duration = duration;
    this.#warmup = warmup;
    this.#setup = setup;
    this.#clock = startClock(epoch);
    this.#recorder = new Recorder({ contender, seed, setup, duration, warmup });
    this.#journal =
      journal === null
        ? null
        : openJournal(journal, { scenario: scenario.name, contender: name, setup, inputs, seed });
    this.#processes = new ProcessHost({
      entry,
      optionsOf: (id) => {
        const { speed, slots, queue, patience } = groupOf(setup, id);
        const { discipline, overload } = setup.servers;
        const defers = overload === 'defer';
        const { traffic } = setup;
        return {
          id,
          speed,
          slots,
          queue,
          patience,
          discipline,
          defers,
          traffic,
          inputs,
          seed,
          epoch,
        };
      },
      initial: setup.servers.count,
      startup: setup.servers.startup,
      scales: setup.autoscaler.name !== 'none',
      onBack: (id, url) => this.#served.world.relocate(id, url),
    });
    this.#host = new TroubledHost(
      this.#processes,
      setup.faults,
      duration,
      this.#clock,
      (at, fault, server, on) => this.#recorder.fault(at, fault, server, on),
    );
    const delays = new NetworkDelays(setup.network, inputs, seed);
    this.#served = this.#serve(made, new Distance(delays, this.#clock));
    this.#ticks = ticksOf(duration, warmup);
    this.#alarm = new Alarm(this.#clock, () => this.#tick());
    this.#settled = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Starts the servers and listens; resolves with the port. Time 0 may still be to come. */
  async open(): Promise<number> {
    await this.#served.open();
    const begin = new Alarm(this.#clock, () => this.#begin());
    begin.set(0);
    return this.#served.gateway.listen('127.0.0.1', 0);
  }

  /** After the last request: what was seen. */
  async finish(): Promise<RunRecord> {
    await this.#settled;
    const record = this.#recorder.record();
    await this.close();
    await this.#journal?.close();
    return record;
  }

  async close(): Promise<void> {
    this.#alarm.set(NEVER);
    await this.#served.close(0);
  }

  #serve(made: FleetOptions, distance: Distance): Served {
    const { affinity, balancer, traffic, health } = this.#setup;
    return new Served({
      clock: this.#clock,
      host: this.#host,
      weights: made.weights,
      newWeight: made.newWeight,
      probe: typeof health.options['probe'] === 'string' ? health.options['probe'] : '/health',
      affinity,
      strategy: balancer.name,
      reports: wantsReports(made),
      driven: traffic.calls,
      timeout: made.timeout,
      distance,
      admin: 'with MCP',
      log: SILENT,
      fleet: (world) => {
        const journal = this.#journal && new Journal((line) => this.#journal!.write(line));
        const out = journal === null ? world : journal.intentions(world);
        const fleet = new Fleet(made, this.#recorder.intentions(out));
        const facts = this.#recorder.facts(fleet);
        return journal === null ? facts : journal.facts(facts);
      },
    });
  }

  #begin(): void {
    this.#served.begin();
    this.#host.begin();
    this.#alarm.set(this.#ticks.at(-1)!);
  }

  #tick(): void {
    const due = this.#ticks.pop()!;
    const queued = this.#served.world.roster.all.reduce((sum, listed) => sum + listed.queued, 0);
    this.#recorder.tick(this.#clock.now(), queued, due);
    if (due === this.#warmup) void this.#tally(due).then((totals) => (this.#before = totals));
    else if (due === this.#duration) void this.#tally(due).then((totals) => this.#wind(totals));
    this.#alarm.set(this.#ticks.at(-1) ?? NEVER);
  }

  /** Asks every server for its totals; they are taken as those of `due`. */
  async #tally(due: Millis): Promise<readonly Totals[]> {
    const { stays } = this.#host;
    const totals = await Promise.all(stays.map((_, id) => this.#processes.totals(id)));
    this.#recorder.tally(
      due,
      totals.map(({ tally }, id): ServerTotals => {
        const { startedAt, exitedAt } = stays[id]!;
        return { id, group: groupOf(this.#setup, id).name, startedAt, exitedAt, ...tally };
      }),
    );
    return totals;
  }

  /** The duration is over: waits of the measured time are those until now without those of the warm-up. */
  #wind(totals: readonly Totals[]): void {
    totals.forEach((after, id) => {
      const { waits, waitedMs, counts } = after.since(this.#before[id]);
      if (counts !== null) this.#recorder.addWaits(id, waits, waitedMs, counts);
    });
    this.#settle();
  }
}

/** Servers started later are of the last group. */
const groupOf = ({ servers }: Setup, id: ServerId): ServerGroup => {
  let first = 0;
  for (const group of servers.groups) {
    if (id < first + group.count) return group;
    first += group.count;
  }
  return servers.groups.at(-1)!;
};
