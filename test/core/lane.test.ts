import { describe, expect, it } from 'vitest';
import { Lane } from '../../src/core/lane.ts';

describe('a lane', () => {
  it('yields what was put in, in order, while its ring turns and grows', () => {
    const lane = new Lane();
    const out: number[] = [];
    let pushed = 0;
    for (let round = 0; round < 200; round++) {
      for (let k = 0; k < 7; k++, pushed++) lane.push(pushed / 2, pushed, pushed % 1000);
      for (let k = 0; k < 5; k++) {
        expect([lane.at, lane.item]).toEqual([lane.sequence / 2, lane.sequence % 1000]);
        out.push(lane.sequence);
        lane.pop();
      }
    }
    expect(lane.size).toBe(400);
    expect(out).toEqual(Array.from({ length: 1000 }, (_, k) => k));
  });

  it('is due never when it is empty', () => {
    const lane = new Lane();
    expect(lane.at).toBe(Infinity);
    lane.push(5, 1, 1);
    lane.pop();
    expect(lane.at).toBe(Infinity);
  });
});
