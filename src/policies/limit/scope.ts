/** What a limit is the limit of: each server has its own, or the fleet has one together. */
import { z } from 'zod';

export const LIMIT_SCOPES = ['server', 'fleet'] as const;
export type LimitScope = (typeof LIMIT_SCOPES)[number];

export const zLimitScope = () =>
  z
    .enum(LIMIT_SCOPES)
    .default('server')
    .describe('what has a limit: each server its own, or the fleet one together');
