/**
 * The second kind of error: the user's mistake. It says where, what was got and what is allowed; the CLI prints it
 * without a stack and exits with 2. One error may carry many mistakes: a person who fixes a file wants them all at once.
 */
export interface Place {
  /** A file's path, or the argument that was wrong (`--set duration=x`). */
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

export interface Mistake {
  readonly message: string;
  readonly place: Place | null;
}

export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly place: Place | null;
  /** At least one. */
  readonly mistakes: readonly Mistake[];

  constructor(message: string, place: Place | null = null, mistakes: readonly Mistake[] = []) {
    super(message);
    this.place = place;
    this.mistakes = mistakes.length > 0 ? mistakes : [{ message, place }];
  }

  /** Several mistakes as one error: `message` has a line for each, its place in front, so `place` is null. */
  static of(mistakes: readonly Mistake[]): ScenarioError {
    return new ScenarioError(mistakes.map(formatMistake).join('\n'), null, mistakes);
  }
}

/** `scenarios/x.yaml:12:5  what is wrong` */
export const formatMistake = ({ place, message }: Mistake): string =>
  place === null ? message : `${formatPlace(place)}  ${message}`;

const formatPlace = ({ file, line, column }: Place): string =>
  [file, line, column].filter((part) => part !== undefined).join(':');
