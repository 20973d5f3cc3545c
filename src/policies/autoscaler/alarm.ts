/**
 * A CloudWatch alarm: in alarm while each of the last `points` points breaches. A missing point is neither good nor bad
 * news; since all points of a row have to breach, it ends the row.
 */
export class Alarm {
  readonly #points: number;
  #breaches = 0;

  constructor(points: number) {
    this.#points = points;
  }

  /** Hears the next point, null when it is missing; is it in alarm now? */
  hears(breach: boolean | null): boolean {
    this.#breaches = breach === true ? this.#breaches + 1 : 0;
    return this.#breaches >= this.#points;
  }
}
