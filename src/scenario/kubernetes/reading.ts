/**
 * What was read from manifests, in words for people: kept in the results, printed by `sim` and `validate`. Plain JSON.
 */
import type { Place } from '../../core/scenario-error.ts';

export interface ManifestReading {
  readonly files: readonly ManifestIdentity[];
  /** Whose servers it describes; null = the scenario's own. */
  readonly contender: string | null;
  readonly taken: readonly Taken[];
  /** What no manifest says, and what was taken for it. */
  readonly assumed: readonly Remark[];
  /** Taken from the scenario (or the manifest) although the other says something else. */
  readonly overruled: readonly Remark[];
  /** Resources that say nothing about servers. */
  readonly skipped: readonly Remark[];
}

export interface ManifestIdentity {
  readonly file: string;
  readonly sha256: string;
}

export interface Taken {
  /** Key of the scenario: `health.interval`. */
  readonly key: string;
  /** As a scenario writes it. */
  readonly value: unknown;
  /** `Deployment mcp-server readinessProbe.periodSeconds`, and whose default it is where nobody wrote it. */
  readonly from: string;
  /** `deploy/mcp.yaml:24:26` */
  readonly at: string;
}

export interface Remark {
  readonly text: string;
  /** Absent where nothing was written. */
  readonly at?: string;
}

export const formatPlace = ({ file, line, column }: Place): string =>
  [file, line, column].filter((part) => part !== undefined).join(':');
