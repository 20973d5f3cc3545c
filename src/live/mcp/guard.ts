/**
 * The guard at the door against DNS rebinding: a web page whose host name was pointed at this machine sends its own name
 * as Host, and itself as Origin. MCP (2025-11-25, transports, "Security Warning") demands the check of Origin; Host is
 * checked as the official SDKs' `localhostHostValidation` does. Any name of the loopback is admitted, on any port, and
 * the names it is given; clients that are no browsers send no Origin.
 */
import { isIP } from 'node:net';

export interface Guard {
  /** Why a request is turned away; null when it may pass. */
  refusal(host: string | undefined, origin: string | undefined): string | null;
}

export interface GuardOptions {
  /** Host names admitted besides those of the loopback, without port. */
  readonly hosts?: readonly string[];
  /** Admit any IP address as Host: rebinding needs a name. For servers that listen beyond the loopback. */
  readonly addresses?: boolean;
  /** Admit any Host: who listens beyond the loopback under names that nobody told it. Origin is checked all the same. */
  readonly anyHost?: boolean;
}

/** For who listens at `host`; `hosts`: names it is known by. */
export const guardAt = (host: string, hosts: readonly string[]): Guard =>
  isLoopbackName(host)
    ? makeGuard({ hosts })
    : makeGuard({ hosts, addresses: true, anyHost: hosts.length === 0 });

/** Each client says the same in every request: that many answers are remembered. */
const REMEMBERED = 100;

export const makeGuard = ({
  hosts = [],
  addresses = false,
  anyHost = false,
}: GuardOptions = {}): Guard => {
  const admitted = new Set(hosts.map((host) => host.toLowerCase()));
  const admits = (name: string): boolean =>
    isLoopbackName(name) || admitted.has(name) || (addresses && isIP(bare(name)) !== 0);
  const verdicts = new Map<string, boolean>();
  const admitsUrl = (url: string): boolean => {
    const known = verdicts.get(url);
    if (known !== undefined) return known;
    const name = hostNameOf(url);
    const verdict = name !== null && admits(name);
    if (verdicts.size < REMEMBERED) verdicts.set(url, verdict);
    return verdict;
  };
  return {
    refusal(host, origin) {
      const isKnown = anyHost || (host !== undefined && admitsUrl(`http://${host}`));
      if (!isKnown) return 'Forbidden: Host not allowed';
      if (origin !== undefined && !admitsUrl(origin)) return 'Forbidden: Origin not allowed';
      return null;
    },
  };
};

/** `localhost`, names below it, 127.0.0.0/8 and ::1. */
export const isLoopbackName = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '[::1]' ||
  name === '::1' ||
  (name.startsWith('127.') && isIP(name) === 4);

/** The URL's host name in lower case; null when it is none, or says more than scheme, host and port. */
const hostNameOf = (url: string): string | null => {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\\\s]+$/i.test(url) || !URL.canParse(url)) return null;
  return new URL(url).hostname.toLowerCase();
};

/** An IPv6 address stands in brackets in a URL. */
const bare = (name: string): string => name.replace(/^\[(.*)\]$/, '$1');
