/**
 * A process of ours at the other end of an IPC channel. It is in a process group of its own, so that a Ctrl-C in the
 * terminal reaches the launcher alone, which then ends the children in good order; should the launcher die at once, the
 * channel closes, and a child exits when it sees that.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A child died that should not have; says which, how, and what it said last. */
export class ChildDied extends Error {
  override readonly name = 'ChildDied';
  /** A signal ended it: a person's, or the system's when memory was short. Otherwise it ended by itself. */
  readonly killed: boolean;

  constructor(message: string, killed: boolean) {
    super(message);
    this.killed = killed;
  }
}

/** From SIGTERM to SIGKILL. */
const GRACE_MS = 5000;
/** Of what a child wrote to stderr, the last characters are kept. */
const LAST_WORDS = 4000;
/** A kind that no message has. */
const NOTHING = '';

export class Child<
  Told extends { readonly kind: string },
  Heard extends { readonly kind: string },
> {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #hear: (message: Heard) => void;
  /** Resolves when it is gone. */
  readonly #exited: Promise<void>;
  #waiting: Expectation<Heard>[] = [];
  #lastWords = '';
  #stopping = false;
  #death: ChildDied | null = null;

  /** `hear` is told every message that nobody `expect`s. */
  constructor(name: string, entry: URL, hear: (message: Heard) => void = () => {}) {
    this.#name = name;
    this.#hear = hear;
    this.#process = fork(fileURLToPath(entry), [], {
      execArgv: process.execArgv,
      // Infinity, NaN and typed arrays cross as they are.
      serialization: 'advanced',
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    this.#process.on('message', (message) => this.#heard(message as Heard));
    this.#exited = new Promise((resolve) => {
      this.#process.on('error', (error) => {
        this.#ended(error.message, false);
        if (this.#process.pid === undefined) resolve();
      });
      this.#process.on('close', (code, signal) => {
        const how = signal === null ? `it exited with ${code}` : `it was ended by ${signal}`;
        this.#ended(how, signal !== null);
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  tell(message: Told): void {
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  /** The next message of this kind. Rejects when the child dies first, or `signal` is aborted. */
  expect<Kind extends Heard['kind']>(
    kind: Kind,
    signal: AbortSignal,
  ): Promise<Extract<Heard, { readonly kind: Kind }>> {
    return new Promise((resolve, reject) => {
      if (this.#death !== null || signal.aborted) {
        reject(this.#death ?? reasonOf(signal));
        return;
      }
      const onAbort = (): void => reject(reasonOf(signal));
      const settled = (): void => signal.removeEventListener('abort', onAbort);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push({
        kind,
        resolve: (message) => {
          settled();
          resolve(message as Extract<Heard, { readonly kind: Kind }>);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
      });
    });
  }

  /** Rejects when the child dies before it is stopped; else never settles. */
  untilDeath(): Promise<never> {
    return new Promise((_, reject) => {
      if (this.#death !== null) reject(this.#death);
      else this.#waiting.push({ kind: NOTHING, resolve: () => {}, reject });
    });
  }

  /** SIGTERM, and SIGKILL when that has not helped. Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), GRACE_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  #heard(message: Heard): void {
    const awaited = this.#waiting.findIndex(({ kind }) => kind === message.kind);
    if (awaited < 0) this.#hear(message);
    else this.#waiting.splice(awaited, 1)[0]!.resolve(message);
  }

  #ended(how: string, killed: boolean): void {
    if (this.#stopping || this.#death !== null) return;
    const words = this.#lastWords.trim();
    const told = `the ${this.#name} process died: ${how}${words && `\n${words}`}`;
    this.#death = new ChildDied(told, killed);
    for (const { reject } of this.#waiting) reject(this.#death);
    this.#waiting = [];
  }
}

interface Expectation<Heard> {
  readonly kind: string;
  readonly resolve: (message: Heard) => void;
  readonly reject: (reason: Error) => void;
}

const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error(String(reason));
