/**
 * What one breaker watches: all calls of a server, or each of its tools by itself. A tool that always fails says little
 * of the server's other tools: watched together they trip together. The fleet makes the breakers; a breaker does not
 * know which scope it has.
 */
import { z } from 'zod';

const SCOPES = ['server', 'tool'] as const;
export type BreakerScope = (typeof SCOPES)[number];

export const zScope = () =>
  z
    .enum(SCOPES)
    .default('server')
    .describe('one circuit for each server, or one for each tool of each server');
