/**
 * `npm run bench`: simulated requests a second of the full stack, beside the bare loop in the same run. Timings are
 * noisy, so every case is measured several times, interleaved with all others, and medians and ratios are what counts.
 * Options: `--quick` (fewer requests and rounds), `--only=round-robin,p2c` (these balancers), `--memory` (10 million
 * requests in one run), `--workers` (two against one).
 */
import { spawnSync } from 'node:child_process';
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import { bareLoop } from './bare-loop.ts';
import { rateFor, simulate, type Case } from './cases.ts';
import { report } from './report.ts';
import { measureWorkers } from './workers.ts';

const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 1 : 3;
const REQUESTS = quick ? 200_000 : 1_000_000;
const FLEETS = [10, 100, 1000, 10_000];
const named = /^--only=(.+)$/.exec(
  process.argv.find((word) => word.startsWith('--only=')) ?? '',
)?.[1];
const wanted = named?.split(',') ?? Object.keys(BALANCERS);
const unknown = wanted.filter((name) => !Object.hasOwn(BALANCERS, name));
if (unknown.length > 0) throw new Error(`no such balancer: ${unknown.join(', ')}`);
/** Round robin is what the others are measured by. */
const STRATEGIES = [...new Set(['round-robin', ...wanted])];
/** Those that heed weights: with unlike ones they have other work to do. */
const WEIGHTED = STRATEGIES.filter((name) =>
  /weight|edf|least-time|hash|maglev|rendezvous/.test(name),
);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Customers a second of `work`, which returns how many it served. */
const speed = (work: () => number): number => {
  const began = performance.now();
  const served = work();
  return (served * 1000) / (performance.now() - began);
};

const main = (): void => {
  if (process.argv.includes('--one')) return one();
  const sameLoad = rateFor(100, 0.8);
  const cases = new Map<string, Case>();
  for (const balancer of STRATEGIES) {
    for (const servers of FLEETS) {
      const common = { servers, balancer, timeout: 1000, unlike: false };
      // Long enough that neither the making of 10,000 servers nor the audits of them show.
      const requests = Math.max(REQUESTS, servers * 200);
      const steady = { ...common, rate: sameLoad, requests };
      if (servers >= 100) cases.set(`same load/${servers}/${balancer}`, steady);
      if (servers >= 100 && WEIGHTED.includes(balancer))
        // Fewer of them: a scan of 10,000 servers takes a fifth of a millisecond.
        cases.set(`unlike/${servers}/${balancer}`, {
          ...steady,
          unlike: true,
          requests: requests / 10,
        });
      cases.set(`80 %/${servers}/${balancer}`, {
        ...common,
        rate: rateFor(servers, 0.8),
        requests: Math.max(REQUESTS, servers * 100),
      });
    }
  }
  for (const balancer of ['round-robin', 'least-connections']) {
    cases.set(`110 %/10000/${balancer}`, {
      servers: 10_000,
      balancer,
      timeout: null,
      unlike: false,
      rate: rateFor(10_000, 1.1),
      requests: 2 * REQUESTS,
    });
  }
  const speeds = new Map<string, number[]>([
    ['bare', []],
    ...[...cases.keys()].map((name) => [name, []] as [string, number[]]),
  ]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of speeds.keys()) {
      speeds.get(name)!.push(measure(name, cases));
      process.stderr.write(`\r${round + 1}/${ROUNDS} ${name.padEnd(40)}`);
    }
  }
  process.stderr.write('\r'.padEnd(60) + '\r');
  report(new Map([...speeds].map(([name, values]) => [name, median(values)])), STRATEGIES, FLEETS);
  if (process.argv.includes('--memory') || !quick) reportMemory();
  if (process.argv.includes('--workers') || !quick) measureWorkers();
};

/** Each measurement is a process of its own: no case inherits another's compiled code or heap. */
const measure = (name: string, cases: ReadonlyMap<string, Case>): number => {
  const test = name === 'bare' ? 'bare' : JSON.stringify(cases.get(name));
  return Number(child([test]).trim());
};

const child = (rest: readonly string[]): string => {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', import.meta.filename, '--one', ...rest],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

/** In the child: warm up on a smaller run of the same case, then measure. */
const one = (): void => {
  const test = process.argv.at(-1)!;
  if (test === 'bare') {
    bareLoop(200_000);
    console.log(speed(() => (bareLoop(2 * REQUESTS), 2 * REQUESTS)));
  } else if (test === 'memory') {
    simulate({
      servers: 100,
      balancer: 'least-connections',
      rate: rateFor(100, 0.8),
      requests: 10_000_000,
      timeout: 1000,
      unlike: false,
    });
    console.log(process.resourceUsage().maxRSS / 1024);
  } else {
    const whole = JSON.parse(test) as Case;
    simulate({ ...whole, requests: Math.min(200_000, whole.requests / 2) });
    console.log(speed(() => simulate(whole)));
  }
};

const reportMemory = (): void => {
  console.log(
    `10 million requests in one run: ${Math.round(Number(child(['memory'])))} MB resident at most`,
  );
};

main();
