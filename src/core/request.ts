/**
 * What a gateway can know of a client's request, and nothing of its work: a policy that could read the work would be
 * an oracle. A world makes one object a request; the fleet writes `account` and nothing else.
 */
import type { Millis } from './units.ts';

/** Modern (2026-07-28): any server may answer. Legacy (2025-11-25 and before): a session lives on its server. */
export type Era = 'modern' | 'legacy';

export type RequestKind = 'call' | 'initialize';

/** Dense number of a server, from 0 in the order of their start. Its name is `s` + (id + 1). */
export type ServerId = number;

export const serverName = (server: ServerId): string => `s${server + 1}`;

export interface Request {
  /** Running number of the arrival (a single request, or a session's start), from 0. */
  readonly arrival: number;
  /** Number of the call within its session, from 0; always 0 for a single request. */
  readonly call: number;
  readonly kind: RequestKind;
  /** Index into the scenario's tools; -1 for `initialize`. */
  readonly tool: number;
  /** Read-only or idempotent: may be sent again. */
  readonly safe: boolean;
  readonly era: Era;
  /** The session's number, from 1; 0 for a request outside any session. */
  readonly session: number;
  /** Number of the client or tenant it comes from: what hashing and key affinity go by; 0 when the traffic has no keys. */
  readonly key: number;
  /** When the client meant to send it, ms since the run began. */
  readonly at: Millis;
  /** How often full servers have sent its client away to come again; absent = never. */
  readonly deferrals?: number;
  /** Written by the fleet alone: where it keeps the account of this request. */
  account: number;
}

/** How people and `--trace` name a request: its arrival, and within a session `.call`. */
export const requestName = (request: Pick<Request, 'arrival' | 'call' | 'session'>): string =>
  request.session === 0 ? `${request.arrival}` : `${request.arrival}.${request.call}`;
