/** Replicas of the fixture server as processes. Changes that one of them announces are passed on to the others. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endChild, untilDeath } from './child.ts';
import type { Changed } from './fixture/change-bus.ts';
import type { Listening } from './fixture/main.ts';

export interface Replicas {
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL('fixture/main.ts', import.meta.url));

/** One replica a key; `null` = a key of its own that nobody else knows. */
export const startReplicas = async (keys: readonly (string | null)[]): Promise<Replicas> => {
  const children = keys.map((key) =>
    fork(ENTRY, key === null ? [] : ['--state-key', key], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    }),
  );
  const stop = async (): Promise<void> => void (await Promise.all(children.map(endChild)));
  try {
    return { urls: await Promise.all(children.map((child) => urlOf(child, children))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const urlOf = (child: ChildProcess, family: readonly ChildProcess[]): Promise<string> => {
  const listening = new Promise<string>((resolve) => {
    child.on('message', (message: Listening | Changed) => {
      if (message.kind === 'listening') resolve(`http://127.0.0.1:${message.port}/mcp`);
      else for (const sibling of family) if (sibling !== child) sibling.send(message);
    });
  });
  return Promise.race([listening, untilDeath('fixture server', child)]);
};
