import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startClock } from '../../../src/live/clock.ts';
import { Pacer, type Pacing } from '../../../src/live/driver/pacer.ts';

const ringsAt = async (pacing: Pacing, instants: readonly number[]): Promise<number[]> => {
  const clock = startClock();
  const rings: number[] = [];
  await new Promise<void>((resolve) => {
    const pacer = new Pacer(clock, pacing, (now) => {
      rings.push(now);
      const next = instants[rings.length];
      if (next === undefined) resolve();
      else pacer.ringAt(next);
    });
    pacer.ringAt(instants[0]!);
  });
  return rings;
};

test.each(['timer', 'hybrid'] as const)(
  '%s: never early, and once for each instant',
  async (pacing) => {
    const instants = [5, 7.25, 7.5, 30.75, 31];
    const rings = await ringsAt(pacing, instants);
    expect(rings).toHaveLength(instants.length);
    rings.forEach((at, k) => expect(at).toBeGreaterThanOrEqual(instants[k]!));
  },
);

test('a new instant replaces the former, and silence ends it', async () => {
  const rings: number[] = [];
  const pacer = new Pacer(startClock(), 'timer', (now) => void rings.push(now));
  pacer.ringAt(500);
  pacer.ringAt(10);
  await sleep(60);
  expect(rings).toHaveLength(1);
  pacer.ringAt(70);
  pacer.silence();
  await sleep(60);
  expect(rings).toHaveLength(1);
});
