import { describe, expect, it } from 'vitest';
import { sequential } from '../../src/core/rng.ts';
import { WeightTree } from '../../src/core/weight-tree.ts';

const treeOf = (weights: readonly number[]): WeightTree => {
  const tree = new WeightTree();
  weights.forEach((weight, item) => tree.set(item, weight));
  return tree;
};

describe('a tree of weights', () => {
  it('lays the items end to end, each as long as its weight', () => {
    const tree = treeOf([1, 0, 2, 0.5]);
    expect(tree.total).toBe(3.5);
    expect([0, 0.999, 1, 2.999, 3, 3.499].map((point) => tree.at(point))).toEqual([
      0, 0, 2, 2, 3, 3,
    ]);
  });

  it('never returns an item of weight 0, not even for a point at the very end', () => {
    expect(treeOf([0, 0, 3, 0, 0]).at(3)).toBe(2);
    expect(treeOf([0, 0, 3, 0, 0]).at(0)).toBe(2);
  });

  it('takes changes of weight, and items far away', () => {
    const tree = treeOf([1, 1]);
    tree.set(0, 0);
    tree.set(1000, 3);
    expect(tree.total).toBe(4);
    expect([tree.at(0.5), tree.at(1), tree.at(3.9)]).toEqual([1, 1000, 1000]);
  });

  it('is exactly 0 when all have gone, after 10,000 changes of awkward weights', () => {
    const tree = new WeightTree();
    const chance = sequential(1, 'weights');
    const weights = Array<number>(50).fill(0);
    for (let step = 0; step < 10_000; step++) {
      const item = chance.below(50);
      weights[item] = chance.next() < 0.3 ? 0 : chance.next() / 3;
      tree.set(item, weights[item]);
      if (tree.total > 0) expect(weights[tree.at(chance.next() * tree.total)]).toBeGreaterThan(0);
    }
    weights.forEach((_, item) => tree.set(item, 0));
    expect(tree.total).toBe(0);
  });
});
