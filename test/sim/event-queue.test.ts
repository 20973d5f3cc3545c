import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../src/sim/event-queue.ts';

const ARRIVAL = 0;
const ALARM = 1;
const [FINISH, ANSWER] = [7, 5];

const drain = (queue: EventQueue): string[] => {
  const events: string[] = [];
  while (queue.next()) events.push(`${queue.at}: ${queue.kind} ${queue.item}`);
  return events;
};

describe('the event queue', () => {
  it('merges heap, lanes and slots by instant, ties in the order in which they were scheduled', () => {
    const queue = new EventQueue(2);
    const lane = queue.addLane(ANSWER);
    queue.schedule(10, FINISH, 1);
    queue.follow(lane, 10, 2);
    queue.set(ARRIVAL, 10);
    queue.schedule(10, FINISH, 3);
    queue.schedule(5, FINISH, 4);
    queue.follow(lane, 11, 5);
    expect(drain(queue)).toEqual(['5: 7 4', '10: 7 1', '10: 5 2', '10: 0 0', '10: 7 3', '11: 5 5']);
  });

  it('serves what is set ahead before everything else at its instant', () => {
    const queue = new EventQueue(2);
    const lane = queue.addLane(ANSWER);
    queue.follow(lane, 10, 1);
    queue.schedule(10, FINISH, 2);
    queue.set(ARRIVAL, 10);
    queue.setAhead(ALARM, 10);
    expect(drain(queue)[0]).toBe('10: 1 0');
  });

  it('keeps one event a slot: the last one set', () => {
    const queue = new EventQueue(2);
    queue.set(ARRIVAL, 10);
    queue.set(ARRIVAL, 20);
    queue.set(ALARM, 5);
    queue.set(ALARM, Infinity);
    expect(drain(queue)).toEqual(['20: 0 0']);
  });
});
