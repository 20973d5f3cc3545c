/**
 * One live run: a process for the gateway, which starts the servers, and one for the driver; both told the same
 * beginning; then the load, then what each of them saw. Whatever happens, nothing is left running.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Millis } from '../core/units.ts';
import type { Inputs, Scenario } from '../scenario/scenario.ts';
import type { SessionTally } from '../scenario/traffic.ts';
import type { DriverOptions, FromDriver, ToDriver } from './driver/messages.ts';
import type { Pacing } from './driver/pacer.ts';
import type { Sample } from './driver/samples.ts';
import type { FromGateway, ToGateway } from './gateway/messages.ts';
import { Child } from './launcher/child.ts';
import type { Lead } from './launcher/lead.ts';

export interface LiveTask {
  readonly scenario: Scenario;
  readonly inputs: Inputs;
  /** Index into the scenario's contenders. */
  readonly contender: number;
  readonly seed: number;
  readonly pacing: Pacing;
  /** Where the gateway's journal goes; null for none. */
  readonly journal: string | null;
}

/** What came of it. */
export interface LiveRun<Record> {
  /** What the clients saw, in the order of the ends of requests. */
  readonly samples: readonly Sample[];
  /** Sessions that started in the measured time. */
  readonly sessions: SessionTally;
  /** What the gateway's recorder saw at the door. */
  readonly record: Record;
}

/** The modules that run in the processes. */
export interface Entries {
  readonly driver: URL;
  readonly gateway: URL;
}

type Driver = Child<ToDriver, FromDriver>;
type Gateway<Record> = Child<ToGateway, FromGateway<Record>>;

/** The servers were not up when the run should have begun. */
class TooLate extends Error {}

const MOST_TRIES = 4;
/** A run this much longer than planned is stuck. */
const STUCK_MS = 30_000;

/** Rejects with the signal's reason when it is aborted, and with an Error when a process dies. */
export const runLive = async <Record>(
  task: LiveTask,
  entries: Entries,
  lead: Lead,
  signal: AbortSignal,
): Promise<LiveRun<Record>> => {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt<Record>(task, entries, lead, signal);
    } catch (error) {
      if (!(error instanceof TooLate) || tries === MOST_TRIES) throw error;
      lead.double();
    }
  }
};

const attempt = async <Record>(
  task: LiveTask,
  entries: Entries,
  lead: Lead,
  signal: AbortSignal,
): Promise<LiveRun<Record>> => {
  const samples: Sample[] = [];
  const driver: Driver = new Child('driver', entries.driver, (message) => {
    if (message.kind === 'samples') samples.push(...message.samples);
  });
  const gateway: Gateway<Record> = new Child('gateway', entries.gateway);
  // Whoever still waits for something when the run is over must not stay with the signal of all runs.
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const failed = gateway.expect('failed', until).then(({ message, stack }) => {
    throw new Error(`the gateway failed: ${message}\n${stack}`);
  });
  const trouble = Promise.race([driver.untilDeath(), gateway.untilDeath(), failed]);
  try {
    return await Promise.race([
      trouble,
      conduct<Record>(task, driver, gateway, lead, until).then((rest) => ({ samples, ...rest })),
    ]);
  } finally {
    trouble.catch(() => {});
    over.abort();
    await Promise.all([driver.stop(), gateway.stop()]);
  }
};

const conduct = async <Record>(
  task: LiveTask,
  driver: Driver,
  gateway: Gateway<Record>,
  lead: Lead,
  signal: AbortSignal,
): Promise<Omit<LiveRun<Record>, 'samples'>> => {
  const { scenario, inputs, contender, seed, journal } = task;
  const began = Date.now();
  const epoch = began + Math.ceil(lead.ms);
  gateway.tell({ kind: 'run', scenario, inputs, contender, seed, epoch, journal });
  const [{ port }] = await Promise.all([
    gateway.expect('ready', signal),
    driver.expect('ready', signal),
  ]);
  const upAt = Date.now();
  lead.learn(upAt - began);
  if (upAt > epoch) throw new TooLate('the servers took too long to start');
  driver.tell({ kind: 'drive', options: driverOptions(task, port, epoch) });
  const { sessions } = await within(
    2 * scenario.duration + STUCK_MS,
    driver.expect('done', signal),
    'the driver did not come to an end',
  );
  gateway.tell({ kind: 'finish' });
  const recorded = gateway.expect('record', signal);
  const { record } = await within(STUCK_MS, recorded, 'the gateway did not come to an end');
  return { sessions, record };
};

const driverOptions = (task: LiveTask, port: number, epoch: number): DriverOptions => {
  const { scenario, inputs, contender, seed, pacing } = task;
  const { traffic } = scenario.contenders[contender]!.setup;
  const { duration, warmup } = scenario;
  const url = `http://127.0.0.1:${port}/mcp`;
  return { url, traffic, inputs, seed, duration, warmup, pacing, epoch };
};

const within = async <T>(ms: Millis, promise: Promise<T>, otherwise: string): Promise<T> => {
  const done = new AbortController();
  const late = sleep(ms, null, { signal: done.signal, ref: false }).then(() => {
    throw new Error(otherwise);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => {});
    done.abort();
  }
};
