/** Errors of the gateway's own, written to clients whose request goes nowhere. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MOST_BODY } from './read-whole.ts';
import { rejection, type Refusal } from './refusal.ts';

/** A client that sends too much is listened to for so long, so that it can read why it is refused. */
const LISTEN_ON_MS = 2000;

export const write = (response: ServerResponse, { status, headers, body }: Refusal): void => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

/** Says so, and listens on for a moment: who still sends reads nothing once the connection is closed. */
export const refuseTooLong = (request: IncomingMessage, response: ServerResponse): void => {
  const { status, headers, body } = rejection(413, `the body is longer than ${MOST_BODY} bytes`);
  response.shouldKeepAlive = false;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.write(body);
  // Not ended yet: node would close the connection with it.
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(() => request.socket.destroy(), LISTEN_ON_MS).unref();
  request.on('end', end).resume();
};
