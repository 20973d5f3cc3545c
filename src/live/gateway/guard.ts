/**
 * Protection of a gateway on the loopback interface from web pages (DNS rebinding): what such a page makes a browser send
 * carries the page's own Host or Origin. The specification asks servers for it (2025-11-25 and 2026-07-28, transports). A
 * gateway that listens elsewhere has names of its own, which it cannot know; there the check is for the servers.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Is this host (of a listener, or from a header, maybe with a port) the loopback interface? */
export const isLoopback = (host: string): boolean => {
  const name = host
    .replace(/:\d*$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
};

/** Why a request must not be served on a loopback listener; null if it may. */
export const whyForeign = ({ host, origin }: IncomingHttpHeaders): string | null => {
  if (host === undefined || !isLoopback(host)) return `Host ${host ?? ''} is not this gateway`;
  if (origin === undefined) return null;
  return isLoopbackOrigin(origin) ? null : `Origin ${origin} may not use this gateway`;
};

const isLoopbackOrigin = (origin: string): boolean => {
  const [, host] = /^https?:\/\/([^/]+)$/.exec(origin) ?? [];
  return host !== undefined && isLoopback(host);
};
