/** The laws of all balancers, run over the whole registry: whoever adds a strategy gets this suite for nothing. */
import { describe, expect, it } from 'vitest';
import { sequential, type Rng } from '../../src/core/rng.ts';
import type { ServerId } from '../../src/core/request.ts';
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import { Arena, request } from './balancer-arena.ts';
import { variantsOf } from './variants.ts';

const VARIANTS = variantsOf(BALANCERS, {
  p2c: [{ replacement: true }, { choices: 1 }, { choices: 3 }, { choices: 100 }],
  'peak-ewma': [{ variant: 'linkerd' }, { variant: 'envoy' }],
  'smooth-weighted': [{ maxFails: 3 }],
  'weighted-least-request': [{ choices: 4 }, { scan: true }, { bias: 0 }],
  'weighted-p2c': [{ replacement: true }, { choices: 4 }],
  'least-time': [{ inflight: true }],
  'utilisation-weighted': [{ poll: '10s' }],
  aperture: [{ kind: 'random' }, { clients: 4, peer: 1 }],
  prequal: [{ hot: '60%' }],
  'ring-hash': [{ balance: '1.25x' }],
  maglev: [{ balance: '1.25x' }],
  rendezvous: [{ balance: '1.25x' }],
});

/** Why a single pick of these hangs on the number of a server, though its law does not. */
const READS_IDS: Readonly<Record<string, string>> = {
  weighted: 'lays the weights out in the order of ids, so the same draw meets another server',
  'weighted-p2c': 'lays the weights out as `weighted` does',
  aperture: 'lays servers out in the order of ids, on which all balancers agree',
  'ring-hash': 'hashes ids',
  maglev: 'hashes ids',
  rendezvous: 'hashes ids',
};

/** Calls that these need to be fair, by label: until then their picture of the servers is not made up. */
const SLOW_TO_LEARN: Readonly<Record<string, number>> = {
  // A new server starts at 30 ms and the others are at 10; of the difference 1/e is left after 10 s, 5,000 calls.
  'peak-ewma { variant: linkerd }': 40_000,
};

/** Points drawn by chance that fix a server's share for good, besides the chance of each pick, by name. */
const POINTS: Readonly<Record<string, number>> = { 'ring-hash': 1024 };

/** Why these bear a grudge, by label or name. */
const RESENTFUL: Readonly<Record<string, string>> = {
  'peak-ewma { variant: envoy }':
    'its average only moves with an answer, and the slow get no calls',
  'least-time': 'its average stands still while it is halved, and is whole again at the first call',
};

/** Balancers whose weights tell among calls in flight: of calls that come alone all servers are equally idle. */
const WEIGHS_LOAD: readonly string[] = ['weighted-least-connections', 'weighted-p2c', 'least-time'];

/** Balancers that work their own weights out, whatever the scenario says. */
const OWN_WEIGHTS: readonly string[] = ['utilisation-weighted'];

const EIGHT = range(8);

describe.each(VARIANTS)('$label', ({ label, name, entry, make }) => {
  const learning = SLOW_TO_LEARN[label] ?? 0;
  // Of p points on a ring of R a server's arc has the variance of a Dirichlet law: share (1 - share) / (R + 1).
  const standardDeviation = (calls: number, share: number): number =>
    binomialSd(calls, share) * Math.sqrt(1 + calls / ((POINTS[name] ?? Infinity) + 1));

  it('picks the only candidate', () => {
    const arena = new Arena(make(), [7]);
    expect(arena.call()).toBe(7);
    expect(arena.call()).toBe(7);
  });

  it('spreads calls that come alone evenly over equal servers', () => {
    // At its loosest (every pick independent and uniform) a server's share of k calls is binomial with p = 1/8; four
    // standard errors of it are 4 sqrt(k p (1 - p)). Turn-takers are far inside.
    const calls = 8000;
    const arena = new Arena(make(), EIGHT);
    arena.tally(learning);
    const counts = arena.tally(calls);
    for (const server of EIGHT) {
      expect(Math.abs((counts.get(server) ?? 0) - calls / 8)).toBeLessThan(
        4 * standardDeviation(calls, 1 / 8),
      );
    }
  });

  it('keeps the most loaded server within the bound of random choice while calls pile up', () => {
    // Nobody settles: 4,000 calls on 8 servers. Balls into bins at random leave the fullest at 500 + 4 sd; a balancer
    // that looks at load or takes turns does better, and none may do worse.
    const arena = new Arena(make(), EIGHT);
    for (let k = 0; k < 4000; k++) arena.call();
    const loads = EIGHT.map((server) => arena.inFlight.filter((at) => at === server).length);
    expect(Math.max(...loads)).toBeLessThan(500 + 4 * standardDeviation(4000, 1 / 8));
  });

  it('never picks a server that has left, and forgets it', () => {
    const arena = new Arena(make(), EIGHT);
    for (let k = 0; k < 20; k++) arena.call();
    arena.leave(3);
    while (arena.inFlight.length > 0) arena.settle(0);
    const counts = arena.tally(1000);
    expect(counts.get(3)).toBeUndefined();
    expect(counts.size).toBe(7);
  });

  it('gives a server that joins its share', () => {
    const arena = new Arena(make(), EIGHT);
    arena.tally(1000);
    arena.join(20);
    arena.tally(learning);
    const counts = arena.tally(9000);
    expect(Math.abs((counts.get(20) ?? 0) - 1000)).toBeLessThan(4 * standardDeviation(9000, 1 / 9));
  });

  it('gives a server that was away its share again', () => {
    const arena = new Arena(make(), EIGHT);
    arena.leave(0);
    arena.tally(1000);
    arena.join(0);
    const counts = arena.tally(8000);
    expect(Math.abs((counts.get(0) ?? 0) - 1000)).toBeLessThan(4 * standardDeviation(8000, 1 / 8));
  });

  it('gives the calls of a server that has left to all the others alike', () => {
    // A walk along the list that steps over the gap would give them to the next in line, which doubles its share.
    const calls = 7000;
    const arena = new Arena(make(), EIGHT);
    arena.tally(100 + learning);
    arena.leave(3);
    for (const [, count] of arena.tally(calls))
      expect(Math.abs(count - calls / 7)).toBeLessThan(4 * standardDeviation(calls, 1 / 7));
  });

  it('favours and neglects nobody when a server leaves and returns all the time', () => {
    // After each return the next pick is one of eight alike: binomial with p = 1/8 at its loosest.
    const rounds = 4000;
    const chance = sequential(4, 'flapping');
    const arena = new Arena(make(), EIGHT);
    const counts = EIGHT.map(() => 0);
    for (let round = 0; round < rounds; round++) {
      const flapping = chance.below(8);
      for (let k = chance.below(16); k > 0; k--) arena.callAlone();
      arena.leave(flapping);
      arena.join(flapping);
      counts[arena.callAlone()]! += 1;
    }
    for (const count of counts)
      expect(Math.abs(count - rounds / 8)).toBeLessThan(4 * standardDeviation(rounds, 1 / 8));
  });
  const grudge = RESENTFUL[label] ?? RESENTFUL[name];
  it.skipIf(grudge !== undefined)(
    `takes a server that was slow for a new one after an hour of silence${grudge === undefined ? '' : ` (${grudge})`}`,
    () => {
      const arena = new Arena(make(), EIGHT);
      arena.tally(400, (server) => (server === 3 ? 2000 : 10));
      arena.idle(3_600_000);
      const counts = arena.tally(8000);
      expect(Math.abs((counts.get(3) ?? 0) - 1000)).toBeLessThan(
        4 * standardDeviation(8000, 1 / 8),
      );
    },
  );

  it('picks the same servers again, given the same seed and history', () => {
    expect(fuzz(new Arena(make(5)), 500, 11)).toEqual(fuzz(new Arena(make(5)), 500, 11));
  });

  const idsMatter = READS_IDS[name];
  it.skipIf(idsMatter !== undefined)(
    `does not care how servers are numbered${idsMatter === undefined ? '' : ` (it ${idsMatter})`}`,
    () => {
      const renumbered = (id: ServerId) => (id * 29 + 17) % 64;
      const picks = fuzz(new Arena(make(3)), 500, 12);
      expect(fuzz(new Arena(make(3)), 500, 12, renumbered)).toEqual(picks.map(renumbered));
    },
  );

  it('picks a candidate, and nothing but a candidate, through 10,000 joins, leaves, calls and answers', () => {
    const picks = fuzz(new Arena(make()), 10_000, 13);
    expect(picks.length).toBeGreaterThan(2000);
  });

  const claimsWeights = /weight/i.test(entry.facts.rule) && !OWN_WEIGHTS.includes(name);
  it.skipIf(!claimsWeights)(
    `gives servers calls in proportion to their weights${claimsWeights ? '' : ' (its rule knows no weights)'}`,
    () => {
      const weights = [1, 2, 5, 0.5];
      const arena = new Arena(make());
      weights.forEach((weight, server) => arena.join(server, weight));
      const calls = 17_000;
      const pick = WEIGHS_LOAD.includes(name) ? () => arena.call() : () => arena.callAlone();
      const counts = weights.map(() => 0);
      for (let k = 0; k < calls; k++) counts[pick()]! += 1;
      weights.forEach((weight, server) => {
        const share = weight / 8.5;
        const bound = 4 * standardDeviation(calls, share);
        expect(Math.abs(counts[server]! - calls * share)).toBeLessThan(bound);
      });
    },
  );

  it.skipIf(!claimsWeights || WEIGHS_LOAD.includes(name))(
    `does not favour the heaviest server when a light one leaves and returns${claimsWeights ? '' : ' (its rule knows no weights)'}`,
    () => {
      // A queue that is built anew from the start begins with the heaviest each time: 4,000 picks of 4,000 instead of 3,000.
      const rounds = 4000;
      const chance = sequential(5, 'flapping');
      const arena = new Arena(make());
      [9, 1, 1, 1].forEach((weight, server) => arena.join(server, weight));
      let heaviest = 0;
      for (let round = 0; round < rounds; round++) {
        for (let k = chance.below(24); k > 0; k--) arena.callAlone();
        arena.leave(1);
        arena.join(1, 1);
        heaviest += Number(arena.callAlone() === 0);
      }
      expect(Math.abs(heaviest - rounds * 0.75)).toBeLessThan(4 * standardDeviation(rounds, 0.75));
    },
  );
});

const HASHING = VARIANTS.filter(({ options }) => 'by' in options);

describe.each(HASHING)('$label, which hashes keys', ({ options, make }) => {
  const TWENTY = range(20);
  const KEYS = range(4000).map((key) => key + 1);
  /** Where each key goes while it is alone, as then no bound of load is felt. */
  const homes = (arena: Arena): ServerId[] => KEYS.map((key) => arena.callAlone(key));

  it('sends equal keys to equal servers while membership is stable, and after each change again', () => {
    const arena = new Arena(make(), TWENTY);
    expect(homes(arena)).toEqual(homes(arena));
    arena.leave(7);
    arena.idle(2000);
    expect(homes(arena)).toEqual(homes(arena));
    arena.join(7);
    arena.join(33);
    arena.idle(2000);
    expect(homes(arena)).toEqual(homes(arena));
  });

  it('gives a server the same keys again when it was away', () => {
    const arena = new Arena(make(), TWENTY);
    const before = homes(arena);
    arena.leave(7);
    homes(arena);
    arena.join(7);
    arena.idle(2000);
    expect(homes(arena)).toEqual(before);
  });

  it('moves the keys of a server that leaves, a twentieth, and few others', () => {
    const arena = new Arena(make(), TWENTY);
    const before = homes(arena);
    arena.leave(7);
    const after = homes(arena);
    const orphans = before.filter((server) => server === 7).length;
    const moved = before.filter((server, key) => server !== after[key]).length;
    expect(orphans).toBeGreaterThan(KEYS.length / 40);
    expect(orphans).toBeLessThan(KEYS.length / 10);
    // Modulo hashing would move 19 of 20. Ring and table are laid out anew, which stirs about as many again.
    expect(moved - orphans).toBeLessThan((2 * KEYS.length) / 20);
  });

  it('passes a call on while its server stands aside for one pick, and is back with the next', () => {
    const balancer = make();
    const arena = new Arena(balancer, TWENTY);
    const home = arena.callAlone(11);
    arena.candidates.remove(home);
    balancer.left(5000, home);
    const other = balancer.pick(5000, request(0, 5000, 11), arena.candidates);
    arena.candidates.add(home);
    balancer.joined(5000, home, 1);
    expect(other).not.toBe(home);
    expect(balancer.pick(5000, request(0, 5000, 11), arena.candidates)).toBe(home);
  });

  const balance = options['balance'] as number | null;
  it.skipIf(balance === null)(
    `never lets a server above ceil(balance * mean), though all calls are of one key${balance === null ? ' (no bound is set)' : ''}`,
    () => {
      const arena = new Arena(make(), TWENTY);
      for (let calls = 1; calls <= 1000; calls++) {
        const server = arena.call(11);
        expect(arena.load(server)).toBeLessThanOrEqual(Math.ceil((balance! * calls) / 20 - 1e-9));
      }
      expect(Math.max(...TWENTY.map((server) => arena.load(server)))).toBe(
        Math.ceil((balance! * 1000) / 20),
      );
    },
  );
});

/** A random life: servers come and go, calls pile up and are settled late. Returns the picks; each must be a candidate. */
function fuzz(
  arena: Arena,
  steps: number,
  seed: number,
  idOf: (id: ServerId) => ServerId = (id) => id,
): ServerId[] {
  const chance = sequential(seed, 'fuzz');
  const present: ServerId[] = [];
  const absent = range(64);
  const picks: ServerId[] = [];
  for (let step = 0; step < steps; step++) {
    const dice = chance.next();
    if (dice < 0.2 && absent.length > 0)
      move(chance, absent, present, (id) => arena.join(idOf(id), 1 + (id % 4)));
    else if (dice < 0.38 && present.length > 0)
      move(chance, present, absent, (id) => arena.leave(idOf(id)));
    else if (dice < 0.7 && present.length > 0) {
      const picked = arena.call();
      expect(arena.candidates.has(picked)).toBe(true);
      picks.push(picked);
    } else if (arena.inFlight.length > 0) arena.settle(chance.below(arena.inFlight.length));
  }
  return picks;
}

function move(chance: Rng, from: ServerId[], to: ServerId[], tell: (id: ServerId) => void): void {
  const [id] = from.splice(chance.below(from.length), 1);
  if (id === undefined) return;
  to.push(id);
  tell(id);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k);
}

function binomialSd(trials: number, share: number): number {
  return Math.sqrt(trials * share * (1 - share));
}
