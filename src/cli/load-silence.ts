/** Gathers how long the clients of a closed loop waited in vain, call by call: what results/silence.ts tells of. */
import type { Outcome } from '../core/outcome.ts';
import type { Millis } from '../core/units.ts';
import type { Sample } from '../live/driver/samples.ts';
import type { Silence } from '../results/silence.ts';

/** Pieces of the duration, each of which is silent or not. */
const PIECES = 1000;
/** Between two hopeless calls a client does not wait: a piece is silent when all clients did nothing else for so much of it. */
const AS_GOOD_AS_ALL = 0.95;
const UNANSWERED: readonly Outcome[] = ['timeout', 'cancelled', 'reset'];

export class SilenceGauge {
  readonly #connections: number;
  readonly #pieceMs: Millis;
  /** Time of all clients that was spent waiting in vain, by piece, ms. */
  readonly #inVain = new Float64Array(PIECES);

  constructor(connections: number, duration: Millis) {
    this.#connections = connections;
    this.#pieceMs = duration / PIECES;
  }

  add({ at, latencyMs, outcome }: Sample): void {
    if (!UNANSWERED.includes(outcome)) return;
    const until = Math.min(at + latencyMs, PIECES * this.#pieceMs);
    for (let piece = Math.floor(at / this.#pieceMs); piece < PIECES; piece++) {
      const from = Math.max(at, piece * this.#pieceMs);
      const to = Math.min(until, (piece + 1) * this.#pieceMs);
      if (to <= from) break;
      this.#inVain[piece]! += to - from;
    }
  }

  /** Of the time between the two instants. */
  between(from: Millis, to: Millis): Silence {
    const first = Math.ceil(from / this.#pieceMs);
    const pieces = this.#inVain.subarray(first, Math.floor(to / this.#pieceMs));
    const many = Math.max(1, pieces.length);
    const whole = this.#connections * this.#pieceMs;
    return {
      ofOne: pieces.reduce((sum, inVain) => sum + inVain, 0) / (many * whole),
      ofAll: pieces.filter((inVain) => inVain >= AS_GOOD_AS_ALL * whole).length / many,
    };
  }
}
