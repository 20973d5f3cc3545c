/**
 * Who starts and stops servers for a live world. A host of real processes spawns fake servers; a host of URLs fronts
 * servers that somebody else runs, and answers `start` and `stop` at once.
 */
import type { ServerId } from '../../core/request.ts';

export interface ServerHost {
  /** Resolves with the server's MCP endpoint when it listens. */
  start(id: ServerId): Promise<URL>;
  /** Resolves when it is gone. Asks nicely first (SIGTERM), then not (SIGKILL). */
  stop(id: ServerId): Promise<void>;
  /** Ends everything it started. */
  close(): Promise<void>;
}
