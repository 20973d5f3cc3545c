/**
 * Which request is this? A driven one says so in `_meta["windtunnel/request"]`, and then its work and weather are those
 * of the same request in the simulator; any other is numbered as it comes.
 */
import type { Era, Request, RequestKind } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { Traffic } from '../../scenario/scenario.ts';
import { META_REQUEST, type DrivenRequest } from '../mcp/names.ts';

/** What is known of a request besides its number. */
export interface Particulars {
  readonly kind: RequestKind;
  /** Index into the scenario's tools; -1 for `initialize`. */
  readonly tool: number;
  readonly era: Era;
  /** Number of its session on this server; 0 for none. */
  readonly session: number;
  /** How often full servers have sent it away, by its `requestState`; absent = never. */
  readonly deferrals?: number;
}

/** Whole numbers up to here key a draw. */
const LARGEST = 2 ** 32 - 1;

export class Numbering {
  readonly #traffic: Traffic;
  readonly #seed: number;
  #next = 0;

  constructor(traffic: Traffic, seed: number) {
    this.#traffic = traffic;
    this.#seed = seed;
  }

  /** The request that `meta` (`params._meta`, whatever it is) tells of; a text says what is wrong with it. */
  request(meta: unknown, particulars: Particulars, at: Millis): Request | string {
    const { kind, tool, era, session, deferrals = 0 } = particulars;
    const driven = drivenRequest(meta);
    if (driven === 'malformed') {
      return `${META_REQUEST}: allowed are seed, arrival, call and session, whole numbers from 0`;
    }
    if (driven !== null && driven.seed !== this.#seed) {
      return `${META_REQUEST}: got seed ${driven.seed}, but this server draws from seed ${this.#seed}`;
    }
    const arrival = driven?.arrival ?? this.#next++;
    const call = driven?.call ?? 0;
    const safe = tool < 0 || this.#traffic.calls[tool]!.safe;
    // Field by field: a spread of another object would cost a tenth of the whole call.
    return { arrival, call, kind, tool, safe, era, session, key: 0, at, deferrals, account: -1 };
  }
}

/** What `_meta` says of a driven request; null when it says nothing. */
export const drivenRequest = (meta: unknown): DrivenRequest | 'malformed' | null => {
  if (typeof meta !== 'object' || meta === null) return null;
  const told = (meta as Record<string, unknown>)[META_REQUEST];
  if (told === undefined) return null;
  if (typeof told !== 'object' || told === null) return 'malformed';
  const { seed, arrival, call, session } = told as Record<string, unknown>;
  return isIndex(seed) && isIndex(arrival) && isIndex(call) && isIndex(session)
    ? { seed, arrival, call, session }
    : 'malformed';
};

const isIndex = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST;
