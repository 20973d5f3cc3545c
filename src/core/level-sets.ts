/**
 * Items by a small whole number each (calls in flight): who is on the lowest level, in O(1). A level is an array in no
 * particular order, so that one of its items can be drawn at random.
 */
export class LevelSets {
  readonly #levels: number[][] = [[]];
  /** By item; `#places` is -1 for an item that is out. */
  readonly #level: number[] = [];
  readonly #places: number[] = [];
  /** Nobody stands lower. */
  #floor = 0;

  /** The items on the lowest level that has any; only when somebody is in. */
  get lowest(): readonly number[] {
    while (this.#levels[this.#floor]!.length === 0) this.#floor++;
    return this.#levels[this.#floor]!;
  }

  /** Puts an item in, or moves it. */
  set(item: number, level: number): void {
    this.remove(item);
    while (this.#levels.length <= level) this.#levels.push([]);
    this.#level[item] = level;
    this.#places[item] = this.#levels[level]!.push(item) - 1;
    if (level < this.#floor) this.#floor = level;
  }

  /** Takes an item out, if it is in. */
  remove(item: number): void {
    const place = this.#places[item] ?? -1;
    if (place < 0) return;
    const level = this.#levels[this.#level[item]!]!;
    const last = level.pop()!;
    this.#places[item] = -1;
    if (last === item) return;
    level[place] = last;
    this.#places[last] = place;
  }
}
