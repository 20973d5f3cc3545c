/** Opens a file with whatever the desktop opens it with. That there is no desktop is worth a remark, not a failure. */
import { spawn } from 'node:child_process';
import { warn } from './console.ts';

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

export const openFile = (file: string): void => {
  const [program, ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...words, file], { stdio: 'ignore', detached: true });
  child.on('error', () => warn(`${file} cannot be opened: there is no ${program}`));
  child.unref();
};
