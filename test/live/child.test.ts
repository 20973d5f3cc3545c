import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { Child, ChildDied } from '../../src/live/launcher/child.ts';

const DRIVER = new URL('../../src/cli/processes/driver.ts', import.meta.url);
// Children get the loader of their parent; the runner's own cannot be handed on.
process.execArgv.push('--import', import.meta.resolve('tsx'));
const never = new AbortController().signal;
const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a child that is stopped is gone, and that is no death', async () => {
  const child = new Child('driver', DRIVER);
  const died = child.untilDeath().then(
    () => 'died',
    () => 'died',
  );
  await child.expect('ready', never);
  await child.stop();
  expect(exists(child.pid!)).toBe(false);
  expect(await Promise.race([died, Promise.resolve('stopped')])).toBe('stopped');
});

test('a child that is killed is told as dead, by name and signal, to whoever waits', async () => {
  const child = new Child('driver', DRIVER);
  await child.expect('ready', never);
  const waiting = child.expect('done', never);
  process.kill(child.pid!, 'SIGKILL');
  await expect(waiting).rejects.toThrow('the driver process died: it was ended by SIGKILL');
  await expect(child.untilDeath()).rejects.toBeInstanceOf(ChildDied);
  await expect(child.untilDeath()).rejects.toHaveProperty('killed', true);
});

test('a child that cannot start says why in its last words', async () => {
  const child = new Child('nothing', new URL('./no-such-module.ts', import.meta.url));
  await expect(child.expect('ready', never)).rejects.toThrow(
    /nothing process died: .*\n[^]*no-such-module/,
  );
  await expect(child.untilDeath()).rejects.toHaveProperty('killed', false);
});

test('nobody who has been answered, or disappointed, stays with the signal', async () => {
  const { signal } = new AbortController();
  const child = new Child('driver', DRIVER);
  await child.expect('ready', signal);
  const waiting = child.expect('done', signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  process.kill(child.pid!, 'SIGKILL');
  await expect(waiting).rejects.toBeInstanceOf(ChildDied);
  await expect(child.expect('done', signal)).rejects.toBeInstanceOf(ChildDied);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('an abort ends the waiting with its reason', async () => {
  const child = new Child('driver', DRIVER);
  const controller = new AbortController();
  const waiting = child.expect('done', controller.signal);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await child.stop();
});
