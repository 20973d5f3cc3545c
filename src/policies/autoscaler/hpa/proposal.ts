/**
 * What one metric proposes, and when a ratio of usage to target is near enough to 1 to leave things alone. A metric
 * that cannot be had is a failure, never a zero: a zero would scale everything in.
 */
export interface Failed {
  readonly failed: string;
}

export type Proposal<Reading = object> = (Reading & { readonly replicas: number }) | Failed;

/** Shares of the target, each at least 0. Since Kubernetes 1.33 the two may differ. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

/** Both bounds included. */
export const isWithin = ({ up, down }: Tolerance, ratio: number): boolean =>
  1 - down <= ratio && ratio <= 1 + up;
