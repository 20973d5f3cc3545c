/**
 * The laws of all kinds of ejection, run over the whole registry. A fleet with good, grey and dead servers is told to
 * each as the fleet would: servers join and leave, calls settle, checks end, sweeps come at their interval.
 */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { sequential } from '../../src/core/rng.ts';
import { NEVER, type Millis } from '../../src/core/units.ts';
import type { Ejection } from '../../src/policies/ejection/ejection.ts';
import { EJECTIONS } from '../../src/policies/ejection/index.ts';
import { variantsOf } from './variants.ts';

const VARIANTS = variantsOf(EJECTIONS, {
  envoy: [
    { maxEjected: '50%', jitter: '7s', enforceFailurePercentage: '100%' },
    { smallFleet: 'one', takeBackOnCheck: false, enforceConsecutive5xx: '30%' },
    { interval: '3s', baseTime: '10s', maxTime: '25s', consecutive5xx: 1, maxEjected: '100%' },
  ],
  grpc: [
    { maxEjected: '50%', successRateServers: 2, successRateCalls: 10 },
    { baseTime: '10s', maxTime: '25s', enforceSuccessRate: '30%', maxEjected: '100%' },
  ],
});

describe.each(VARIANTS)('$label', ({ name, options, make }) => {
  const ejects = make().every < NEVER;
  const unlessItEjects = ejects ? '' : ' (it never ejects)';

  it('finds nothing wrong with a server that has just joined', () => {
    const ejection = make();
    ejection.joined(0, 0);
    expect(ejection.ejected(0)).toBe(false);
    expect(ejection.because(0)).not.toBe('');
  });

  it('is not moved by being read, and does the same again', () => {
    const shown = (read: boolean) => {
      const ejection = make(7);
      const states: string[] = [];
      life(ejection, 1, () => {
        if (read)
          for (let id = 0; id < 40; id++) ejection.because(id + Number(ejection.ejected(id)));
        states.push(SERVERS.map((id) => Number(ejection.ejected(id))).join(''));
      });
      return states;
    };
    expect(shown(true)).toEqual(shown(false));
  });

  it('names each server whose state changed, and no other', () => {
    const ejection = make();
    const known = new Set<number>();
    let changes = 0;
    const wrong: string[] = [];
    life(ejection, 2, (present) => {
      for (const id of ejection.changed.splice(0)) {
        changes++;
        if (!present.has(id)) wrong.push(`server ${id} had left`);
        if (ejection.ejected(id)) known.add(id);
        else known.delete(id);
      }
      for (const id of known) if (!present.has(id)) known.delete(id);
      for (const id of SERVERS)
        if (ejection.ejected(id) !== known.has(id)) wrong.push(`server ${id} changed unnoticed`);
    });
    expect(wrong).toEqual([]);
    expect(changes > 0).toBe(ejects);
  });

  it.skipIf(!ejects)(`never ejects beyond its cap${unlessItEjects}`, () => {
    const ejection = make();
    const { maxEjected, smallFleet } = options as { maxEjected: number; smallFleet?: string };
    let before = 0;
    let most = 0;
    life(ejection, 3, (present) => {
      const now = SERVERS.filter((id) => ejection.ejected(id)).length;
      const share = Math.floor(maxEjected * present.size + 1e-9);
      const cap =
        name === 'grpc' // It stops when the cap is reached, so it may be one over.
          ? Math.ceil(maxEjected * present.size - 1e-9)
          : Math.max(share, smallFleet === 'one' ? 1 : 0);
      if (now > before) expect(now).toBeLessThanOrEqual(cap);
      before = now;
      most = Math.max(most, now);
    });
    expect(most).toBeGreaterThan(0);
  });

  it.skipIf(!ejects)(`takes all back after the longest ejection${unlessItEjects}`, () => {
    const ejection = make();
    const { baseTime, maxTime, jitter = 0 } = options as Record<string, Millis>;
    let now = life(ejection, 4);
    expect(ejection.changed).not.toEqual([]);
    const until = now + Math.max(baseTime!, maxTime!) + jitter + 2 * ejection.every;
    while (now < until) ejection.sweep((now += ejection.every));
    expect(SERVERS.filter((id) => ejection.ejected(id))).toEqual([]);
  });

  it('ejects nobody for good answers, nor for calls that tell nothing', () => {
    const ejection = make();
    for (const id of SERVERS) ejection.joined(0, id);
    for (let sweep = 1; sweep <= 5; sweep++) {
      for (const id of SERVERS)
        for (let call = 0; call < 120; call++)
          ejection.settled(sweep, id, harmless[(call * (id + 1)) % harmless.length]!);
      ejection.sweep(sweep * 10_000);
    }
    expect(SERVERS.filter((id) => ejection.ejected(id))).toEqual([]);
  });

  it('knows nothing of a server that has left, and a new one begins anew', () => {
    const ejection = make();
    const now = life(ejection, 5);
    for (const id of SERVERS) ejection.left(now, id);
    for (const id of SERVERS) ejection.settled(now, id, 'reset');
    for (const id of SERVERS) ejection.probed(now, id, true);
    ejection.sweep(now);
    expect(SERVERS.filter((id) => ejection.ejected(id))).toEqual([]);
    for (const id of SERVERS) ejection.joined(now, id);
    expect(SERVERS.filter((id) => ejection.ejected(id))).toEqual([]);
  });
});

const SERVERS = Array.from({ length: 24 }, (_, id) => id);
const harmless: readonly Outcome[] = ['ok', 'tool-error', 'cancelled', 'no-server', 'circuit-open'];
const BAD: readonly Outcome[] = ['http-5xx', 'timeout', 'overloaded', 'refused', 'reset'];

/**
 * Twelve sweeps of a fleet: a third of the servers is good, a third fails three calls in ten, a third nearly all; some
 * leave and some join. `look` is called after all that is told. Returns the time of the last sweep.
 */
function life(
  ejection: Ejection,
  seed: number,
  look: (present: ReadonlySet<number>) => void = () => {},
): Millis {
  const chance = sequential(seed, 'life');
  const every = ejection.every < NEVER ? ejection.every : 10_000;
  const present = new Set<number>();
  const join = (now: Millis, id: number): void => {
    present.add(id);
    ejection.joined(now, id);
    look(present);
  };
  for (const id of SERVERS.slice(4)) join(0, id);
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let call = 0; call < 24 * 130; call++) {
      const now = sweep * every + (call / (24 * 130)) * every;
      const id = chance.below(24);
      // Late answers come from ejected servers too, but few.
      if (ejection.ejected(id) && chance.next() < 0.95) continue;
      const fails = chance.next() < [0, 0.3, 0.97][id % 3]!;
      ejection.settled(now, id, fails ? BAD[chance.below(BAD.length)]! : 'ok');
      look(present);
    }
    ejection.sweep((sweep + 1) * every);
    look(present);
    const probed = chance.below(24);
    ejection.probed((sweep + 1) * every, probed, chance.next() < 0.5);
    look(present);
    const mover = chance.below(24);
    if (present.has(mover)) {
      present.delete(mover);
      ejection.left((sweep + 1) * every, mover);
      look(present);
    } else join((sweep + 1) * every, mover);
  }
  return 12 * every;
}
