/** Takes turns: of the works it is given, at most so many are under way at a time, begun in the order they were given. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

export const turns = (atOnce: number): Turns => {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
};
