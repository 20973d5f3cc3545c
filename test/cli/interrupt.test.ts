import { afterEach, expect, test, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { interruptible, listenForEnd, listenForInterrupt } from '../../src/cli/interrupt.ts';

afterEach(() => {
  vi.restoreAllMocks();
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
});

/** What a press of Ctrl-C says and does. */
const press = (signal: NodeJS.Signals = 'SIGINT'): { told: string; exits: readonly unknown[] } => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as () => never);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  process.emit(signal);
  return { told: write.mock.calls.join(''), exits: exit.mock.calls.flat() };
};

test('ends a verb at once where it does not listen itself, and says that there is no report', async () => {
  await interruptible(() => {
    const { told, exits } = press();
    expect(told).toBe('\nInterrupted: no report was written.\n');
    expect(exits).toEqual([EXIT.interrupted]);
    return Promise.resolve(EXIT.done);
  });
  expect(process.listenerCount('SIGINT')).toBe(0);
});

test('is left to a verb that listens, while it does', async () => {
  await interruptible(() => {
    const interrupt = listenForInterrupt();
    const { told, exits } = press();
    expect(told).toContain('stopping');
    expect(exits).toEqual([]);
    expect(interrupt.signal.aborted).toBe(true);
    interrupt.ignore();
    expect(press().exits).toEqual([EXIT.interrupted]);
    return Promise.resolve(EXIT.done);
  });
});

test('ends a verb that serves in good order, and at once when it is pressed again later than a moment', () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
  const told = listenForEnd();
  expect(press().exits).toEqual([]);
  expect(told.aborted).toBe(true);
  now.mockReturnValue(1200);
  expect(press().exits).toEqual([]);
  now.mockReturnValue(1400);
  expect(press().exits).toEqual([EXIT.interrupted]);
});

test('SIGTERM is obeyed like Ctrl-C, by a verb that listens and by one that does not', async () => {
  await interruptible(() => {
    const interrupt = listenForInterrupt();
    const { told, exits } = press('SIGTERM');
    expect(told).toContain('stopping; send it again to end at once');
    expect(exits).toEqual([]);
    expect(interrupt.signal.aborted).toBe(true);
    interrupt.ignore();
    expect(press('SIGTERM').exits).toEqual([EXIT.interrupted]);
    return Promise.resolve(EXIT.done);
  });
  expect(process.listenerCount('SIGTERM')).toBe(0);
});
