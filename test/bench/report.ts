/**
 * What the bench prints: requests a second beside the bare loop, and of each balancer what a request costs in terms of
 * round robin, how that grows with the fleet, and whether its rule is a scan, which may grow with it.
 */
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import { rateFor } from './cases.ts';

/** Simulated requests a second, by case. */
type Speeds = ReadonlyMap<string, number>;

/** The loads that are measured, by the prefix of their cases. */
const LOADS: readonly (readonly [string, string])[] = [
  ['same load', `${rateFor(100, 0.8)} requests/s over all`],
  ['unlike', `${rateFor(100, 0.8)} requests/s over all, each server of a weight of its own`],
  ['80 %', '80 % utilisation'],
];

export const report = (
  speeds: Speeds,
  strategies: readonly string[],
  fleets: readonly number[],
): void => {
  const bare = speeds.get('bare')!;
  console.log(`bare M/M/8 loop: ${k(bare)} customers/s\n`);
  for (const [load, title] of LOADS) {
    console.log(`${title}: simulated requests/s (share of the bare loop)`);
    console.log(['servers'.padEnd(28), ...fleets.map((n) => `${n}`.padStart(14))].join(''));
    for (const balancer of strategies) {
      const row = fleets.map((n) => speeds.get(`${load}/${n}/${balancer}`));
      if (row.every((value) => value === undefined)) continue;
      const cells = row.map((value) =>
        value === undefined ? '-' : `${k(value)} (${(value / bare).toFixed(2)})`,
      );
      console.log([balancer.padEnd(28), ...cells.map((cell) => cell.padStart(14))].join(''));
    }
    console.log('');
  }
  reportCosts(speeds, strategies);
  const [least, robin] = ['110 %/10000/least-connections', '110 %/10000/round-robin'] as const;
  console.log(
    `10,000 overloaded servers: least-connections against round-robin: ${ratio(speeds, least, robin)} (${k(speeds.get(least))} requests/s)`,
  );
};

/** Time a request: at 100 servers in terms of round robin, at 10,000 in terms of itself at 100. */
const reportCosts = (speeds: Speeds, strategies: readonly string[]): void => {
  console.log(
    'time a request, same load: at 100 servers / round robin; at 10,000 servers / at 100',
  );
  for (const balancer of strategies) {
    const relative = ratio(speeds, 'same load/100/round-robin', `same load/100/${balancer}`);
    const growth = ratio(speeds, `same load/100/${balancer}`, `same load/10000/${balancer}`);
    const unlike = speeds.has(`unlike/100/${balancer}`)
      ? `; unlike: ${ratio(speeds, 'same load/100/round-robin', `unlike/100/${balancer}`)}, ${ratio(speeds, `unlike/100/${balancer}`, `unlike/10000/${balancer}`)}`
      : '';
    console.log(`${balancer.padEnd(28)}${relative}, ${growth}${unlike}  ${costOf(balancer)}`);
  }
};

/** As its facts tell it; a scan says so. */
const costOf = (balancer: string): string => {
  const { cost } = BALANCERS[balancer]!.facts;
  return `[${cost}]${cost.includes('scan') ? ' SCAN' : ''}`;
};

const ratio = (speeds: Speeds, a: string, b: string): string =>
  (speeds.get(a)! / speeds.get(b)!).toFixed(2);

const k = (perSecond: number | undefined): string =>
  perSecond === undefined ? '' : `${Math.round(perSecond / 1000)}k`;
