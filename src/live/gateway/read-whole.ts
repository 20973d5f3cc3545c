/** Reads a request's body whole, since it must be there to be sent again; up to a limit. */
import type { IncomingMessage } from 'node:http';

/** No MCP request is larger; bytes. */
export const MOST_BODY = 4 * 1024 * 1024;

/**
 * Calls `done` with the body, or with null as soon as it is known to be too long; then what follows is read no more. A
 * client that goes away before its end is not spoken of.
 */
export const readWhole = (
  request: IncomingMessage,
  limit: number,
  done: (body: Buffer | null) => void,
): void => {
  if (Number(request.headers['content-length']) > limit) {
    done(null);
    return;
  }
  let first: Buffer | null = null;
  let chunks: Buffer[] | null = null;
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) {
      first = chunks = null;
      request.removeAllListeners('data');
      request.removeAllListeners('end');
      done(null);
    } else if (first === null) first = chunk;
    else (chunks ??= [first]).push(chunk);
  });
  request.on('end', () => done(chunks === null ? (first ?? EMPTY) : Buffer.concat(chunks)));
};

const EMPTY = Buffer.alloc(0);
