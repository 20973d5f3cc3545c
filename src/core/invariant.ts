/**
 * The third kind of error: our own bug. An invariant that breaks ends the run; the CLI adds scenario, contender, seed
 * and the command that reproduces it. Checks stay on in every run, so they must be cheap: pass a constant message, or
 * build it only after the test has failed.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
