/** What is put under load: an MCP endpoint (Streamable HTTP), and how it is spoken to. */
import { ScenarioError } from '../../core/scenario-error.ts';
import type { Era } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import { isLoopbackName } from '../mcp/guard.ts';
import type { ChosenTool } from './tools.ts';

export interface Endpoint {
  readonly url: URL;
  /** On every request, besides those of MCP. Names in lower case. Secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** Take any certificate. */
  readonly insecure: boolean;
}

export interface Target extends Endpoint {
  readonly era: Era;
  /** The server gave out session ids: legacy calls need one. */
  readonly sessions: boolean;
  /** By the scenario's tool index. */
  readonly tools: readonly ChosenTool[];
  /** Deadline of a call; null = none. */
  readonly timeout: Millis | null;
}

/** Throws ScenarioError. */
export const parseUrl = (text: string): URL => {
  const place = { file: 'URL' };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    const message =
      'not an HTTP address; allowed: an MCP endpoint such as http://127.0.0.1:8001/mcp';
    throw new ScenarioError(message, place);
  }
  if (url.username !== '' || url.password !== '') {
    const message =
      'carries credentials, which would end up in shell histories and reports; give them with --header-file or --bearer-env';
    throw new ScenarioError(message, place);
  }
  url.hash = '';
  return url;
};

/** As it may be shown: a query may hold a key. */
export const shownUrl = ({ origin, pathname, search }: URL): string =>
  `${origin}${pathname}${search === '' ? '' : '?...'}`;

/** By its name alone: a name that resolves to the loopback today may not do so tomorrow. */
export const isLoopback = ({ hostname }: URL): boolean => isLoopbackName(hostname.toLowerCase());
