/** Who runs below a process, as /proc tells; Linux alone has it. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** All processes that `root` started, and those that they started. */
export const descendantsOf = (root: number): number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : null;
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
};

/** Those of `pids` that still run after `withinMs`; sooner, when there are none. */
export const survivors = async (pids: readonly number[], withinMs: number): Promise<number[]> => {
  const until = performance.now() + withinMs;
  for (;;) {
    const left = pids.filter((pid) => parentOf(pid) !== null);
    if (left.length === 0 || performance.now() > until) return left;
    await sleep(50);
  }
};

/** Its command line; empty when it is gone. */
export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};

/** Null when there is no such process, or only its remains, which nobody has collected yet. */
const parentOf = (pid: number): number | null => {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' ? null : Number(parent);
  } catch {
    return null;
  }
};
