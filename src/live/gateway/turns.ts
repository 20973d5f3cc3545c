/**
 * One thing at a time: what happens while the fleet is being told something waits until it has been heard to its end. A
 * fleet may not be called back from inside its intentions, and sending a request may read the next answer off the same
 * connection on the spot.
 */
export class Turns {
  #busy = false;
  readonly #waiting: (() => void)[] = [];

  /** Does `event` now, or as soon as what is going on is over. */
  take(event: () => void): void {
    if (this.#busy) {
      this.#waiting.push(event);
      return;
    }
    this.#busy = true;
    try {
      event();
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        next();
    } finally {
      this.#busy = false;
    }
  }
}
