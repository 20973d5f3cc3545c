/**
 * Which server holds which task: the one place where modern MCP asks for affinity (SEP-2663). Learned from the replies that
 * create tasks; `tasks/get`, `tasks/update` and `tasks/cancel` name theirs in `Mcp-Name`. Bounded: the tasks longest
 * unmentioned are forgotten first.
 */
import type { ServerId } from '../../core/request.ts';

const MOST_TASKS = 100_000;

export class TaskHolders {
  readonly #holders = new Map<string, ServerId>();

  /** Learns from the JSON text of a reply to `tools/call`. */
  learn(reply: Buffer, server: ServerId): void {
    if (!reply.includes('"taskId"')) return;
    const [, task] = /"taskId"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(reply.toString('utf8')) ?? [];
    const name = task === undefined ? null : textOf(task);
    if (name !== null) this.#put(name, server);
  }

  /** The server that made a task; undefined if that is not known. */
  find(task: string): ServerId | undefined {
    const server = this.#holders.get(task);
    if (server !== undefined) this.#put(task, server);
    return server;
  }

  #put(task: string, server: ServerId): void {
    this.#holders.delete(task);
    this.#holders.set(task, server);
    if (this.#holders.size <= MOST_TASKS) return;
    const oldest = this.#holders.keys().next();
    if (oldest.done === false) this.#holders.delete(oldest.value);
  }
}

/** Replies are read before anybody has found them to be JSON: a broken one teaches nothing. */
const textOf = (quoted: string): string | null => {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return null;
  }
};
