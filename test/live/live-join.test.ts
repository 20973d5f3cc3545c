/**
 * The joining of a live run's two witnesses, judged by the simulator: there the driver's samples and the door's record
 * are of one mind, so joining them must give the record back.
 */
import { expect, test } from 'vitest';
import { joined } from '../../src/cli/live-join.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Request } from '../../src/core/request.ts';
import type { Sample } from '../../src/live/driver/samples.ts';
import { run } from '../../src/run.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { SimWorld } from '../../src/sim/sim-world.ts';

const TEXT = `question: Are both witnesses heard?
duration: 30s
warmup: 3s
seeds: 1
traffic:
  arrivals: { poisson: 40/s }
  timeout: 400ms
  retries: { attempts: 2, backoff: 20ms }
  calls:
    search: { share: 70%, work: { lognormal: { mean: 60ms, cv: 1 } } }
    report: { share: 30%, work: { exponential: 80ms }, safe: false }
servers: { count: 2, slots: 3, queue: 4 }
faults: [{ at: 10s, for: 5s, servers: 1, errors: 60% }]
`;

/** A simulated world that tells what its clients see as a driver would. */
class WitnessedWorld extends SimWorld {
  readonly samples: Sample[] = [];

  override reply(now: number, request: Request, outcome: Outcome): void {
    const { arrival, call, session, kind, tool, at } = request;
    const latencyMs = now - at;
    this.samples.push({ arrival, call, session, kind, tool, at, lagMs: 0, latencyMs, outcome });
    super.reply(now, request, outcome);
  }
}

const { scenario, inputs } = loadScenario({
  file: 'join.yaml',
  text: TEXT,
  readFile: () => '',
  set: [],
  only: [],
});
const sessions = { started: 0, lost: 0, recovered: 0, calls: 0 };

const witness = () => {
  const worlds: WitnessedWorld[] = [];
  const record = run({ scenario, inputs, contender: 0, seed: 1, independent: false }, (options) => {
    const world = new WitnessedWorld(options);
    worlds.push(world);
    return world;
  });
  return { record, samples: worlds[0]!.samples };
};

test('two witnesses who saw the same are joined to what both saw', () => {
  const { record, samples } = witness();
  const both = joined(scenario, { samples, sessions, record });
  expect(both.metrics.failed).toBeGreaterThan(0);
  expect(rounded(both.metrics)).toEqual(rounded(record.metrics));
  expect(both.latency).toEqual(record.latency);
  expect(both.failures).toEqual(record.failures);
  expect(both.series).toEqual(record.series);
  expect(rounded(both.tools)).toEqual(rounded(record.tools));
});

test('where they differ, the driver is believed about clients and the door about attempts', () => {
  const { record, samples } = witness();
  const slower = samples.map((sample) => ({ ...sample, latencyMs: sample.latencyMs + 100 }));
  const { metrics } = joined(scenario, { samples: slower, sessions, record });
  expect(metrics.latencyMsMean).toBeCloseTo(record.metrics.latencyMsMean! + 100, 6);
  expect(metrics.attempts).toBe(record.metrics.attempts);
  expect(metrics.utilisation).toBe(record.metrics.utilisation);
});

test('what the driver never heard of is not filled in from the door', () => {
  const { record } = witness();
  const { metrics } = joined(scenario, { samples: [], sessions, record });
  expect(metrics).toMatchObject({ arrived: 0, completed: 0, failed: 0 });
  expect(metrics.latencyMsP99).toBeUndefined();
  expect(metrics.errorRate).toBeUndefined();
});

test('a request still in flight at the end has arrived, and is neither completed nor failed', () => {
  const { record, samples } = witness();
  const cut = samples.map((sample, k) =>
    k === samples.length - 1 ? { ...sample, outcome: 'cancelled' as const } : sample,
  );
  const { metrics } = joined(scenario, { samples: cut, sessions, record });
  expect(metrics.arrived).toBe(record.metrics.arrived);
  expect(metrics.requests).toBe(record.metrics.requests! - 1);
});

/** Sums of the same numbers in another order differ in their last bits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'number' ? Number(part.toPrecision(9)) : part,
    ),
  );
