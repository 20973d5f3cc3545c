/**
 * A closed loop of keep-alive connections written on bare sockets, so that making load costs next to nothing beside the
 * proxy under test: one prepared request, sent again on a connection as soon as its answer is whole. Every answer must
 * be a 200 of the expected length.
 */
import { connect, type Socket } from 'node:net';

export interface Round {
  readonly answers: number;
  readonly failures: number;
  readonly elapsedMs: number;
  readonly latencyMsP99: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

export class Load {
  readonly #port: number;
  readonly #request: Buffer;
  readonly #bodyBytes: number;
  readonly #sockets = new Set<Socket>();
  #answers = 0;
  #failures = 0;
  #latencies: number[] = [];
  #over = false;

  /** `bodyBytes`: length of every right answer's body. */
  constructor(port: number, request: Buffer, bodyBytes: number, connections: number) {
    this.#port = port;
    this.#request = request;
    this.#bodyBytes = bodyBytes;
    for (let k = 0; k < connections; k++) this.#connect();
  }

  get answers(): number {
    return this.#answers;
  }

  /** Counts for so long. */
  async round(ms: number): Promise<Round> {
    const [answers, failures, from] = [this.#answers, this.#failures, performance.now()];
    this.#latencies = [];
    await new Promise((resolve) => setTimeout(resolve, ms));
    const sorted = Float64Array.from(this.#latencies).sort();
    return {
      answers: this.#answers - answers,
      failures: this.#failures - failures,
      elapsedMs: performance.now() - from,
      latencyMsP99: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN,
    };
  }

  stop(): void {
    this.#over = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(): void {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#sockets.add(socket);
    let got: Buffer | null = null;
    let sentAt = 0;
    const send = (): void => {
      sentAt = performance.now();
      socket.write(this.#request);
    };
    socket.on('connect', send);
    socket.on('data', (chunk: Buffer) => {
      got = got === null ? chunk : Buffer.concat([got, chunk]);
      const head = got.indexOf(HEAD_END);
      if (head < 0 || got.length < head + HEAD_END.length + this.#bodyBytes) return;
      this.#latencies.push(performance.now() - sentAt);
      const whole = got.length === head + HEAD_END.length + this.#bodyBytes;
      if (whole && got.toString('latin1', 9, 12) === '200') this.#answers++;
      else this.#failures++;
      got = null;
      send();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (this.#over) return;
      this.#failures++;
      this.#connect();
    });
  }
}
