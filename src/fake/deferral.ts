/**
 * Which requests a full server may send away to come again, instead of refusing them: load shedding as SEP-2322 has it,
 * where any server may take the call up again. Only calls of modern clients know how to come again, and none does so for
 * ever; its count of deferrals travels in the `requestState`.
 */
import type { Request } from '../core/request.ts';

/** A request is deferred so many times at most; then it is refused. */
const MOST_DEFERRALS = 3;

export const isDeferrable = ({ era, kind, deferrals = 0 }: Request): boolean =>
  era === 'modern' && kind === 'call' && deferrals < MOST_DEFERRALS;
