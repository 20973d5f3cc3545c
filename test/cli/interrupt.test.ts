import { afterEach, expect, test, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { interruptible, listenForInterrupt } from '../../src/cli/interrupt.ts';

afterEach(() => void vi.restoreAllMocks());

/** What a press of Ctrl-C says and does. */
const press = (): { told: string; exits: readonly unknown[] } => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as () => never);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  process.emit('SIGINT');
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
