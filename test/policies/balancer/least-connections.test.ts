import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import { LeastConnections } from '../../../src/policies/balancer/least-connections.ts';
import { Arena } from '../../contracts/balancer-arena.ts';

describe('least connections', () => {
  it('fills servers evenly, ties taking turns', () => {
    const arena = new Arena(new LeastConnections(), [0, 1, 2]);
    const picks = Array.from({ length: 7 }, () => arena.call());
    expect(picks).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('goes to the server that has just got free', () => {
    const arena = new Arena(new LeastConnections(), [0, 1, 2]);
    for (let k = 0; k < 6; k++) arena.call();
    arena.settle(1);
    expect(arena.call()).toBe(1);
  });

  it('remembers the calls of a server that was away', () => {
    const arena = new Arena(new LeastConnections(), [0, 1]);
    for (let k = 0; k < 4; k++) arena.call();
    arena.leave(0);
    arena.settle(0);
    arena.join(0);
    // Server 0 has one call left, server 1 has two.
    expect([arena.call(), arena.call(), arena.call()]).toEqual([0, 1, 0]);
  });

  it('sends a herd to a server that has just joined, as it is known to', () => {
    const arena = new Arena(new LeastConnections(), [0, 1]);
    for (let k = 0; k < 20; k++) arena.call();
    arena.join(2);
    const picks = Array.from({ length: 10 }, () => arena.call());
    expect(picks).toEqual(Array(10).fill(2));
  });

  it('picks what a scan of all servers would pick, through 20,000 random steps', () => {
    const arena = new Arena(new LeastConnections(), [0, 1, 2, 3, 4, 5, 6, 7]);
    const chance = sequential(1, 'scan');
    for (let step = 0; step < 20_000; step++) {
      if (chance.next() < 0.51) {
        const loads = Array.from({ length: 8 }, (_, id) => count(arena.inFlight, id));
        expect(loads[arena.call()]).toBe(Math.min(...loads));
      } else if (arena.inFlight.length > 0) arena.settle(chance.below(arena.inFlight.length));
    }
  });
});

const count = (of: readonly number[], wanted: number): number =>
  of.reduce((sum, id) => sum + Number(id === wanted), 0);
