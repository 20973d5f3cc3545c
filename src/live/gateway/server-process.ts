/**
 * One life of a fake server's process, from fork to exit, at the other end of an IPC channel. It is in a process group of
 * its own, so that a Ctrl-C in the terminal does not take it down before the gateway has closed in good order; should
 * the gateway die at once, the channel closes and the process exits when it sees that.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FakeProcessOptions, FromServer, ToServer } from '../fake/messages.ts';

export type Tally = Extract<FromServer, { readonly kind: 'tally' }>;

/** From SIGTERM to SIGKILL. */
const GRACE_MS = 2000;
/** Of what it wrote to stderr, the last characters are kept. */
const LAST_WORDS = 2000;

export class ServerProcess {
  /** Resolves with the reason when it is gone. */
  readonly gone: Promise<string>;
  /** It has not gone yet. */
  alive = true;
  /** It listens: only then is there a server that can be told, or asked, something. */
  #listens = false;
  readonly #child: ChildProcess;
  #lastWords = '';
  #listening: ((port: number) => void) | null = null;
  #tallies: ((tally: Tally | null) => void)[] = [];

  constructor(entry: URL) {
    this.#child = fork(fileURLToPath(entry), [], {
      execArgv: process.execArgv,
      serialization: 'advanced',
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    this.#child.on('message', (message) => this.#heard(message as FromServer));
    this.gone = new Promise((resolve) => {
      const end = (how: string): void => {
        this.alive = false;
        for (const told of this.#tallies.splice(0)) told(null);
        resolve(`${how}${this.#lastWords === '' ? '' : `\n${this.#lastWords.trim()}`}`);
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  /** Tells it what it is; resolves with its port when it listens. Rejects when it dies first. */
  configure(options: FakeProcessOptions): Promise<number> {
    this.#send({ kind: 'configure', options });
    return new Promise((resolve, reject) => {
      this.#listening = resolve;
      void this.gone.then((why) => reject(new Error(`the server's process died: ${why}`)));
    });
  }

  /** Of a fault. Before it listens it hears of none: who started it tells it then of those that hold. */
  tell(fault: Extract<ToServer, { readonly kind: 'fault' }>): void {
    if (this.#listens) this.#send(fault);
  }

  /** Its totals; null when it has none yet, is gone, or does not say within `patience` ms. */
  tally(patience: number): Promise<Tally | null> {
    if (!this.#listens || !this.#child.connected) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), patience);
      this.#tallies.push((tally) => {
        clearTimeout(timer);
        resolve(tally);
      });
      this.#send({ kind: 'tally' });
    });
  }

  /** As a crash does it. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Asks it to go, and makes it go. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), GRACE_MS);
    await this.gone;
    clearTimeout(timer);
  }

  #send(message: ToServer): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #heard(message: FromServer): void {
    if (message.kind === 'listening') {
      this.#listens = true;
      this.#listening?.(message.port);
    } else this.#tallies.shift()?.(message);
  }
}
