import { describe, expect, it } from 'vitest';
import { emptyReport } from '../../../src/core/load-report.ts';
import { sequential } from '../../../src/core/rng.ts';
import { NOBODY } from '../../../src/policies/balancer/balancer.ts';
import {
  UtilisationWeighted,
  utilisationWeighted,
  weightOf,
  type UtilisationOptions,
} from '../../../src/policies/balancer/utilisation-weighted.ts';

const DEFAULTS = utilisationWeighted.options.parse({}) as unknown as UtilisationOptions;

const among = (servers: number, options: Partial<UtilisationOptions> = {}) => {
  const balancer = new UtilisationWeighted(
    { ...DEFAULTS, span: 1000, ...options },
    sequential(1, 'utilisation'),
  );
  for (let server = 0; server < servers; server++) balancer.joined(0, server);
  const totals = Array.from({ length: servers }, () => ({ ...emptyReport(), slots: 10 }));
  /** A report at `at` of what was done in the second before it. */
  const hear = (at: number, server: number, utilisation: number, qps: number, eps = 0) => {
    const total = totals[server]!;
    balancer.reported(at - 1000, server, total);
    total.busyMs += utilisation * 10 * 1000;
    total.finished += qps;
    total.failed += eps;
    balancer.reported(at, server, total);
  };
  const shares = (at: number) => {
    const counts = Array.from({ length: servers }, () => 0);
    for (let pick = 0; pick < 10_000; pick++) counts[balancer.pick(at)]! += 1;
    return counts.map((count) => count / 10_000);
  };
  return { balancer, totals, hear, shares };
};

const near = (...shares: number[]) => shares.map((share) => expect.closeTo(share, 2) as number);

describe('turns by utilisation', () => {
  it('go round while fewer than two weights are known', () => {
    const { hear, shares } = among(3, { blackout: 0 });
    expect(shares(500)).toEqual(near(1 / 3, 1 / 3, 1 / 3));
    hear(1000, 0, 0.1, 100);
    expect(shares(2000)).toEqual(near(1 / 3, 1 / 3, 1 / 3));
    hear(3000, 1, 0.2, 100);
    expect(shares(4000)).toEqual(near(4 / 9, 2 / 9, 3 / 9));
  });

  it('know a weight for as long as the blackout before they use it', () => {
    const { hear, shares } = among(2);
    hear(1000, 0, 0.1, 100);
    hear(1000, 1, 0.3, 100);
    expect(shares(10_999)).toEqual(near(0.5, 0.5));
    expect(shares(11_999)).toEqual(near(0.75, 0.25));
  });

  it('forget a weight that nothing was heard of for as long as the expiry, and black it out when it is back', () => {
    const { hear, shares } = among(2, { expiry: 60_000 });
    hear(1000, 0, 0.1, 100);
    hear(1000, 1, 0.3, 100);
    expect(shares(60_999)).toEqual(near(0.75, 0.25));
    expect(shares(62_000)).toEqual(near(0.5, 0.5));
    hear(70_000, 0, 0.1, 100);
    hear(70_000, 1, 0.3, 100);
    expect(shares(79_000)).toEqual(near(0.5, 0.5));
    expect(shares(80_000)).toEqual(near(0.75, 0.25));
  });

  it('black out a server whose process is another', () => {
    const { balancer, hear, shares } = among(2);
    hear(1000, 0, 0.1, 100);
    hear(1000, 1, 0.3, 100);
    expect(shares(20_000)).toEqual(near(0.75, 0.25));
    balancer.reported(21_000, 0, { ...emptyReport(), slots: 10 });
    balancer.reported(22_000, 0, { ...emptyReport(), slots: 10, busyMs: 1000, finished: 100 });
    expect(shares(23_000)).toEqual(near(0.5, 0.5));
    expect(shares(32_000)).toEqual(near(0.75, 0.25));
  });

  it('count errors as utilisation', () => {
    expect(weightOf(0.5, 100, 0, 1)).toBe(200);
    expect(weightOf(0.5, 100, 50, 1)).toBe(100);
    expect(weightOf(0.5, 100, 50, 3)).toBe(50);
    expect([weightOf(0, 100, 50, 1), weightOf(0.5, 0, 0, 1)]).toEqual([0, 0]);
  });

  it('keep a weight when a report has no work in it', () => {
    const { balancer, totals, hear, shares } = among(2, { blackout: 0 });
    hear(1000, 0, 0.1, 100);
    hear(1000, 1, 0.3, 100);
    balancer.reported(5000, 1, totals[1]!);
    expect(shares(6000)).toEqual(near(0.75, 0.25));
  });

  it('change no more often than every `update`', () => {
    const { hear, shares } = among(2, { blackout: 0 });
    expect(shares(1000)).toEqual(near(0.5, 0.5));
    hear(1100, 0, 0.1, 100);
    hear(1100, 1, 0.3, 100);
    expect(shares(1999)).toEqual(near(0.5, 0.5));
    expect(shares(2000)).toEqual(near(0.75, 0.25));
  });

  it('never pick one of many that have left at once', () => {
    const { balancer } = among(50);
    balancer.pick(1);
    for (let server = 0; server < 49; server++) balancer.left(1, server);
    expect(Array.from({ length: 5 }, () => balancer.pick(2))).toEqual([49, 49, 49, 49, 49]);
  });

  it('listen to answers, or ask each server once every `poll` and not all at once', () => {
    expect(among(1).balancer).toMatchObject({ listens: true, polls: false });
    expect(among(1).balancer.poll(1e6)).toBe(NOBODY);
    const { balancer } = among(5, { poll: 10_000 });
    expect(balancer).toMatchObject({ listens: false, polls: true });
    balancer.left(0, 3);
    const asked: number[] = [];
    for (let now = 0; now < 100_000; now += 100)
      for (let server = balancer.poll(now); server !== NOBODY; server = balancer.poll(now))
        asked.push(server);
    for (const server of [0, 1, 2, 4]) {
      const times = asked.filter((one) => one === server).length;
      expect(times === 9 || times === 10).toBe(true);
    }
    expect(asked).not.toContain(3);
  });
});
