import { describe, expect, it } from 'vitest';
import { RoundRobin } from '../../../src/policies/balancer/round-robin.ts';
import { Arena } from '../../contracts/balancer-arena.ts';

const turns = (arena: Arena, count: number) =>
  Array.from({ length: count }, () => arena.callAlone());

describe('round robin', () => {
  it('takes turns in the order in which servers joined', () => {
    const arena = new Arena(new RoundRobin(), [2, 0, 1]);
    expect(turns(arena, 7)).toEqual([2, 0, 1, 2, 0, 1, 2]);
  });

  it('lets a server that joins wait for a full turn', () => {
    const arena = new Arena(new RoundRobin(), [0, 1, 2]);
    turns(arena, 1);
    arena.join(9);
    expect(turns(arena, 5)).toEqual([1, 2, 0, 9, 1]);
  });

  it('goes on with the next when a server leaves, whether it was served last or comes next', () => {
    const arena = new Arena(new RoundRobin(), [0, 1, 2, 3]);
    turns(arena, 2);
    arena.leave(1);
    arena.leave(2);
    expect(turns(arena, 3)).toEqual([3, 0, 3]);
  });

  it('gives the turns of a server that left to all the others alike', () => {
    const arena = new Arena(new RoundRobin(), [0, 1, 2, 3, 4]);
    arena.leave(2);
    expect([...arena.tally(400).values()]).toEqual([100, 100, 100, 100]);
  });

  it('keeps the place of a server that is back before its turn came', () => {
    const arena = new Arena(new RoundRobin(), [0, 1, 2, 3]);
    turns(arena, 1);
    arena.leave(2);
    expect(turns(arena, 1)).toEqual([1]);
    arena.join(2);
    expect(turns(arena, 4)).toEqual([2, 3, 0, 1]);
  });

  it('lets a server wait for a full turn that is back after its turn came', () => {
    const arena = new Arena(new RoundRobin(), [0, 1, 2, 3]);
    turns(arena, 1);
    arena.leave(1);
    expect(turns(arena, 1)).toEqual([2]);
    arena.join(1);
    expect(turns(arena, 4)).toEqual([3, 0, 2, 1]);
  });

  it('starts over when all have left', () => {
    const arena = new Arena(new RoundRobin(), [0, 1]);
    arena.leave(0);
    arena.leave(1);
    arena.join(5);
    expect(turns(arena, 2)).toEqual([5, 5]);
    arena.join(0);
    expect(turns(arena, 3)).toEqual([5, 0, 5]);
  });
});
